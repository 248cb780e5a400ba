// The CLI in the source tree, as `npm run agent` starts it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AgentClient } from '../../src/api/client.ts';
import { BEAT_MS, MAX_MISSED_BEATS } from '../../src/base/watchdog.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';

const TIMEOUT_MS = 60_000;
/** The replay at its own speed: the second pass of the demo comes after the watchdog has started and checked. */
const INTERVAL_MS = 5000;

test('keeps running from source past the first checks of the watchdog', { timeout: 2 * TIMEOUT_MS }, async () => {
  assert.ok(INTERVAL_MS > BEAT_MS * MAX_MISSED_BEATS);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { agent: string } };
  const [program, ...args] = scripts.agent.split(' ');
  assert.equal(program, 'node');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    process.execPath,
    [...args, 'run', '--host', 'tape:docs/demo/shop.tape.gz', '--loop', '--listen', address],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    const client = new AgentClient({ address, timeoutMs: TIMEOUT_MS });
    const intervalSeconds = await until('the third pass', TIMEOUT_MS, async () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'the process has ended';
      const { passes } = await client.status();
      return passes.count >= 3 ? passes.intervalSeconds : undefined;
    });
    assert.equal(intervalSeconds, INTERVAL_MS / 1000, stderr);
  } finally {
    child.kill('SIGTERM');
  }
  assert.equal(await ended, 0, stderr);
});
