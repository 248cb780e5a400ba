// The agent as a service under the SCM of Wine, from installation to removal.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { AgentClient } from '../../src/api/client.ts';
import type { CrashReport } from '../../src/base/crash-report.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { openWineService } from '../helpers/wine-service.ts';
import { serviceRunning, serviceStopped } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const TIMEOUT_MS = 30_000;
const SID = 'S-1-5-80-';

test('the service under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  await using host = await openWineService(wine);
  const { scm, service } = host;
  const port = await freePort();
  const client = new AgentClient({ address: `127.0.0.1:${port}`, timeoutMs: 3000 });
  const settings = { listen: `127.0.0.1:${port}`, 'scrape-interval': '1s', 'min-container-age': '0s' };
  const query = async () => (await scm.query(['CorootAgent']))[0]!;
  const ready = () =>
    until('a pass', TIMEOUT_MS, async () => ((await client.status()).passes.count > 0 ? client.status() : undefined));
  const toState = (state: number) =>
    until(`state ${state}`, TIMEOUT_MS, async () => ((await query()).state === state ? true : undefined));
  /** Events since the last call, `TYPE ID TEXT`. */
  const newEvents = () => {
    const all = host.recorded('events.txt');
    rmSync(join(host.recordFolder, 'events.txt'), { force: true });
    return all;
  };
  const before = await host.snapshot();

  await t.test('refuses a program that others may change, and changes nothing', async () => {
    const { code, stderr } = await host.agent(['service', 'install']);
    assert.equal(code, 14);
    assert.match(stderr, /other accounts can change the program of the service and gain its rights: .*node\.exe/);
    assert.match(stderr, /Program Files.*--allow-unsafe-program/);
    assert.deepEqual(await host.snapshot(), before);
  });

  await t.test('a dry run changes nothing', async () => {
    const { code, stdout } = await service('install', '--dry-run');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^Would change:\r?\n {2}service CorootAgent: ".*node\.exe" ".*service\.js", account LocalSystem, automatic start/,
    );
    assert.deepEqual(await host.snapshot(), before);
    assert.deepEqual(host.recorded('config.txt'), []);
  });

  await t.test('without the right to create services it names the remedy and changes nothing', async () => {
    const { code, stderr } = await host.agent(['service', 'install'], { COROOT_TEST_DENY: '1' });
    assert.equal(code, 9);
    assert.match(stderr, /needs the rights of an administrator.*\n.*Start-Process powershell -Verb RunAs/);
    assert.deepEqual(await host.snapshot(), before);
  });

  await t.test('installing sets each value of the configuration', async () => {
    const { code, stdout, stderr } = await service('install');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /To start it: coroot-agent service start/);
    // SC_ACTION_RESTART is 1, SERVICE_SID_TYPE_UNRESTRICTED is 1.
    assert.deepEqual(host.recorded('config.txt').slice(1), [
      '3 1',
      '2 reset=86400 reboot=no command=no count=3 1:5000 1:30000 1:60000',
      '4 1',
      '5 1',
      '6 SeChangeNotifyPrivilege SeProfileSingleProcessPrivilege',
      '7 15000',
    ]);
    const key = (await wine.run('reg', ['query', 'HKLM\\System\\CurrentControlSet\\Services\\CorootAgent'])).stdout;
    assert.match(key, /Environment\s+REG_MULTI_SZ\s+NODE_OPTIONS=\\0UV_THREADPOOL_SIZE=5/);
    assert.match(key, /ObjectName\s+REG_SZ\s+LocalSystem/);
    const source = (
      await wine.run('reg', ['query', 'HKLM\\System\\CurrentControlSet\\Services\\EventLog\\Application\\CorootAgent'])
    ).stdout;
    assert.match(source, /EventMessageFile\s+REG_EXPAND_SZ\s+%SystemRoot%\\System32\\EventCreate\.exe/);
    assert.match(source, /TypesSupported\s+REG_DWORD\s+0x7/);
    assert.ok(existsSync(host.dataFolder));
  });

  await t.test('a second installation changes nothing', async () => {
    const installed = await host.snapshot();
    const { code, stdout } = await service('install');
    assert.equal(code, 0);
    assert.match(stdout, /^Nothing to change/);
    assert.deepEqual(await host.snapshot(), installed);
    assert.equal(host.recorded('config.txt').length, 7);
  });

  await t.test('repairs and reports what was changed by others', async () => {
    await scm.send([['kind', 'CorootAgent', 3]]);
    rmSync(join(host.recordFolder, 'level-5.bin'));
    const { stdout } = await service('install');
    const lines = stdout.split(/\r?\n/).filter((line) => line.includes('(was: '));
    assert.deepEqual(lines, ['start type: automatic (was: manual)', 'service SID: unrestricted (was: none)']);
  });

  await t.test('the service starts, collects metrics and answers requests', async () => {
    host.writeSettings(settings);
    const answers = await scm.send([
      ['start', 'CorootAgent'],
      ['wait', 'CorootAgent', serviceRunning, TIMEOUT_MS],
    ]);
    t.diagnostic(`running ${answers[1]![3]} ms after it was asked to start`);
    const { agent } = await ready();
    assert.equal(agent.consoleMode, false);
    assert.equal(agent.pid, (await query()).pid);
    assert.ok((await client.containers()).containers.length > 0);
    assert.match((await service('status')).stdout, /CorootAgent, running, process \d+/);
    assert.match((await service('start')).stdout, /runs, process \d+ already/);
  });

  await t.test('a restart starts another process', async () => {
    const { pid } = await query();
    assert.equal((await service('restart')).code, 0);
    assert.notEqual((await query()).pid, pid);
    await ready();
  });

  await t.test('a stop is recorded in the Event Log and leaves no process', async () => {
    assert.equal((await service('stop')).code, 0);
    await scm.send([['path', 'CorootAgent', host.commandLine()]]);
    await scm.start(['CorootAgent']);
    await ready();
    await scm.stop(['CorootAgent']);
    const [answer] = await scm.send([['query', 'CorootAgent']]);
    // STATE, PID, TYPE, EXITCODE
    assert.deepEqual(answer!.slice(3), [String(serviceStopped), '0', '16', '0']);
    const events = newEvents();
    assert.match(events[0]!, /^4 1 CorootAgent \d+\.\d+\.\d+ collects, process \d+/);
    assert.match(events.at(-1)!, /^4 2 CorootAgent \d+\.\d+\.\d+ stopped\.$/);
    await assert.rejects(client.status(), { code: 'AGENT_NOT_RUNNING' });
  });

  await t.test('reports a wrong setting in the Event Log and by the exit code, not as error 1053', async () => {
    host.writeSettings({ ...settings, 'scrape-interval': 'soon' });
    const { code, stderr } = await service('start');
    assert.equal(code, 10);
    assert.match(stderr, /starting CorootAgent failed: it stopped with service-specific exit code 2 \(SETTING_INVALID/);
    const [event, ...others] = newEvents();
    assert.match(
      event!,
      /^1 3 .*cannot run \(service-specific exit code 2\): scrape-interval: "soon" is not allowed: .*settings\.json/,
    );
    assert.deepEqual(others, []);
  });

  await t.test('collects while its port is in use, reports the problem, and listens later', async () => {
    host.writeSettings(settings);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await scm.start(['CorootAgent']);
    const warning = await until('the warning', TIMEOUT_MS, () =>
      host.recorded('events.txt').find((line) => line.startsWith('2 200 ')),
    );
    assert.match(
      warning,
      new RegExp(
        `127\\.0\\.0\\.1:${port} is already in use by .*; collection continues, and listening is retried every 5 s`,
      ),
    );
    await new Promise((resolve) => server.close(resolve));
    await ready();
    assert.match(newEvents().join('\n'), /4 100 listening on .* after a retry/);
  });

  await t.test(
    'a crash terminates the process; after the restart it reports the crash once and keeps the report',
    async () => {
      const fault = join(host.recordFolder, 'fault');
      await scm.stop(['CorootAgent']);
      await scm.send([
        ['path', 'CorootAgent', host.commandLine({ COROOT_TEST_FAULT: `main:hang:${wine.toWindowsPath(fault)}` })],
      ]);
      await scm.start(['CorootAgent']);
      const { agent } = await ready();
      newEvents();
      writeFileSync(fault, '');
      await toState(serviceStopped);
      rmSync(fault);
      const crashes = join(host.dataFolder, 'crashes');
      const [name] = readdirSync(crashes).filter((each) => each.endsWith('.json'));
      const report = JSON.parse(readFileSync(join(crashes, name!), 'utf8')) as CrashReport;
      assert.deepEqual(
        { thread: report.thread, mode: report.mode, pid: report.pid, reason: report.reason },
        { thread: 'watchdog', mode: 'service', pid: agent.pid, reason: 'the main loop has not run for 3.75 s' },
      );
      assert.ok(!JSON.stringify(report).includes(String(port)), 'no value of a setting');
      // The agent retries the event session, which Wine does not have, also shortly before it is terminated.
      assert.deepEqual(
        newEvents().filter((line) => !line.includes('cannot read the event session')),
        [],
        'the crashed process writes no event',
      );

      await scm.start(['CorootAgent']);
      await ready();
      assert.match(
        newEvents()[0]!,
        new RegExp(
          '^1 4 The agent crashed at .*: the main loop has not run for 3\\.75 s\\\\n' +
            'The report is C:\\\\ProgramData\\\\CorootAgent\\\\crashes\\\\crash-',
        ),
      );
      await scm.stop(['CorootAgent']);
      await scm.start(['CorootAgent']);
      await ready();
      assert.deepEqual(
        newEvents().filter((line) => line.startsWith('1 4 ')),
        [],
      );
      assert.match((await service('status')).stdout, /Crashes\s+1 in C:\\ProgramData/);
    },
  );

  await t.test('the SCM restarts a service that was killed', async () => {
    const { pid } = await query();
    await wine.run('taskkill', ['/f', '/pid', String(pid)]);
    await toState(serviceStopped);
    await scm.start(['CorootAgent']);
    await ready();
    await scm.stop(['CorootAgent']);
  });

  await t.test('refuses settings that others may read; install resets the access list and keeps them', async () => {
    const file = join(host.dataFolder, 'settings.json');
    chmodSync(file, 0o644);
    newEvents();
    assert.equal((await service('start')).code, 10);
    assert.match(
      newEvents()[0]!,
      /^1 3 .*exit code 12\): .*settings\.json: S-1-1-0 may read it\. To repair it: icacls/,
    );
    const { code, stderr } = await host.agent(['run']);
    assert.equal(code, 12, 'run refuses them, too, before it reads them');
    assert.match(stderr, /settings\.json: S-1-1-0 may read it/);
    const repaired = await service('install');
    assert.match(repaired.stdout, /data folder: .* \(was: .*settings\.json: S-1-1-0 may read it\)/);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), settings);
    assert.match((await service('install')).stdout, /^Nothing to change/);
  });

  await t.test('moves a data folder that others may change aside, and copies nothing', async () => {
    chmodSync(host.dataFolder, 0o777);
    await scm.send([['path', 'CorootAgent', host.commandLine()]]);
    newEvents();
    const { code, stderr } = await service('start');
    assert.equal(code, 10);
    assert.match(stderr, /service-specific exit code 12 \(DATA_FOLDER_UNSAFE/);
    assert.match(
      newEvents()[0]!,
      /^1 3 .*S-1-1-0 may change it.*To repair it: ren "C:\\ProgramData\\CorootAgent" "CorootAgent\.unsafe-[\da-f]{16}"/,
    );
    const repaired = await service('install');
    const [, aside] = /S-1-1-0 may change it.*it is moved to C:\\ProgramData\\(\S+), and nothing/.exec(
      repaired.stdout,
    )!;
    assert.deepEqual(readdirSync(host.dataFolder), []);
    const old = join(host.dataFolder, '..', aside!);
    assert.ok(readdirSync(old).includes('settings.json'));
    rmSync(old, { recursive: true });
    host.writeSettings(settings);
    await scm.send([['path', 'CorootAgent', host.commandLine()]]);
    await scm.start(['CorootAgent']);
    await ready();
  });

  await t.test('reports limits that Windows refuses, and runs', async () => {
    await scm.stop(['CorootAgent']);
    newEvents();
    host.writeSettings({ ...settings, 'cpu-limit': '50%', 'memory-limit': '1GB' });
    await scm.start(['CorootAgent']);
    await ready();
    await scm.stop(['CorootAgent']);
    t.diagnostic(newEvents().join('\n'));
  });

  await t.test('uninstalling leaves nothing behind', async () => {
    await scm.start(['CorootAgent']);
    const planned = await service('uninstall', '--dry-run');
    assert.match(planned.stdout, /Would stop CorootAgent\.\r?\nWould remove: service CorootAgent/);
    assert.equal((await query()).state, serviceRunning);
    const { code, stderr } = await service('uninstall');
    assert.equal(code, 0, stderr);
    assert.deepEqual(await host.snapshot(), before);
    assert.equal((await service('start')).code, 10);
    assert.match((await service('uninstall')).stdout, /Nothing to remove/);
  });

  await t.test('with few rights the service has a virtual account that is a member of three groups', async () => {
    assert.equal((await service('install', '--account', 'virtual')).code, 0);
    const members = host.recorded('groups.txt').map((line) => line.split('\t'));
    assert.deepEqual(members.map(([group]) => group).sort(), [
      'Ereignisprotokollleser',
      'Performance Log Users',
      'Performance Monitor Users',
    ]);
    assert.ok(members.every(([, sid]) => sid!.startsWith(SID)));
    assert.equal(
      host
        .recorded('config.txt')
        .filter((line) => line.startsWith('6 '))
        .at(-1),
      '6 SeChangeNotifyPrivilege',
    );
    assert.match((await service('status')).stdout, /Account\s+NT SERVICE\\CorootAgent/);
    assert.match((await service('install')).stdout, /^Nothing to change/, 'the account stays without the option');
    assert.equal((await service('uninstall')).code, 0);
    assert.deepEqual(
      host.recorded('groups.txt').filter((line) => line !== ''),
      [],
    );
    assert.deepEqual(await host.snapshot(), before);
  });

  await t.test('the account of an installed service is changed both ways, with the password of each', async () => {
    assert.equal((await service('install')).code, 0);
    assert.equal((await service('install', '--account', 'virtual')).code, 0);
    assert.equal((await service('install', '--account', 'system')).code, 0);
    // NULL for a virtual account, an empty text for LocalSystem.
    assert.deepEqual(
      host.recorded('accounts.txt').filter((line) => line !== ''),
      ['NT SERVICE\\CorootAgent NULL', 'LocalSystem empty'],
    );
    assert.equal((await service('uninstall')).code, 0);
  });
});
