// Which hosts have a source of logs, by the settings.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pino from 'pino';
import { logSourceFor } from '../src/log-source-for.ts';
import { resolve } from './helpers/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-source-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const logger = pino({ level: 'silent' });
const sourceFor = (flags: Record<string, string>) => logSourceFor(resolve({ 'wal-dir': folder, ...flags }), logger);

test('reads logs of this machine unless that is turned off, and none beside a tape', () => {
  assert.ok(sourceFor({}));
  assert.equal(sourceFor({ 'disable-log-parsing': 'true' }), undefined);
  assert.equal(sourceFor({ host: 'tape:docs/demo/shop.tape.gz' }), undefined);
});

test('starts no worker and stores nothing if there is nothing to read', async () => {
  const source = sourceFor({ 'event-log-channels': 'none' })!;
  await source.start(() => assert.fail('an observation'));
  source.beforeTick();
  await source.stop();
  await source.storePositions();
  assert.equal(source.problem(), undefined);
});
