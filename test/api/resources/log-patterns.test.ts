// GET /api/v1/log-patterns: every field, each filter, both orders, the limit and the mark of new patterns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogPatternsAnswer } from '../../../src/api/resources/log-patterns.ts';
import { anApi } from '../../helpers/api.ts';
import { aFileMessage, aLogHost, RETRY_HASH, SOURCE, TIMEOUT_HASH, writeMessages } from '../../helpers/log-host.ts';
import { HOUR_MS, round, wall } from '../../helpers/model.ts';

function aHost() {
  const model = aLogHost();
  const attributes = { 'pattern.hash': TIMEOUT_HASH };
  for (const atMs of [wall(1550), wall(1400)])
    writeMessages(model, [aFileMessage('another timeout', { atMs, level: 'error', attributes })]);
  return model;
}
const { app } = anApi({ model: aHost() });
const read = async (query = '') => (await app.inject(`/api/v1/log-patterns${query}`)).json() as LogPatternsAnswer;
const samples = async (query: string) => (await read(query)).patterns.map(({ sample }) => sample.slice(0, 8));

test('shows count, times and first message of each pattern, the most frequent first', async () => {
  const { patterns, ...answer } = await read();
  assert.deepEqual(answer, { observedAtMs: wall(10), truncated: false });
  assert.deepEqual(patterns[0], {
    containerId: '/win/web',
    containerName: 'web',
    source: SOURCE,
    level: 'error',
    hash: TIMEOUT_HASH,
    sample: 'ERROR timeout of payments\n  at pay.js:12',
    count: 3,
    firstAtMs: wall(1400),
    lastAtMs: wall(1550),
    isNew: false,
  });
  const { hash, ...ofNode } = patterns[1]!;
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.deepEqual(ofNode, {
    containerId: '',
    containerName: '',
    source: 'EventLog',
    level: 'critical',
    sample: 'The system has rebooted without cleanly shutting down first.',
    count: 1,
    firstAtMs: wall(1700),
    lastAtMs: wall(1700),
    isNew: false,
  });
  assert.deepEqual([patterns.length, patterns[2]!.hash], [3, RETRY_HASH]);
});

const filters: [query: string, expected: string[]][] = [
  ['sort=last', ['The syst', 'WARN ret', 'ERROR ti']],
  ['container=web', ['ERROR ti', 'WARN ret']],
  ['node=true', ['The syst']],
  ['container=web&node=true', ['ERROR ti', 'The syst', 'WARN ret']],
  ['container=other', []],
  ['level=warning', ['WARN ret']],
  ['minLevel=error', ['ERROR ti', 'The syst']],
  ['source=eventlog', ['The syst']],
  ['text=rebooted', ['The syst']],
  ['new=true', []],
  ['new=false', ['ERROR ti', 'The syst', 'WARN ret']],
];
for (const [query, expected] of filters)
  test(`selects patterns by ${query}`, async () => assert.deepEqual(await samples(`?${query}`), expected));

test('answers at most as many patterns as the limit', async () => {
  const { patterns, truncated } = await read('?limit=2');
  assert.deepEqual([patterns.length, truncated], [2, true]);
  assert.equal((await read('?limit=3')).truncated, false);
});

test('marks a pattern that came after an hour without it, and lists only those with new=true', async () => {
  const model = aHost();
  round(model, HOUR_MS + 5000, {});
  const attributes = { 'pattern.hash': 'd'.repeat(32) };
  const late = aFileMessage('disk full', { atMs: wall(HOUR_MS + 6000), level: 'critical', attributes });
  writeMessages(model, [late], HOUR_MS + 6000);
  round(model, HOUR_MS + 15_000, {});
  const { patterns } = (await anApi({ model }).app.inject('/api/v1/log-patterns?new=true')).json() as LogPatternsAnswer;
  assert.deepEqual(
    patterns.map(({ sample, isNew }) => [sample, isNew]),
    [['disk full', true]],
  );
});

test('refuses invalid queries, and answers 503 before the first tick', async () => {
  for (const query of ['container=', 'level=x', 'sort=name', 'new=2', 'limit=0', 'text=', 'pattern=x'])
    assert.equal((await app.inject(`/api/v1/log-patterns?${query}`)).statusCode, 400, query);
  assert.equal((await anApi().app.inject('/api/v1/log-patterns')).statusCode, 503);
});
