// Damaged events never throw and never make a row that a tape could not hold; `npm run fuzz` does the same with a million.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockCoverage } from '../../helpers/coverage.ts';
import { type FuzzResult, fuzzEvents } from '../../helpers/etw-fuzz.ts';

const decoders = /\/src\/sources\/etw\/(decoder|event-view|tcpip|dns-client|kernel-process|tcp-columns)\.ts$/;

test('20,000 damaged events of every layout, and nearly every branch of the decoders with them', { timeout: 60_000 }, async (t) => {
  let result: FuzzResult | undefined;
  const { blocks, missed } = await blockCoverage(
    (url) => decoders.test(url),
    () => {
      result = fuzzEvents(20_000, 7);
    },
  );
  t.diagnostic(`${result!.rows} rows, ${result!.dropped} left out, ${blocks - missed.length} of ${blocks} blocks`);
  for (const each of missed) t.diagnostic(`not reached: ${each}`);
  assert.ok(result!.rows > 5000 && result!.dropped > 2000);
  assert.ok(blocks > 40);
  assert.ok(missed.length <= blocks / 20, missed.join('\n'));
});
