// The service cmdlets of the module on PowerShell for Windows, against the service control manager of Wine.
import assert from 'node:assert/strict';
import { constants, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { whyNoDotnet } from '../../scripts/lib/dotnet.ts';
import { projectRoot } from '../../scripts/lib/folders.ts';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { buildWindowsPowerShell } from '../../scripts/lib/windows-powershell.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { openWineService } from '../helpers/wine-service.ts';
import { serviceRunning, serviceStopped } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler()) || (await whyNoDotnet());

test('the service cmdlets under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  await using host = await openWineService(wine);
  const build = await windowsBuild();
  const pwsh = await buildWindowsPowerShell();
  const port = await freePort();
  // The module runs a script on the Node beside it and passes no options: this script loads the doubles.
  const folder = join(wine.prefix, 'drive_c', 'agent');
  mkdirSync(folder);
  copyFileSync(build.node, join(folder, 'node.exe'), constants.COPYFILE_FICLONE);
  const { NODE_OPTIONS, ...doubles } = host.nodeEnvironment;
  const preload = NODE_OPTIONS!.split(' ').at(-1)!;
  const main = pathToFileURL(`/${wine.toWindowsPath(build.main).replaceAll('\\', '/')}`).href;
  writeFileSync(join(folder, 'main.js'), `import('${preload}').then(() => import('${main}'));`);
  const env = {
    ...doubles,
    COROOT_LISTEN: `127.0.0.1:${port}`,
  };
  const module = wine.toWindowsPath(join(projectRoot, 'CorootAgent', 'CorootAgent.psd1'));
  const agentPath = 'C:\\agent\\main.js';

  /** Runs lines of PowerShell with the module loaded and returns what they print. */
  async function run(...lines: string[]): Promise<string[]> {
    const file = join(wine.prefix, 'drive_c', 'test.ps1');
    const start = [
      "$ErrorActionPreference = 'Stop'",
      `Import-Module -Name '${module}'`,
      `$agent = @{ AgentPath = '${agentPath}' }`,
    ];
    // Without "exit" the exit code is that of the last program that a cmdlet ran.
    writeFileSync(file, [...start, ...lines, 'exit 0'].join('\r\n'));
    const { code, stdout, stderr } = await wine.run(pwsh, [wine.toWindowsPath(file)], { env, timeoutMs: 300_000 });
    assert.equal(code, 0, stdout + stderr);
    return stdout.trim().split(/\r?\n/);
  }
  const query = async () => (await host.scm.query(['CorootAgent']))[0]!;

  await t.test('Install-CorootAgent -WhatIf shows the steps and creates no service', async () => {
    const before = await host.snapshot();
    const lines = await run(
      'Install-CorootAgent @agent -AllowUnsafeProgram -WarningAction SilentlyContinue -WhatIf',
      '@(Get-Service -Name CorootAgent*).Count',
    );
    assert.match(lines.join('\n'), /Would change:\n {2}service CorootAgent: ".*node\.exe" ".*service\.js"/);
    assert.equal(lines.at(-1), '0');
    assert.deepEqual(await host.snapshot(), before);
  });

  await t.test('Install-CorootAgent creates a stopped service that Get-Service lists', async () => {
    const lines = await run(
      // The programs of the test are not below Program Files.
      '$one = Install-CorootAgent @agent -AllowUnsafeProgram -WarningAction SilentlyContinue',
      '"$($one.Name) $($one.State) $($one.Account)"',
      '$service = Get-Service -Name CorootAgent',
      '"$($service.Status) $($service.StartType)"',
    );
    assert.deepEqual(lines, ['CorootAgent stopped LocalSystem', 'Stopped Automatic']);
    assert.equal((await query()).state, serviceStopped);
  });

  await t.test('Start-CorootAgent starts the service, and the Get cmdlets can query it', async () => {
    host.writeSettings({ listen: `127.0.0.1:${port}`, 'scrape-interval': '1s', 'min-container-age': '0s' });
    const lines = await run(
      '$one = Start-CorootAgent @agent',
      '"$($one.State) $($one.ProcessId)"',
      '(Get-Service -Name CorootAgent).Status',
      'for ($i = 0; $i -lt 100 -and (Get-CorootAgent).Passes -eq 0; $i++) { Start-Sleep -Milliseconds 100 }',
      '(Get-CorootAgent).ProcessId',
      '@(Get-CorootContainer).Count -gt 0',
    );
    const { pid, state } = await query();
    assert.equal(state, serviceRunning);
    assert.deepEqual(lines, [`running ${pid}`, 'Running', String(pid), 'True']);
  });

  await t.test('the Get cmdlets refuse a program on another port while the service runs', async () => {
    const otherPort = await freePort();
    const answer = `(request, response) => response.end('{}')`;
    const script = `require('http').createServer(${answer}).listen(${otherPort}, '127.0.0.1')`;
    const other = wine.spawn(build.node, ['-e', script]);
    await until('the other program', 60_000, async () => (await fetch(`http://127.0.0.1:${otherPort}/`)).ok);
    const lines = await run(
      `$env:COROOT_LISTEN = '127.0.0.1:${otherPort}'`,
      'try { Get-CorootContainer } catch { $_.FullyQualifiedErrorId }',
      `try { Get-CorootContainer -Address '127.0.0.1:${otherPort}' } catch { $_.FullyQualifiedErrorId }`,
    );
    // Under the own account and named: coroot-agent sends a request and finds that the answer is not one of the agent.
    assert.deepEqual(lines, ['CorootAgentForeign,Get-CorootContainer', 'CorootAgentNotReachable,Get-CorootContainer']);
    await other.kill();
  });

  await t.test('Restart-CorootAgent and Stop-CorootAgent return the new state', async () => {
    const { pid } = await query();
    const lines = await run(
      '$one = Restart-CorootAgent @agent',
      '"$($one.State) $($one.ProcessId)"',
      '(Stop-CorootAgent @agent).State',
      '(Get-Service -Name CorootAgent).Status',
    );
    assert.match(lines[0]!, /^running \d+$/);
    assert.notEqual(lines[0], `running ${pid}`);
    assert.deepEqual(lines.slice(1), ['stopped', 'Stopped']);
  });

  await t.test('Uninstall-CorootAgent removes the service; a later start fails with CorootServiceFailed', async () => {
    const lines = await run(
      'Uninstall-CorootAgent @agent -Confirm:$false',
      '@(Get-Service -Name CorootAgent*).Count',
      'try { Start-CorootAgent @agent } catch { $_.FullyQualifiedErrorId }',
    );
    assert.deepEqual(lines, ['0', 'CorootServiceFailed,Start-CorootAgent']);
  });
});
