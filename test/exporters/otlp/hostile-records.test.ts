// Records with hostile contents are sent within bounds, and each change is counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord, LogTime } from '../../../src/logs/log-record.ts';
import { LogsFixture } from '../../helpers/otlp-logs.ts';

async function sent(record: Partial<LogRecord>, containerId = '/a') {
  const fixture = new LogsFixture();
  fixture.emit(containerId, record);
  const [written, ...others] = await fixture.records();
  assert.deepEqual(others, []);
  const changed = Object.entries(fixture.logs.status().changed).filter(([, count]) => count > 0);
  return { record: written!, changed: Object.fromEntries(changed) };
}

const bodies: [what: string, body: string, written: string, changed: number][] = [
  ['an empty body', '', '', 0],
  ['a NUL', 'a\0b', 'a\0b', 0],
  ['a lone high surrogate before a letter of two bytes', 'a\ud83dé', 'a\ufffdé', 1],
  ['a lone low surrogate at the end', 'b\ude00', 'b\ufffd', 1],
  ['surrogates in the wrong order', '\ude00\ud83d', '\ufffd\ufffd', 1],
  ['1 MB', 'x'.repeat(1_000_000), 'x'.repeat(65_536), 1],
  ['exactly the limit', 'é'.repeat(32_768), 'é'.repeat(32_768), 0],
  ['a character of four bytes across the limit', `${'x'.repeat(65_534)}😀!`, 'x'.repeat(65_534), 1],
  ['a pair of surrogates across the limit', `${'x'.repeat(65_535)}😀`, 'x'.repeat(65_535), 1],
  ['characters of three bytes beyond the limit', '界'.repeat(30_000), '界'.repeat(21_845), 1],
];

for (const [what, body, written, changed] of bodies)
  test(`writes a body with ${what}`, async () => {
    const { record, changed: counts } = await sent({ body });
    assert.equal(record.body, written);
    assert.equal(counts.body ?? 0, changed);
  });

test('writes 128 of 10,000 attributes, and how many were left out', async () => {
  const attributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, `value${i}`]));
  const { record, changed } = await sent({ attributes });
  assert.deepEqual(record.attributes, Object.entries(attributes).slice(0, 128));
  assert.equal(record.droppedAttributes, 9872);
  assert.deepEqual(changed, { attribute: 9872 });
});

test('cuts long names and values of attributes between two characters', async () => {
  const { record, changed } = await sent({
    attributes: { [`${'n'.repeat(255)}é`]: 'short', value: `${'v'.repeat(4095)}é`, bad: '\ud800' },
  });
  assert.deepEqual(record.attributes, [
    ['n'.repeat(255), 'short'],
    ['value', 'v'.repeat(4095)],
    ['bad', '\ufffd'],
  ]);
  assert.deepEqual(changed, { attribute_name: 1, attribute_value: 2 });
});

test('counts attributes whose names cannot be sent', async () => {
  const attributes = JSON.parse('{"":"empty","__proto__":"polluted","constructor":"c","1":"one"}') as Record<
    string,
    string
  >;
  const { record, changed } = await sent({ attributes });
  assert.deepEqual(Object.fromEntries(record.attributes), { 1: 'one', constructor: 'c' });
  assert.deepEqual(changed, { attribute: 2 });
});

test('counts the second of two attributes whose names are equal after the cut', async () => {
  const { record, changed } = await sent({ attributes: { ['n'.repeat(300)]: 'a', ['n'.repeat(301)]: 'b' } });
  assert.deepEqual(record.attributes, [['n'.repeat(256), 'a']]);
  assert.deepEqual(changed, { attribute_name: 2, attribute: 1 });
});

const times: [what: string, time: LogTime][] = [
  ['not a number', [Number.NaN, 0]],
  ['negative', [-1, 999_999_999]],
  ['in the year 9999', [253_402_300_799, 0]],
  ['infinite', [Number.POSITIVE_INFINITY, 0]],
  ['a fraction of a second', [1_764_288_000.5, 0]],
  ['with too many nanoseconds', [1_764_288_000, 1e9]],
  ['with negative nanoseconds', [1_764_288_000, -1]],
  ['zero, which means unknown', [0, 0]],
];

for (const [what, time] of times)
  test(`writes the time of observation for a time that is ${what}`, async () => {
    const { record, changed } = await sent({ time });
    assert.deepEqual([record.time, record.observed], ['1764288001000000005', '1764288001000000005']);
    assert.deepEqual(changed, { time: 1 });
  });

test('keeps times before the start of the process and the last one that receivers can count', async () => {
  const old = await sent({ time: [1, 0] });
  assert.deepEqual([old.record.time, old.changed], ['1000000000', {}]);
  const last = await sent({ time: [9_223_372_035, 999_999_999] });
  assert.deepEqual([last.record.time, last.changed], ['9223372035999999999', {}]);
});

test('writes unknown times when the time of observation is out of range too', async () => {
  const fixture = new LogsFixture();
  fixture.emit('/a', { time: [Number.NaN, 0], observed: [Number.NaN, 0] });
  const [record] = await fixture.records();
  assert.deepEqual([record!.time, record!.observed], ['0', '0']);
  assert.deepEqual([fixture.payloads[0]!.oldestMs, fixture.payloads[0]!.newestMs], [0, 0]);
});

for (const id of [
  '',
  '0af7651916cd43dd',
  '0'.repeat(32),
  'g'.repeat(32),
  '0af7651916cd43dd8448eb211c80319c\n',
  '٣'.repeat(32),
])
  test(`leaves out the trace id ${JSON.stringify(id)}`, async () => {
    const { record, changed } = await sent({ traceId: id, spanId: id });
    assert.deepEqual([record.traceId, record.spanId], ['', id.length === 16 ? id : '']);
    assert.deepEqual(changed, { trace_id: 1, ...(id.length !== 16 && { span_id: 1 }) });
  });

const ids: [id: string, written: string][] = [
  ['/docker/\ud800x', '/docker/\ufffdx'],
  ['__proto__', '__proto__'],
  ['/a b"\\\n\0', '/a b"\\\n\0'],
  [`/${'ü'.repeat(1000)}`, `/${'ü'.repeat(511)}`],
];

for (const [id, written] of ids)
  test(`writes the container id ${JSON.stringify(id.slice(0, 20))}`, async () => {
    const { record } = await sent({}, id);
    assert.equal(record.resource['container.id'], written);
    assert.equal(record.resource['service.name'], written);
  });

test('drops a record that the SDK cannot take, and counts it', async () => {
  const fixture = new LogsFixture();
  assert.equal(fixture.emit('/a', { body: undefined as unknown as string }), false);
  assert.equal(fixture.emit('/a'), true);
  assert.equal((await fixture.records()).length, 1);
  assert.equal(fixture.logs.status().dropped.malformed, 1);
});
