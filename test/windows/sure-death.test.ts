// The process ends for certain: with a worker stuck in a foreign call, whatever happens, it is gone within five seconds.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const LIMIT_MS = 5000;
const KILLED = 1;

interface Fault {
  /** THREAD:KIND as in faults.mjs. */
  readonly fault: string;
  readonly stuck: boolean;
}

/** Starts the agent, makes its windows worker hang in GetExtendedTcpTable if so wanted, and hands over a way to set the fault off. */
async function withAgent(wine: Wine, { fault, stuck }: Fault, act: (agent: WineAgent, setOff: () => void) => Promise<void>): Promise<void> {
  const folder = mkdtempSync('/tmp/coroot-agent-fault-');
  try {
    const files = { stuck: join(folder, 'stuck'), fault: join(folder, 'fault') };
    const doubles = await useDoubles(wine, ['stuckTcpTable']);
    const preload = new URL('faults.mjs', import.meta.url).pathname;
    const faultUrl = `file:///${wine.toWindowsPath(preload).replaceAll('\\', '/')}`;
    const agent = await startWineAgent(wine, {
      nodeArgs: [...doubles.nodeArgs, '--import', faultUrl],
      env: {
        ...doubles.env,
        COROOT_TEST_STUCK_FILE: wine.toWindowsPath(files.stuck),
        COROOT_TEST_FAULT: `${fault}:${wine.toWindowsPath(files.fault)}`,
      },
    });
    if (stuck) {
      writeFileSync(files.stuck, '');
      // Silent for three intervals of a second: the worker is inside the call that never returns.
      await until('the stuck worker', 20_000, async () =>
        (await agent.client.status()).host.problem.includes('hangs') ? true : undefined,
      );
    }
    await act(agent, () => writeFileSync(files.fault, ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function endsInTime(agent: WineAgent, code: number, words: RegExp, setOff: () => void): Promise<void> {
  const beganAt = Date.now();
  setOff();
  const result = await agent.process.wait();
  const tookMs = Date.now() - beganAt;
  assert.match(agent.printed(), words);
  assert.equal(result.code, code);
  assert.ok(tookMs <= LIMIT_MS, `it took ${tookMs} ms`);
}

test('a sure death under Wine', { skip }, async (t) => {
  await using wine = await openWine();

  await t.test('an uncaught error in main, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'main:throw', stuck: true }, (agent, setOff) =>
      endsInTime(agent, KILLED, /uncaught error: Error: fault of the test/, setOff),
    );
  });

  await t.test('an uncaught error in another worker, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'watchdog:throw', stuck: true }, (agent, setOff) =>
      endsInTime(agent, KILLED, /uncaught error in the watchdog: Error: fault of the test/, setOff),
    );
  });

  await t.test('an uncaught error in the windows worker', async () => {
    await withAgent(wine, { fault: 'windows:throw', stuck: false }, (agent, setOff) =>
      endsInTime(agent, KILLED, /uncaught error in the windows worker: Error: fault of the test/, setOff),
    );
  });

  await t.test('a stop request, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'none:none', stuck: true }, (agent) =>
      endsInTime(agent, KILLED, /a worker did not end in time, a system call hangs/, () => agent.process.interrupt()),
    );
  });

  await t.test('a hung main loop, with a stuck worker', async () => {
    await withAgent(wine, { fault: 'main:hang', stuck: true }, (agent, setOff) =>
      endsInTime(agent, KILLED, /the main loop has not run for/, setOff),
    );
  });
});
