// Messages of an owner, added up from the batches of the log parser.
import assert from 'node:assert/strict';
import test from 'node:test';
import { labelSlot } from '../../../src/base/label-slot.ts';
import type { CountedMessages } from '../../../src/logs/counted-messages.ts';
import { LogCounts } from '../../../src/model/owner/log-counts.ts';

const HASH = 'a'.repeat(32);
const delta = (parts: Partial<CountedMessages>): CountedMessages => ({
  level: 'error',
  hash: HASH,
  sample: undefined,
  count: 1,
  firstAtMs: 0,
  lastAtMs: 0,
  ...parts,
});

test('adds up batches of a pattern, and spans their times if the clock is set back', () => {
  const counts = new LogCounts(0);
  counts.add('EventLog', delta({ sample: 'gate shut', count: 2, firstAtMs: 50, lastAtMs: 60 }), 100);
  counts.add('EventLog', delta({ count: 3, firstAtMs: 20, lastAtMs: 30 }), 200);
  const pattern = { source: 'EventLog', level: 'error', hash: HASH, sample: 'gate shut', count: 5 };
  assert.deepEqual(
    [...counts.values()].map((each) => ({ ...each })),
    [{ ...pattern, firstAtMs: 20, lastAtMs: 60, firstMonoMs: 100, lastMonoMs: 200, [labelSlot]: undefined }],
  );
});

test('counts a pattern separately for each source and level', () => {
  const counts = new LogCounts(0);
  counts.add('EventLog', delta({ sample: 'gate' }), 0);
  counts.add('stdout/stderr', delta({ sample: 'gate' }), 0);
  counts.add('EventLog', delta({ sample: 'gate', level: 'warning', count: 4 }), 0);
  assert.deepEqual(
    [...counts.values()].map(({ source, level, count }) => [source, level, count]),
    [
      ['EventLog', 'error', 1],
      ['stdout/stderr', 'error', 1],
      ['EventLog', 'warning', 4],
    ],
  );
  assert.equal(counts.total('error'), 2);
  assert.equal(counts.total('info'), 0);
});

const HOUR_MS = 3_600_000;

test('marks a pattern as new for an hour if its owner was observed for an hour without it', () => {
  const counts = new LogCounts(1000);
  counts.add('EventLog', delta({ level: 'warning' }), 1000 + HOUR_MS - 1);
  counts.add('EventLog', delta({}), 1000 + HOUR_MS);
  const [early, late] = [...counts.values()];
  const at = (monoMs: number) => [counts.isNew(early!, monoMs), counts.isNew(late!, monoMs)];
  assert.deepEqual(at(1000 + HOUR_MS), [false, true]);
  assert.deepEqual(at(1000 + 2 * HOUR_MS - 1), [false, true]);
  assert.deepEqual(at(1000 + 2 * HOUR_MS), [false, false]);
});

test('keeps a pattern new by its first message, not by its last one', () => {
  const counts = new LogCounts(0);
  counts.add('EventLog', delta({}), 2 * HOUR_MS);
  counts.add('EventLog', delta({}), 3 * HOUR_MS);
  const [pattern] = counts.values();
  assert.equal(counts.isNew(pattern!, 3 * HOUR_MS), false);
});
