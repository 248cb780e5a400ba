// The Windows build with real services under Wine: the processes, listeners and connections of each one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import type { ContainerView } from '../../src/api/resources/containers.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { createMesh, type Mesh } from './mesh/mesh.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const RUNNING = 4;

/** The rule of the reference: automatic start and running. Ids have `_` for `$`. */
async function expectedContainers(mesh: Mesh): Promise<Map<string, number>> {
  const automatic = new Set(mesh.services.filter(({ start }) => start === 'auto').map(({ name }) => name));
  const { services } = await mesh.expected();
  return new Map(
    services
      .filter(({ name, state }) => automatic.has(name) && state === RUNNING)
      .map(({ name, pid }) => [idOf(name), pid]),
  );
}

function idOf(name: string): string {
  return `/win/${name.replaceAll('$', '_')}`;
}

test('a mesh of demo services under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const mesh = await createMesh(wine);
  await mesh.start();
  const agent = await startWineAgent(wine);
  const ids = new Set(mesh.services.map(({ name }) => idOf(name)));
  /** Containers of the mesh; Wine has services of its own. */
  const containers = async (): Promise<Map<string, ContainerView>> => {
    const answer = await agent.client.containers();
    return new Map(answer.containers.filter(({ id }) => ids.has(id)).map((container) => [container.id, container]));
  };

  await t.test('each running automatic service is a container with its pid', async () => {
    await agent.passes(1);
    const expected = await expectedContainers(mesh);
    const found = await containers();
    assert.deepEqual(
      [...found].map(([id, { pid }]) => `${id} ${pid}`).sort(),
      [...expected].map(([id, pid]) => `${id} ${pid}`).sort(),
    );
  });

  await t.test('each other service is listed with the rule that excludes it', async () => {
    const { services } = await agent.client.services();
    const rules = new Map(services.map(({ name, rule }) => [name, rule]));
    assert.equal(rules.get('mail-relay'), 'manual-start');
    assert.equal(rules.get('backup-agent'), 'not-running');
    assert.equal(rules.get('redis_6379'), 'selected');
    const facts = await mesh.expected();
    for (const { name, pid } of facts.services)
      assert.equal(services.find((service) => service.name === name)?.pid, pid, name);
  });

  await t.test('finds each listener and no other', async () => {
    await agent.passes(1);
    const { listeners } = await mesh.expected();
    const found = await containers();
    const hostAddresses = found.get('/win/edge_443')!.listeners.map(({ address }) => address.replace(/:\d+$/, ''));
    assert.ok(hostAddresses.includes('127.0.0.1'));
    const expected = listeners
      .filter(({ service }) => found.has(idOf(service)))
      .flatMap(({ service, address, port }) => {
        const addresses = address === '0.0.0.0' ? hostAddresses : [address];
        return addresses.map((ip) => `${idOf(service)} ${ip}:${port}`);
      });
    const actual = [...found.values()].flatMap(({ id, listeners: own }) =>
      own.map(({ address }) => `${id} ${address}`),
    );
    assert.deepEqual(actual.sort(), expected.sort());
  });

  await t.test('finds each connection and no other', async () => {
    const facts = await mesh.expected();
    const found = await containers();
    const expected = facts.connections
      .filter(({ service }) => found.has(idOf(service)))
      .map(({ service, address, port }) => `${idOf(service)} ${address}:${port} 1`);
    const { connections } = await agent.client.connections();
    const actual = connections
      .filter(({ containerId }) => found.has(containerId))
      .map(({ containerId, destination, active }) => `${containerId} ${destination} ${active}`);
    assert.deepEqual(actual.sort(), expected.sort());
  });

  await t.test('counts the CPU time of a child process for its service', async () => {
    const before = (await containers()).get('/win/payments')!;
    assert.ok(before.pids.length >= 2, 'the child process is in the tree');
    await agent.passes(3);
    const after = (await containers()).get('/win/payments')!;
    assert.ok(after.cpuSeconds > before.cpuSeconds, `${before.cpuSeconds} s, then ${after.cpuSeconds} s`);
    assert.ok(after.rssBytes > 0);
  });

  await t.test('counts a restart of a service', async () => {
    const before = (await containers()).get('/win/billing')!;
    await mesh.restart('billing');
    await agent.passes(1);
    const after = (await containers()).get('/win/billing')!;
    assert.equal(after.restarts, before.restarts + 1);
    assert.notEqual(after.pid, before.pid);
    assert.equal(after.pid, (await expectedContainers(mesh)).get('/win/billing'));
    assert.equal((await containers()).get('/win/orders-api')!.restarts, 0);
  });

  await t.test('a stopped service keeps its identity and loses its process, connections and listeners', async () => {
    await mesh.stop(['stock-reader']);
    await agent.passes(1);
    const stopped = (await containers()).get('/win/stock-reader')!;
    assert.deepEqual(
      {
        state: stopped.state,
        pid: stopped.pid,
        pids: stopped.pids,
        listeners: stopped.listeners,
        activeConnections: stopped.activeConnections,
      },
      { state: 'stopped', pid: 0, pids: [], listeners: [], activeConnections: 0 },
    );
    const metrics = await (await fetch(`http://${agent.address}/metrics`)).text();
    const families = metrics.split('\n').filter((line) => line.includes('container_id="/win/stock-reader"'));
    const causes = new Array<string>(3).fill('container_restarts_by_cause_total');
    assert.deepEqual(families.map((line) => line.split('{', 1)[0]).sort(), [
      'container_info',
      ...causes,
      'container_restarts_total',
    ]);
  });

  await t.test('reports what Wine lacks in the status, and nothing else', async () => {
    const { sources, host } = await agent.client.status();
    assert.match(host.platform, /^wine 10/);
    assert.deepEqual(
      sources.filter(({ available }) => !available).map(({ kind }) => kind),
      ['tcpStatistics'],
    );
    const missing = sources.flatMap(({ problems }) => problems).map((problem) => problem.replace(/:? .*$/, ''));
    // Channels of the Event Log, page lists, disk counters of each drive, the interface stack, the event session,
    // statistics of connections; the UUID where the firmware sets none.
    const always = ['channel', 'disk', 'exact', 'stack', 'the', 'tcpStatistics'];
    const lacking = [...always, ...(host.systemUuid === '' ? ['system'] : [])];
    assert.deepEqual([...new Set(missing)].sort(), lacking.sort());
  });

  await t.test('Ctrl-C stops the agent with exit code 0', async () => {
    const { code } = await agent.stop();
    assert.equal(code, 0, agent.printed());
    assert.match(agent.printed(), /stopped\r?\n$/);
  });
});
