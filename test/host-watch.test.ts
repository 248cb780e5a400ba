// The host watch logs a problem when it appears, and the end of a tape once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostWatch } from '../src/host-watch.ts';
import type { HostStatus } from '../src/sources/host.ts';

function createWatch() {
  const log: string[] = [];
  const host = { current: { kind: 'tape', detail: {} } as HostStatus, status: () => host.current };
  const logger = { info: (text: string) => log.push(`info ${text}`), warn: (text: string) => log.push(`warn ${text}`) };
  return { host, log, watch: new HostWatch(host, logger as never) };
}

test('logs a problem once while it lasts, and again after it was absent', () => {
  const { host, log, watch } = createWatch();
  for (const problem of ['hangs', 'hangs', undefined, 'hangs']) {
    host.current = { kind: 'windows', detail: {}, ...(problem ? { problem } : {}) };
    watch.check();
  }
  assert.deepEqual(log, ['warn hangs', 'warn hangs']);
});

test('logs the end of a tape and stops', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { host, log, watch } = createWatch();
  watch.start();
  t.mock.timers.tick(10_000);
  assert.deepEqual(log, []);
  host.current = { kind: 'tape', detail: { ended: true } };
  t.mock.timers.tick(10_000);
  assert.deepEqual(log, ['info the tape is at its end; the last values remain']);
});
