// Runs that share one kept Wine prefix.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openWineRun } from '../../scripts/lib/wine-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-runs-'));
after(() => rmSync(folder, { recursive: true }));

test('gives two runs of one prefix separate logs, and reports the other until it closes', () => {
  const first = openWineRun(folder, 'first');
  assert.equal(first.isShared(), false);
  const second = openWineRun(folder, 'second');
  assert.notEqual(first.logs, second.logs);
  assert.deepEqual([first.isShared(), second.isShared()], [true, true]);
  first.close();
  assert.equal(existsSync(second.logs), true);
  assert.equal(second.isShared(), false);
  second.close();
});

test('removes the logs of a run whose process was killed, and does not wait for it', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const killed = join(folder, 'logs', 'killed');
  mkdirSync(killed, { recursive: true });
  writeFileSync(join(killed, 'owner'), String(pid));
  const run = openWineRun(folder, 'next');
  assert.equal(run.isShared(), false);
  assert.equal(existsSync(killed), false);
  run.close();
});
