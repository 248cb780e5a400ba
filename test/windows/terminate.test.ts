// The process terminates within five seconds whatever happens, also with a worker that is stuck in a foreign call.

// docs/adr/0009-events.md describes the effect on the event session.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { type DoubleStart, useDoubles } from './doubles/doubles.ts';
import { type EtwDouble, useEtwDouble } from './doubles/etw.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const LIMIT_MS = 5000;
const KILLED = 1;

interface Fault {
  /** THREAD:KIND as in faults.mjs. */
  readonly fault: string;
  readonly stuck: boolean;
}

type Scenario = (agent: WineAgent, triggerFault: () => void) => Promise<void>;

/** Starts the agent with a prepared fault, and passes a function that triggers it. */
async function startFaulty(wine: Wine, double: DoubleStart, fault: string, scenario: Scenario): Promise<void> {
  const folder = mkdtempSync('/tmp/coroot-agent-fault-');
  try {
    const file = join(folder, 'fault');
    const preload = new URL('faults.mjs', import.meta.url).pathname;
    const faultUrl = `file:///${wine.toWindowsPath(preload).replaceAll('\\', '/')}`;
    const agent = await startWineAgent(wine, {
      nodeArgs: [...double.nodeArgs, '--import', faultUrl],
      env: { ...double.env, COROOT_TEST_FAULT: `${fault}:${wine.toWindowsPath(file)}` },
    });
    await scenario(agent, () => writeFileSync(file, ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Optionally makes the windows worker hang in GetExtendedTcpTable. */
async function withAgent(wine: Wine, { fault, stuck }: Fault, scenario: Scenario): Promise<void> {
  const folder = mkdtempSync('/tmp/coroot-agent-stuck-');
  try {
    const file = join(folder, 'stuck');
    const { nodeArgs, env } = await useDoubles(wine, ['stuckTcpTable']);
    const double = { nodeArgs, env: { ...env, COROOT_TEST_STUCK_FILE: wine.toWindowsPath(file) } };
    await startFaulty(wine, double, fault, async (agent, triggerFault) => {
      if (stuck) {
        writeFileSync(file, '');
        // The worker has not answered for three intervals of a second, so it hangs in the call.
        await until('the stuck worker', 20_000, async () =>
          (await agent.client.status()).host.problem.includes('hangs') ? true : undefined,
        );
      }
      await scenario(agent, triggerFault);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SESSION = 'CorootAgentNet';

/** Waits for a call of ProcessTrace, after the given number of calls, that has not returned. */
async function inProcessTrace(agent: WineAgent, double: EtwDouble, after = 0): Promise<void> {
  await until('the session', 20_000, async () =>
    (await agent.client.status()).events.state === 'running' ? true : undefined,
  );
  const calls = (): string[] => double.calls().slice(after);
  await until('ProcessTrace', 20_000, async () => (calls().includes('ProcessTrace begins') ? true : undefined));
  assert.ok(!calls().includes('ProcessTrace ends'));
}

/** The etw worker is inside ProcessTrace when the fault is triggered. */
async function withEvents(wine: Wine, double: EtwDouble, fault: string, scenario: Scenario): Promise<void> {
  await startFaulty(wine, double, fault, async (agent, triggerFault) => {
    await inProcessTrace(agent, double);
    assert.deepEqual(double.sessions(), [SESSION]);
    await scenario(agent, triggerFault);
  });
}

async function assertTerminates(
  agent: WineAgent,
  code: number,
  message: RegExp,
  triggerFault: () => void,
): Promise<void> {
  const beganAt = Date.now();
  triggerFault();
  const result = await agent.process.wait();
  const tookMs = Date.now() - beganAt;
  assert.match(agent.printed(), message);
  assert.equal(result.code, code);
  assert.ok(tookMs <= LIMIT_MS, `it took ${tookMs} ms`);
}

test('the process terminates under Wine', { skip }, async (t) => {
  await using wine = await openWine();

  await t.test('an uncaught error in main, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'main:throw', stuck: true }, (agent, triggerFault) =>
      assertTerminates(agent, KILLED, /uncaught error: Error: fault of the test/, triggerFault),
    );
  });

  await t.test('an uncaught error in another worker, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'watchdog:throw', stuck: true }, (agent, triggerFault) =>
      assertTerminates(agent, KILLED, /uncaught error in the watchdog: Error: fault of the test/, triggerFault),
    );
  });

  await t.test('an uncaught error in the windows worker', async () => {
    await withAgent(wine, { fault: 'windows:throw', stuck: false }, (agent, triggerFault) =>
      assertTerminates(agent, KILLED, /uncaught error in the windows worker: Error: fault of the test/, triggerFault),
    );
  });

  await t.test('a stop request, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'none:none', stuck: true }, (agent) =>
      assertTerminates(agent, KILLED, /a system call hangs: the reading of tcp in the windows worker;/, () =>
        agent.process.interrupt(),
      ),
    );
  });

  await t.test('a hung main loop, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'main:hang', stuck: true }, (agent, triggerFault) =>
      assertTerminates(agent, KILLED, /the main loop has not run for/, triggerFault),
    );
  });

  for (const [script, reached, call] of [
    ['stuck-stop', 'ProcessTrace begins', 'ControlTraceW in the windows worker'],
    ['stuck-start', 'StartTraceW hangs', 'StartTraceW in the etw worker'],
  ] as const) {
    await t.test(`a stop request while a call hangs: ${call}`, async () => {
      const double = await useEtwDouble(wine, [script]);
      try {
        const agent = await startWineAgent(wine, double);
        await until(reached, 20_000, async () => (double.calls().includes(reached) ? true : undefined));
        await assertTerminates(agent, KILLED, new RegExp(`a system call hangs: ${call}`), () =>
          agent.process.interrupt(),
        );
      } finally {
        double.remove();
      }
    });
  }

  for (const [cause, fault, message] of [
    ['an uncaught error in main', 'main:throw', /uncaught error: Error: fault of the test/],
    [
      'an uncaught error in the windows worker',
      'windows:throw',
      /uncaught error in the windows worker: Error: fault of the test/,
    ],
    ['a hung main loop', 'main:hang', /the main loop has not run for/],
  ] as const) {
    await t.test(
      `${cause} while the etw worker is in ProcessTrace: the session remains and the next start replaces it`,
      async () => {
        const double = await useEtwDouble(wine, []);
        try {
          await withEvents(wine, double, fault, (agent, triggerFault) =>
            assertTerminates(agent, KILLED, message, triggerFault),
          );
          assert.deepEqual(double.sessions(), [SESSION]);
          const before = double.calls().length;
          const next = await startWineAgent(wine, double);
          await inProcessTrace(next, double, before);
          const calls = double.calls().slice(before);
          assert.match(calls[0]!, /^StartTraceW CorootAgentNet 183 /);
          assert.equal(calls[1], 'ControlTraceW CorootAgentNet 1 0');
          assert.match(calls[2]!, /^StartTraceW CorootAgentNet 0 /);
          assert.equal((await next.stop()).code, 0, next.printed());
          assert.deepEqual(double.sessions(), []);
        } finally {
          double.remove();
        }
      },
    );
  }
});
