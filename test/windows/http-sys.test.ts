// Listeners of the System process: bindings of a real IIS file, reservations from a double, and a system without them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileC, whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { freePort } from '../helpers/ports.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';
import { openScm } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

const services = [
  'name=W3SVC|start=2|state=4|pid=5100|type=0x20|path=C:\\Windows\\system32\\svchost.exe -k iissvcs',
  'name=WAS|start=3|state=4|pid=5100|type=0x20|path=C:\\Windows\\system32\\svchost.exe -k iissvcs',
  'name=WinRM|start=2|state=4|pid=5200|type=0x20|path=C:\\Windows\\system32\\svchost.exe -k NetworkService',
  'name=Wecsvc|start=3|state=1|type=0x20',
];
// From the output of `netsh http show urlacl` for port 5985, the same on every Windows.
const winRm = 'S-1-5-80-569256582-2953403351-2909559716-1301513147-412116970';
const wecsvc = 'S-1-5-80-4059739203-877974739-1245631912-527174227-2996563517';
/** The SID of the account of every process under Wine. */
const wineUser = 'S-1-5-21-0-0-0-1000';

test('listeners of http.sys', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-http-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    return wine.toWindowsPath(join(folder, name));
  };
  const program = await compileC({
    source: join(import.meta.dirname, 'mesh/demo-service.c'),
    kind: 'exe',
    libraries: ['ws2_32', 'advapi32'],
  });
  const [web, management, ambiguous, orders] = [await freePort(), await freePort(), await freePort(), await freePort()];
  wine.spawn(program, ['--plain', ...[web, management, ambiguous, orders].flatMap((port) => ['-L', String(port)])]);
  wine.spawn(program, ['--plain', '-c', String(web)]);
  const inetsrv = join(wine.prefix, 'drive_c/windows/system32/inetsrv/config');
  mkdirSync(inetsrv, { recursive: true });
  const binding = `<binding protocol="http" bindingInformation="*:${web}:www.example.com" />`;
  const sites = `<sites><site name="x" id="1"><bindings>${binding}</bindings></site></sites>`;
  writeFileSync(
    join(inetsrv, 'applicationHost.config'),
    `<configuration><system.applicationHost>${sites}</system.applicationHost></configuration>`,
  );
  const doubles = await useDoubles(wine, ['services', 'socketOwners', 'reservations']);
  const env = {
    ...doubles.env,
    COROOT_TEST_SERVICES: file('services.txt', services),
    COROOT_TEST_SOCKETS: file(
      'sockets.txt',
      [web, management, ambiguous, orders].map((port) => `local=${port} pid=4`),
    ),
    COROOT_TEST_RESERVATIONS: file('reservations.txt', [
      `http://+:${management}/wsman/ D:(A;;GX;;;${winRm})(A;;GX;;;${wecsvc})`,
      `http://*:${ambiguous}/ D:(A;;GX;;;LS)`,
      `http://+:${orders}/ D:(A;;GX;;;${wineUser})`,
    ]),
  };
  const agent = await startWineAgent(wine, { ...doubles, env });

  await t.test('attributes listeners to W3SVC by the bindings of IIS', async () => {
    const rows = await rowsOn(agent, web, ([row]) => row?.detectedBy === 'iis binding');
    assert.deepEqual(
      rows.find(({ address }) => address === `127.0.0.1:${web}`),
      {
        address: `127.0.0.1:${web}`,
        proxy: '',
        containerId: '/win/W3SVC',
        service: 'W3SVC',
        pid: 4,
        detectedBy: 'iis binding',
        detail: `http://www.example.com:${web}/`,
      },
    );
    const metrics = await (await fetch(`http://${agent.address}/metrics`)).text();
    assert.match(
      metrics,
      new RegExp(`container_net_tcp_listen_info\\{[^}]*container_id="/win/W3SVC",listen_addr="127\\.0\\.0\\.1:${web}"`),
    );
  });

  await t.test('does not count an inbound connection as outbound', async () => {
    const { connections } = await agent.client.connections();
    assert.deepEqual(
      connections.filter(({ containerId }) => containerId === '/win/W3SVC'),
      [],
    );
  });

  await t.test('does not read reservations while the driver is stopped, because that would start it', async () => {
    const rows = await rowsOn(agent, management, (found) => found.length > 0);
    assert.deepEqual([...new Set(rows.map(({ detectedBy }) => detectedBy))], ['unattributed']);
    const [http] = await (await openScm(wine)).query(['HTTP']);
    assert.equal(http?.state, 1);
  });

  await t.test('attributes a listener to the running service that has the reservation', async () => {
    await (await openScm(wine)).start(['HTTP']);
    const rows = await rowsOn(agent, management, ([row]) => row?.detectedBy === 'url reservation');
    assert.deepEqual(
      [...new Set(rows.map(({ containerId, service }) => `${containerId} ${service}`))],
      ['/win/WinRM WinRM'],
    );
    assert.equal(rows[0]!.detail, `http://*:${management}/wsman/`);
  });

  await t.test('leaves a listener unattributed when its reservation is for an account of many services', async () => {
    const rows = await rowsOn(agent, ambiguous, (found) => found.length > 0);
    assert.deepEqual(
      [...new Set(rows.map(({ detectedBy, pid, service }) => `${detectedBy} ${pid} ${service}`))],
      ['unattributed 4 '],
    );
  });

  await t.test('attributes a reservation for an account to the one service that runs as it', async () => {
    const before = await rowsOn(agent, orders, (found) => found.length > 0);
    assert.deepEqual([...new Set(before.map(({ detectedBy }) => detectedBy))], ['unattributed']);
    // The token must belong to an existing process, here that of the agent.
    const { pid } = (await agent.client.status()).agent;
    file('services.txt', [
      ...services,
      `name=Orders|start=2|state=4|pid=${pid}|type=0x10|account=.\\svc-orders|path=C:\\orders.exe`,
    ]);
    const rows = await rowsOn(agent, orders, ([row]) => row?.detectedBy === 'url reservation');
    assert.deepEqual(
      [...new Set(rows.map(({ containerId, service }) => `${containerId} ${service}`))],
      ['/win/Orders Orders'],
    );
  });

  await t.test(
    'reports a shared IIS configuration and refused reservations, and keeps the last reservations',
    async () => {
      writeFileSync(
        join(inetsrv, 'redirection.config'),
        '<configuration><configurationRedirection enabled="true" path="\\\\files\\iis" /></configuration>',
      );
      rmSync(join(folder, 'reservations.txt'));
      await rowsOn(agent, web, ([row]) => row?.detectedBy === 'unattributed');
      const { missing } = await agent.client.status();
      const reasonOf = (part: string) => missing.find((each) => each.part === part)?.reason ?? '';
      assert.match(reasonOf('bindings of IIS sites'), /shared, in \\\\files\\iis/);
      assert.match(reasonOf('URL reservations'), /HttpQueryServiceConfiguration: access denied \(5\)/);
      const [kept] = await rowsOn(agent, management, (found) => found.length > 0);
      assert.equal(kept!.service, 'WinRM');
    },
  );
  assert.equal((await agent.stop()).code, 0);

  await t.test('continues with the httpapi of Wine, and reports what is missing', async () => {
    const plain = await useDoubles(wine, ['services', 'socketOwners']);
    const other = await startWineAgent(wine, { ...plain, env: { ...env, ...plain.env } });
    const { missing } = await other.client.status();
    assert.match(
      missing.find(({ part }) => part === 'URL reservations')?.reason ?? '',
      /HttpQueryServiceConfiguration/,
    );
    assert.equal((await other.stop()).code, 0);
  });
});

type Row = Awaited<ReturnType<WineAgent['client']['listeners']>>['listeners'][number];

/** Polls for listeners on the port until they fulfil the condition. */
async function rowsOn(agent: WineAgent, port: number, ready: (rows: readonly Row[]) => boolean): Promise<Row[]> {
  for (let rounds = 0; ; rounds++) {
    const rows = (await agent.client.listeners()).listeners.filter(({ address }) => address.endsWith(`:${port}`));
    if (ready(rows)) return rows;
    assert.ok(rounds < 20, `not in ${rounds} rounds: ${JSON.stringify(rows)}`);
    await agent.passes(1);
  }
}
