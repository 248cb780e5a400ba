// The logs worker as a real thread, with real files.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { FileMessages, Observation } from '../../../src/sources/host.ts';
import { LogSource } from '../../../src/sources/logs/log-source.ts';
import { parser } from '../../helpers/file-reader.ts';
import { until } from '../../helpers/poll.ts';

const folder = mkdtempSync(join(tmpdir(), 'logs-worker-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'app.log');

function createSource(observed: Observation[]) {
  const source = new LogSource({
    channels: [],
    eventLocale: 1033,
    files: [{ owner: { service: 'web' }, source: 'app', format: 'text', pattern: file, fromStart: true }],
    filesEncoding: 'system',
    parser,
    positionsFile: join(folder, 'positions'),
    receiver: { ready: () => Promise.resolve(), stored: () => Promise.resolve() },
    onDamagedPositions: (problem) => assert.fail(problem),
    onFatal: (error) => assert.fail(error),
  });
  return { source, start: () => source.start((observation) => observed.push(observation)) };
}

const bodies = (observed: readonly Observation[]): string[] =>
  observed
    .filter(({ kind }) => kind === 'fileMessages')
    .flatMap(({ data }) => (data as FileMessages[]).flatMap(({ records }) => records.map(({ body }) => body)));

test('reads files on its thread, stops, and continues behind its last position', { timeout: 60_000 }, async () => {
  const observed: Observation[] = [];
  for (const round of [1, 2]) {
    appendFileSync(file, `line ${round}\n`);
    const { source, start } = createSource(observed);
    await start();
    await until(`line ${round}`, 20_000, () => (bodies(observed).length === round ? true : undefined));
    await until('the state', 20_000, () => {
      source.beforeTick();
      return observed.some(({ kind }) => kind === 'logFiles') || undefined;
    });
    assert.equal(source.problem(), undefined);
    await source.stop();
    await source.storePositions();
    assert.equal(source.pendingCall().call, 'the logs worker');
  }
  assert.deepEqual(bodies(observed), ['line 1', 'line 2']);
});
