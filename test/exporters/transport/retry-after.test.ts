// The header Retry-After: seconds and the three forms of an HTTP date.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from '../../../src/exporters/transport/retry-after.ts';

// The example of RFC 9110, section 5.6.7.
const example = Date.UTC(1994, 10, 6, 8, 49, 37);
const parse = (text: string | undefined, date?: string) => parseRetryAfter(text, date, () => example - 30_000);

test('reads seconds and bounds them', () => {
  assert.equal(parse('0'), 0);
  assert.equal(parse(' 120 '), 120_000);
  assert.equal(parse('999999999999999999999'), MAX_RETRY_AFTER_MS);
});

test('reads each form of a date, whatever the time zone of this host', () => {
  for (const text of ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])
    assert.equal(parse(text), 30_000, text);
});

test('a date counts from the date of the answer, because the clock of the host may be wrong', () => {
  assert.equal(parse('Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:27 GMT'), 10_000);
  assert.equal(parse('Sun, 06 Nov 1994 08:49:37 GMT', 'nonsense'), 30_000);
});

test('a date in the past is 0, and a far one is bounded', () => {
  assert.equal(parse('Sun, 06 Nov 1994 08:40:00 GMT'), 0);
  assert.equal(parse('Sun, 06 Nov 2094 08:40:00 GMT'), MAX_RETRY_AFTER_MS);
});

test('anything else is no wait', () => {
  for (const text of [undefined, '', '-5', '1.5', 'tomorrow', '1994-11-06T08:49:37Z', 'Sun, 99 Nov 1994 08:49:37 GMT'])
    assert.equal(parse(text), undefined, String(text));
});
