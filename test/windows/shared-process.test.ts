// A process that several services share: the services of its sockets, from real tables and a double.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileC, whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { freePort } from '../helpers/ports.ts';
import { startWineAgent, type WineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

const SHARED = 4800;
const path = 'C:\\Windows\\system32\\svchost.exe -k NetworkService';
const services = [
  `name=Dnscache|display=DNS Client|start=2|state=4|pid=${SHARED}|type=0x20|path=${path} -p`,
  `name=CryptSvc|start=2|state=4|pid=${SHARED}|type=0x20|path=${path} -p`,
  `name=SessionEnv|start=3|state=4|pid=${SHARED}|type=0x20|path=${path}`,
];

test('a process that several services share', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-shared-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return wine.toWindowsPath(join(folder, name));
  };
  const program = await compileC({
    source: join(import.meta.dirname, 'mesh/demo-service.c'),
    kind: 'exe',
    libraries: ['ws2_32', 'advapi32'],
  });
  const [dns, rdp, free, server, blocked] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  wine.spawn(program, ['--plain', '-l', String(server)]);
  wine.spawn(program, [
    '--plain',
    ...[dns, rdp, free, blocked].flatMap((port) => ['-l', String(port)]),
    '-c',
    String(server),
  ]);
  const owned = (rules: readonly string[]) => file('sockets.txt', rules);
  // The double assigns the sockets of a real process to the pid of the services.
  const rules = [
    `local=${dns} pid=${SHARED} module=dnscache`,
    `local=${rdp} pid=${SHARED} module=SessionEnv`,
    `local=${free} pid=${SHARED} module=svchost.exe`,
    `local=${blocked} pid=${SHARED} error=8`,
    `remote=${server} pid=${SHARED} module=CryptSvc`,
  ];
  const doubles = await useDoubles(wine, ['services', 'socketOwners']);
  const env = {
    ...doubles.env,
    COROOT_TEST_SERVICES: file('services.txt', services),
    COROOT_TEST_SOCKETS: owned(rules),
  };

  await t.test('attributes each socket to its service, or to none', async () => {
    const agent = await startWineAgent(wine, { ...doubles, env });
    const group = await groupOf(
      agent,
      ({ unattributed, services: found }) => unattributed.listeners.length === 2 && found[1]!.connections.length === 1,
    );
    assert.deepEqual([group.pid, group.group], [SHARED, 'NetworkService']);
    assert.deepEqual(
      group.services.map(({ name, rule, containerId, listeners, connections }) => [
        name,
        rule,
        containerId,
        listeners,
        connections.map(({ destination }) => destination),
      ]),
      [
        ['Dnscache', 'selected', '/win/Dnscache', [`127.0.0.1:${dns}`], []],
        ['CryptSvc', 'selected', '/win/CryptSvc', [], [`127.0.0.1:${server}`]],
        ['SessionEnv', 'manual-start', '', [`127.0.0.1:${rdp}`], []],
      ],
    );
    assert.deepEqual(group.unattributed.listeners.sort(), [`127.0.0.1:${free}`, `127.0.0.1:${blocked}`].sort());
    const { connections } = await agent.client.connections({ container: ['/win/CryptSvc'] });
    assert.deepEqual(
      connections.map(({ destination, active }) => [destination, active]),
      [[`127.0.0.1:${server}`, 1]],
    );
    const metrics = await (await fetch(`http://${agent.address}/metrics`)).text();
    assert.doesNotMatch(metrics, /Dnscache|CryptSvc/);
    const { missing } = await agent.client.status();
    assert.match(
      missing.find(({ part }) => part === 'services behind the sockets of shared processes')?.reason ?? '',
      /not enough memory/,
    );
    assert.equal((await agent.stop()).code, 0);
  });

  await t.test('without the required right no service is reported, and the status names the right', async () => {
    owned(rules.map((rule) => rule.replace(/ (module|error)=\S+/, ' error=5')));
    const agent = await startWineAgent(wine, { ...doubles, env });
    const group = await groupOf(agent, ({ unattributed }) => unattributed.listeners.length === 4);
    assert.equal((await agent.client.serviceGroups()).socketsByService, false);
    assert.deepEqual(
      group.services.flatMap(({ listeners }) => listeners),
      [],
    );
    const { missing } = await agent.client.status();
    const names = missing.find(({ part }) => part === 'services behind the sockets of shared processes');
    assert.match(`${names?.reason} ${names?.requiredRight}`, /access denied \(5\) .*administrator/);
    assert.equal((await agent.stop()).code, 0);
  });

  await t.test('continues on a system without the function, and reports what is missing', async () => {
    const plain = await useDoubles(wine, ['services']);
    const agent = await startWineAgent(wine, { ...plain, env: { ...env, ...plain.env } });
    // Without the double no socket has that pid, so the services get the pid of the agent, which has a listener.
    const { agent: self } = await agent.client.status();
    file(
      'services.txt',
      services.map((line) => line.replace(`pid=${SHARED}`, `pid=${self.pid}`)),
    );
    const group = await groupOf(agent, ({ unattributed }) => unattributed.listeners.length === 1, self.pid);
    assert.deepEqual(group.unattributed.listeners, [agent.address]);
    const { missing } = await agent.client.status();
    const names = missing.find(({ part }) => part === 'services behind the sockets of shared processes');
    assert.match(names?.reason ?? '', /GetOwnerModuleFromTcpEntry/);
    assert.equal((await agent.stop()).code, 0);
  });
});

/** Polls for the group with the pid until it fulfils the condition. */
async function groupOf(agent: WineAgent, ready: (group: Group) => boolean, pid = SHARED): Promise<Group> {
  for (let rounds = 0; ; rounds++) {
    const group = (await agent.client.serviceGroups()).groups.find((each) => each.pid === pid);
    if (group && ready(group)) return group;
    assert.ok(rounds < 20, `not in ${rounds} rounds: ${JSON.stringify(group)}`);
    await agent.passes(1);
  }
}

type Group = Awaited<ReturnType<WineAgent['client']['serviceGroups']>>['groups'][number];
