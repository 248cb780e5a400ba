// Coroot's own agent on the same host, as a real service under Wine: conflict, replacement with import, restore.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileC, whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { openWineService } from '../helpers/wine-service.ts';
import { serviceRunning, serviceStopped } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const COROOT_SERVICE = 'coroot-windows-agent';
const SECRET = 'k3y-of-the-other';

test('on a host with Coroot’s own agent', { skip }, async (t) => {
  await using wine = await openWine();
  await using host = await openWineService(wine);
  const { scm, service } = host;
  // A demo service stands in for it: it accepts any flags, so it can have the command line that Coroot's MSI writes.
  const program = await compileC({
    source: join(import.meta.dirname, 'mesh', 'demo-service.c'),
    kind: 'exe',
    libraries: ['ws2_32', 'advapi32'],
  });
  const flags =
    `--collector-endpoint=https://coroot.example --api-key=${SECRET} --scrape-interval=15s ` +
    '--listen=127.0.0.1:1 --container-denylist "^/win/W.*"';
  await scm.send([
    [
      'create',
      COROOT_SERVICE,
      0x10,
      2,
      `"${wine.toWindowsPath(program)}" -n ${COROOT_SERVICE} ${flags}`,
      'Coroot Windows Agent',
    ],
  ]);
  await scm.start([COROOT_SERVICE]);
  const machine = 'HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment';
  await wine.run('reg', ['add', machine, '/v', 'COROOT_REGION', '/d', 'north', '/f']);
  await wine.run('reg', ['add', machine, '/v', 'COROOT_SCRAPE_INTERVAL', '/d', '99s', '/f']);
  const corootService = async () => (await scm.query([COROOT_SERVICE]))[0]!;
  const startType = async () =>
    /Start\s+REG_DWORD\s+(0x\d)/.exec(
      (await wine.run('reg', ['query', `HKLM\\System\\CurrentControlSet\\Services\\${COROOT_SERVICE}`])).stdout,
    )![1];

  await t.test('refuses to install and to run, and names the remedy', async () => {
    for (const args of [['service', 'install'], ['run']]) {
      const { code, stderr } = await host.agent(args);
      assert.equal(code, 11, stderr);
      assert.match(
        stderr,
        new RegExp(
          'Coroot’s own agent is installed on this host: service coroot-windows-agent, running\\r?\\n' +
            '.*--replace-coroot-agent',
        ),
      );
    }
    assert.equal((await corootService()).state, serviceRunning);
  });

  await t.test('a dry run shows the settings that would be imported, without the key', async () => {
    const { code, stdout } = await service('install', '--replace-coroot-agent', '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /api-key = \*{8} \(command line\)/);
    assert.match(stdout, /Would stop and disable coroot-windows-agent \(now running\)/);
    assert.ok(!stdout.includes(SECRET));
    assert.equal((await corootService()).state, serviceRunning);
    assert.ok(!readdirSync(join(wine.prefix, 'drive_c', 'ProgramData')).includes('CorootAgent'));
  });

  await t.test('replaces it: imports settings by its precedence, and stops and disables its service', async () => {
    const { code, stdout, stderr } = await service('install', '--replace-coroot-agent');
    assert.equal(code, 0, stderr);
    assert.ok(!(stdout + stderr).includes(SECRET));
    assert.match(stdout, /not imported: --listen/);
    assert.deepEqual(JSON.parse(readFileSync(join(host.dataFolder, 'settings.json'), 'utf8')), {
      'collector-endpoint': 'https://coroot.example',
      'api-key': SECRET,
      'scrape-interval': '15s',
      'container-denylist': ['^/win/W.*'],
      region: 'north',
    });
    assert.equal((await corootService()).state, serviceStopped);
    assert.equal(await startType(), '0x4');
    assert.deepEqual(
      readdirSync(host.dataFolder).filter((name) => name.includes('.new')),
      [],
    );
  });

  await t.test('a second run replaces nothing, and the new service starts', async () => {
    const { code, stdout } = await service('install', '--replace-coroot-agent');
    assert.equal(code, 0);
    assert.match(stdout, /There is no active service coroot-windows-agent to replace/);
    assert.equal((await service('start')).code, 0);
  });

  await t.test('restores Coroot’s service with start type and state, and stops the new one', async () => {
    const { code, stdout, stderr } = await service('restore-coroot-agent');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /CorootAgent has stopped: only one agent may run on a host/);
    assert.equal((await corootService()).state, serviceRunning);
    assert.equal(await startType(), '0x2');
    assert.equal((await scm.query(['CorootAgent']))[0]!.state, serviceStopped);
    assert.match((await service('restore-coroot-agent')).stdout, /was not replaced: there is nothing to restore/);
  });

  await t.test('uninstall can restore Coroot’s service', async () => {
    assert.equal((await service('install', '--replace-coroot-agent')).code, 0);
    assert.equal((await corootService()).state, serviceStopped);
    const { code, stdout } = await service('uninstall', '--restore-coroot-agent');
    assert.equal(code, 0);
    assert.match(stdout, /Removed: service CorootAgent/);
    assert.equal((await corootService()).state, serviceRunning);
    assert.equal(await startType(), '0x2');
  });
});
