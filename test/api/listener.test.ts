// The listener of the control plane: errors with their reason, retries, and the address in use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Listener, type ListenerOptions } from '../../src/api/listener.ts';
import { AgentError } from '../../src/base/errors.ts';

const inUse = Object.assign(new Error('address in use'), { code: 'EADDRINUSE' });
const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });

/** A control plane whose attempts to listen fail with these errors, in order, and then succeed. */
class FakeApp {
  readonly attempts: { host: string; port: number }[] = [];
  closed = 0;
  readonly #failures: Error[];
  #port: number | undefined;

  constructor(...failures: Error[]) {
    this.#failures = failures;
  }

  async listen(address: { host: string; port: number }): Promise<void> {
    this.attempts.push(address);
    const failure = this.#failures.shift();
    if (failure) throw failure;
    this.#port = address.port || 40_000;
  }

  async close(): Promise<void> {
    this.closed++;
  }

  readonly server = { address: () => (this.#port === undefined ? null : { address: '127.0.0.1', port: this.#port }) };
}

function createListener(app: FakeApp, options: Partial<ListenerOptions> = {}) {
  const log: string[] = [];
  const scheduled: { run: () => void; ms: number; cancelled: boolean }[] = [];
  const listener = new Listener(app, {
    host: '127.0.0.1',
    port: 10_300,
    logger: {
      info: (text: string) => log.push(`info ${text}`),
      warn: (text: string) => log.push(`warn ${text}`),
    } as never,
    portOwner: async (port) => `process of ${port}`,
    schedule: (run, ms) => {
      const entry = { run, ms, cancelled: false };
      scheduled.push(entry);
      return () => {
        entry.cancelled = true;
      };
    },
    ...options,
  });
  /** Runs the retry that was scheduled last, to its end. */
  const retry = async (): Promise<void> => {
    scheduled.at(-1)!.run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { listener, log, scheduled, retry };
}

const code = (expected: string, text: RegExp) => (error: unknown) =>
  error instanceof AgentError && error.code === expected && text.test(error.message);

test('listens on the configured address and reports it', async () => {
  const app = new FakeApp();
  const { listener, log } = createListener(app);
  await listener.start();
  assert.deepEqual(app.attempts, [{ host: '127.0.0.1', port: 10_300, backlog: 4096 }]);
  assert.deepEqual([listener.port, listener.address, log], [10_300, '127.0.0.1:10300', []]);
});

test('reports the port that the system chose when the configured one is 0', async () => {
  const { listener } = createListener(new FakeApp(), { port: 0, host: '::1' });
  assert.equal(listener.port, 0);
  await listener.start();
  assert.deepEqual([listener.port, listener.address], [40_000, '[::1]:40000']);
});

test('without a retry time, an address in use rejects the start and names the process', async () => {
  const { listener, scheduled } = createListener(new FakeApp(inUse));
  await assert.rejects(listener.start(), code('PORT_TAKEN', /127\.0\.0\.1:10300.*process of 10300/));
  assert.equal(scheduled.length, 0);
});

test('without a retry time, any other error rejects the start with its reason', async () => {
  const { listener } = createListener(new FakeApp(denied));
  await assert.rejects(listener.start(), code('LISTEN_FAILED', /permission denied/));
});

test('with a retry time, the start resolves, and attempts repeat until one succeeds', async () => {
  const app = new FakeApp(inUse, inUse, denied);
  const { listener, log, scheduled, retry } = createListener(app, { retryMs: 5000 });
  await listener.start();
  for (let i = 0; i < 3; i++) await retry();
  assert.equal(app.attempts.length, 4);
  assert.deepEqual(
    scheduled.map(({ ms }) => ms),
    [5000, 5000, 5000],
  );
  // The second attempt failed for the same reason as the first.
  assert.equal(log.length, 3);
  assert.match(log[0]!, /^warn .*process of 10300.*retried every 5 s$/);
  assert.match(log[1]!, /^warn .*permission denied.*retried every 5 s$/);
  assert.equal(log[2], 'info listening on 127.0.0.1:10300 after a retry');
});

test('a stop closes the control plane and cancels the retry', async () => {
  const app = new FakeApp(inUse);
  const { listener, scheduled } = createListener(app, { retryMs: 5000 });
  await listener.start();
  await listener.stop();
  assert.deepEqual([app.closed, scheduled[0]!.cancelled], [1, true]);
});

test('an attempt that fails after the stop schedules no retry', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const app = new FakeApp();
  app.listen = () => promise;
  const { listener, scheduled, log } = createListener(app, { retryMs: 5000 });
  const started = listener.start();
  await listener.stop();
  reject(denied);
  await started;
  assert.deepEqual([scheduled, log], [[], []]);
});
