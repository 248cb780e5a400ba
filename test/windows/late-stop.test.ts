// A stop while ProcessTrace returns late or never: the agent, a recording and the service exit as after any other stop.

// docs/adr/0009-events.md describes the order and the limits of the stop.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import { AgentClient } from '../../src/api/client.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { openWineService } from '../helpers/wine-service.ts';
import { type EtwDouble, useEtwDouble } from './doubles/etw.ts';
import { serviceStopped } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const TIMEOUT_MS = 60_000;
const NEVER = 'ProcessTrace in the etw worker has not returned within 7 s; the process exits without it';

interface Lateness {
  readonly script: string;
  /** Whether the call returns before the process exits. With 7 s it is as likely as not. */
  readonly returns: boolean | undefined;
}

const cases: readonly Lateness[] = [
  { script: 'late 1000', returns: true },
  { script: 'late 4000', returns: true },
  { script: 'late 7000', returns: undefined },
  { script: 'stuck', returns: false },
];

/** Crash reports are written when the data folder exists. */
function crashReports(wine: Wine): string[] {
  const folder = join(wine.prefix, 'drive_c', 'ProgramData', 'CorootAgent');
  const crashes = join(folder, 'crashes');
  mkdirSync(folder, { recursive: true });
  return existsSync(crashes) ? readdirSync(crashes) : [];
}

/** The worker is in ProcessTrace. */
async function reading(double: EtwDouble): Promise<void> {
  await until('ProcessTrace', TIMEOUT_MS, async () =>
    double.calls().includes('ProcessTrace begins') ? true : undefined,
  );
}

/** The session was stopped, the other thread closed its trace once, and the text names a call that is missing. */
function assertStopped(double: EtwDouble, { returns }: Lateness, text: string): void {
  assert.deepEqual(double.sessions(), []);
  const calls = double.calls();
  assert.deepEqual(
    calls.filter((call) => call.startsWith('CloseTrace')),
    ['CloseTrace 7007'],
  );
  const returned = calls.includes('ProcessTrace ends');
  if (returns !== undefined) assert.equal(returned, returns, calls.join('\n'));
  if (returns !== undefined) assert.equal(text.includes(NEVER), !returns, text);
  assert.doesNotMatch(text, /crash report|hangs/);
}

test('a stop while ProcessTrace returns late, under Wine', { skip, timeout: 600_000 }, async (t) => {
  await using wine = await openWine();
  assert.deepEqual(crashReports(wine), []);

  for (const each of cases) {
    await t.test(`the agent at Ctrl-C: ${each.script}`, async () => {
      const double = await useEtwDouble(wine, [each.script]);
      try {
        const agent = await startWineAgent(wine, double);
        await reading(double);
        const { code } = await agent.stop();
        assert.equal(code, 0, agent.printed());
        assert.match(agent.printed(), /stopped\r?\n$/);
        assertStopped(double, each, agent.printed());
        assert.deepEqual(crashReports(wine), []);
      } finally {
        double.remove();
      }
    });
  }

  for (const each of cases.filter(({ returns }) => returns !== undefined)) {
    await t.test(`a recording at its end: ${each.script}`, async () => {
      const double = await useEtwDouble(wine, [each.script]);
      const folder = mkdtempSync('/tmp/coroot-agent-late-');
      try {
        const { node, main } = await windowsBuild();
        const file = join(folder, 'late.tape');
        const args = ['record', wine.toWindowsPath(file), '--for', '2s', '--scrape-interval', '1s'];
        const { code, stdout, stderr } = await wine.run(node, [...double.nodeArgs, wine.toWindowsPath(main), ...args], {
          env: double.env,
        });
        assert.equal(code, 0, stderr);
        assert.match(stdout, /observations written to/);
        assertStopped(double, each, stderr);
        let ticks = 0;
        await using tape = await openTape(file);
        for await (const { kind } of tape.observations) if (kind === 'tick') ticks++;
        assert.equal(ticks, 3);
        assert.deepEqual(crashReports(wine), []);
      } finally {
        double.remove();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  await t.test('the service at a stop request', async (subtest) => {
    await using host = await openWineService(wine);
    const port = await freePort();
    const client = new AgentClient({ address: `127.0.0.1:${port}`, timeoutMs: 3000 });
    rmSync(host.dataFolder, { recursive: true, force: true });
    assert.equal((await host.service('install')).code, 0);
    host.writeSettings({ listen: `127.0.0.1:${port}`, 'scrape-interval': '1s' });
    for (const each of cases) {
      await subtest.test(each.script, async () => {
        const double = await useEtwDouble(wine, [each.script], { others: ['serviceConfig', 'localGroups'] });
        try {
          await host.scm.send([['path', 'CorootAgent', host.commandLine(double.env)]]);
          await host.scm.start(['CorootAgent']);
          await until('the service', TIMEOUT_MS, () => client.status());
          await reading(double);
          await host.scm.stop(['CorootAgent']);
          const [answer] = await host.scm.send([['query', 'CorootAgent']]);
          // STATE, PID, TYPE, EXITCODE
          assert.deepEqual(answer!.slice(3), [String(serviceStopped), '0', '16', '0']);
          assertStopped(double, each, host.recorded('events.txt').at(-1)!);
          assert.deepEqual(crashReports(wine), []);
        } finally {
          double.remove();
        }
      });
    }
    assert.equal((await host.service('uninstall')).code, 0);
  });
});
