// Messages of an owner, added up from the batches of the log parser.
import assert from 'node:assert/strict';
import test from 'node:test';
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
  const counts = new LogCounts();
  counts.add('EventLog', delta({ sample: 'gate shut', count: 2, firstAtMs: 50, lastAtMs: 60 }));
  counts.add('EventLog', delta({ count: 3, firstAtMs: 20, lastAtMs: 30 }));
  assert.deepEqual(
    [...counts.values()],
    [{ source: 'EventLog', level: 'error', hash: HASH, sample: 'gate shut', count: 5, firstAtMs: 20, lastAtMs: 60 }],
  );
});

test('counts a pattern separately for each source and level', () => {
  const counts = new LogCounts();
  counts.add('EventLog', delta({ sample: 'gate' }));
  counts.add('stdout/stderr', delta({ sample: 'gate' }));
  counts.add('EventLog', delta({ sample: 'gate', level: 'warning', count: 4 }));
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
