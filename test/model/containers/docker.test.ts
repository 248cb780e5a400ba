// Docker containers in the model: identity, restarts, usage, processes, listeners, limits, and a daemon that is away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { DockerContainer, DockerDaemon, DockerStats } from '../../../src/sources/host.ts';
import { aDaemon, aDockerContainer, dockerId, someStats } from '../../helpers/docker-records.ts';
import { aModel, containerOf, round, wall, web } from '../../helpers/model.ts';
import { observation, type ProcessRow } from '../../helpers/observations.ts';

interface DockerRound {
  docker?: DockerDaemon | readonly DockerContainer[];
  stats?: readonly DockerStats[];
  processes?: readonly ProcessRow[];
}

/** A round with one service, which has process 100. */
function dockerRound(model: HostModel, atMs: number, { docker, stats, processes = [] }: DockerRound): void {
  if (docker) {
    const daemon = 'state' in docker ? docker : aDaemon(docker);
    model.observe(observation('dockerContainers', daemon, { atMs }));
  }
  if (stats) model.observe(observation('dockerStats', stats, { atMs }));
  const service = { pid: 100, createdAtMs: wall(-1000) };
  round(model, atMs, { services: [web()], processes: [service, ...processes] });
}

const shop = (values: Partial<DockerContainer> = {}) =>
  aDockerContainer({ name: 'shop', startedAtMs: wall(-60_000), ...values });
const id = '/docker/shop';

test('never matches a Hyper-V container with processes of the host', () => {
  const model = aModel();
  const networks = [{ name: 'nat', endpoint: 'e', addresses: ['172.25.0.12'] }];
  dockerRound(model, 0, { docker: [shop({ isolation: 'hyperv', networks })] });
  const container = containerOf(model, id);
  assert.equal(container.state, 'running');
  assert.deepEqual(container.pids, []);
  assert.deepEqual(container.listeners, [{ address: '172.25.0.12:0', proxy: '', reported: true }]);
  assert.equal(containerOf(model).state, 'running');
});

test('a pid of Docker that a service has hides neither of them', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop({ pid: 100, startedAtMs: wall(-900) })] });
  assert.equal(containerOf(model).state, 'running');
  assert.equal(containerOf(model, id).state, 'running');
});

test('leaves out a process that has the pid since the container has exited', () => {
  const model = aModel();
  dockerRound(model, 100_000, {
    docker: [shop({ pid: 500, startedAtMs: wall(0) })],
    processes: [{ pid: 500, createdAtMs: wall(90_000) }],
  });
  assert.deepEqual(containerOf(model, id).pids, []);
});

test('has all processes of the session of a container, also those that its services started', () => {
  const model = aModel();
  const createdAtMs = wall(-60_000);
  const row = (pid: number, parentPid: number, name: string, sessionId = 3): ProcessRow => {
    return { pid, parentPid, name, sessionId, createdAtMs };
  };
  dockerRound(model, 0, {
    docker: [shop({ pid: 510 })],
    processes: [
      row(500, 490, 'smss.exe'),
      row(501, 500, 'services.exe'),
      row(510, 505, 'ServiceMonitor.exe'),
      row(520, 501, 'w3wp.exe'),
      row(600, 590, 'explorer.exe', 1),
    ],
  });
  assert.deepEqual(containerOf(model, id).pids, [510, 500, 501, 520]);
  assert.deepEqual([...containerOf(model, id).applicationTypes.keys()], ['dotnet']);
});

test('an interactive session belongs to no container', () => {
  const model = aModel();
  const createdAtMs = wall(-60_000);
  dockerRound(model, 0, {
    docker: [shop({ pid: 510 })],
    processes: [
      { pid: 510, createdAtMs, sessionId: 1 },
      { pid: 600, createdAtMs, sessionId: 1, name: 'explorer.exe' },
    ],
  });
  assert.deepEqual(containerOf(model, id).pids, [510]);
});

test('another start is a restart, whatever the pid is, with the cause by the exit code', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop({ isolation: 'hyperv' })] });
  const second = { isolation: 'hyperv', startedAtMs: wall(10_000) } as const;
  dockerRound(model, 15_000, { docker: [shop({ ...second, lastExit: { code: -1_073_741_819, atMs: wall(9000) } })] });
  const third = { isolation: 'hyperv', startedAtMs: wall(20_000) } as const;
  dockerRound(model, 30_000, { docker: [shop({ ...third, lastExit: { code: 0, atMs: wall(19_000) } })] });
  dockerRound(model, 45_000, { docker: [shop({ ...third, lastExit: { code: 0, atMs: wall(19_000) } })] });
  const { history } = containerOf(model, id);
  assert.equal(history.total, 2);
  assert.equal(history.count('crash'), 1);
  assert.equal(history.count('planned'), 1);
  assert.equal(history.lastExit?.code, 0);
});

test('counts every restart by the restart policy between two ticks', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop({ restartCount: 40 })] });
  dockerRound(model, 15_000, { docker: [shop({ restartCount: 43, startedAtMs: wall(14_000) })] });
  dockerRound(model, 30_000, { docker: [shop({ restartCount: 43, startedAtMs: wall(14_000) })] });
  // Another container with the same name.
  const created = { id: dockerId('b'), restartCount: 0, startedAtMs: wall(40_000) };
  dockerRound(model, 45_000, { docker: [shop(created)] });
  assert.equal(containerOf(model, id).restarts, 4);
});

test('a redeployed container has its new image at once and keeps its id and counters', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop()], stats: [someStats({ cpuMs: 1000 })] });
  dockerRound(model, 15_000, { docker: [shop()], stats: [someStats({ cpuMs: 4000 })] });
  const next = shop({ id: dockerId('b'), image: 'web:2', startedAtMs: wall(20_000) });
  dockerRound(model, 30_000, { docker: [next], stats: [someStats({ id: dockerId('b'), cpuMs: 500 })] });
  const container = containerOf(model, id);
  assert.equal(container.image, 'web:2');
  assert.equal(container.cpuSeconds, 3.5);
  assert.equal(model.containers.byDockerId(dockerId('b')), container);
  assert.equal(model.containers.byDockerId(dockerId('a')), undefined);
});

test('processor time never decreases: a lower value and statistics of the run before add nothing', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop()], stats: [someStats({ cpuMs: 100_000 })] });
  assert.equal(containerOf(model, id).cpuSeconds, 0);
  dockerRound(model, 15_000, { stats: [someStats({ cpuMs: 101_000 })] });
  dockerRound(model, 30_000, { stats: [someStats({ cpuMs: 7 })] });
  dockerRound(model, 45_000, { stats: [someStats({ cpuMs: 101_500 })] });
  assert.equal(containerOf(model, id).cpuSeconds, 1.5);
  // It was started 2 s ago, the statistics were read 10 s ago.
  const late = someStats({ cpuMs: 101_900, ageMs: 10_000 });
  dockerRound(model, 60_000, { docker: [shop({ startedAtMs: wall(58_000) })], stats: [late] });
  assert.equal(containerOf(model, id).cpuSeconds, 1.5);
  dockerRound(model, 75_000, { stats: [someStats({ cpuMs: 250 })] });
  assert.equal(containerOf(model, id).cpuSeconds, 1.75);
});

test('counts all of what a container has used that was started after the agent', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [] });
  dockerRound(model, 15_000, { docker: [shop({ startedAtMs: wall(5000) })], stats: [someStats({ cpuMs: 2500 })] });
  assert.equal(containerOf(model, id).cpuSeconds, 2.5);
});

test('statistics have an age, and say nothing after two minutes', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop()], stats: [someStats({ ageMs: 4000 })] });
  const container = containerOf(model, id);
  assert.equal(container.docker?.statsAgeMs(model.clock.monoMs), 4010);
  assert.equal(container.isMeasured(model.clock.monoMs), true);
  dockerRound(model, 130_000, { docker: [shop()] });
  assert.equal(container.isMeasured(model.clock.monoMs), false);
});

test('refreshes published ports, without those of the ephemeral range in metrics', () => {
  const model = aModel({ network: { ephemeralPorts: [{ from: 50_000, to: 60_000 }] } });
  const port = (hostPort: number, protocol: 'tcp' | 'udp' = 'tcp') => {
    return { protocol, hostIp: '0.0.0.0', hostPort, containerPort: 80 };
  };
  dockerRound(model, 0, { docker: [shop({ ports: [port(8080), port(8080), port(53, 'udp')] })] });
  const first = containerOf(model, id).listeners;
  assert.deepEqual(first, [{ address: '0.0.0.0:8080', proxy: 'dockerd', reported: true }]);
  dockerRound(model, 15_000, { docker: [shop({ ports: [port(8080), port(50_001)] })] });
  const second = containerOf(model, id).listeners;
  assert.equal(second[0], first[0]);
  assert.deepEqual(second[1], { address: '0.0.0.0:50001', proxy: 'dockerd', reported: false });
});

test('has the limits that were set, and none that was not', () => {
  const model = aModel();
  model.observe(observation('cpu', { logicalProcessors: 8, userMs: 1, systemMs: 1, idleMs: 1 }, { atMs: 0 }));
  const limitsOf = (limits: DockerContainer['limits'], isolation: DockerContainer['isolation'] = 'process') => {
    dockerRound(model, 0, { docker: [shop({ limits, isolation })] });
    const { memoryBytes, cpuCores } = containerOf(model, id).limits;
    return { memoryBytes, cpuCores };
  };
  assert.deepEqual(limitsOf({ memoryBytes: 512, nanoCpus: 1_500_000_000 }), { memoryBytes: 512, cpuCores: 1.5 });
  assert.deepEqual(limitsOf({ cpuCount: 2, cpuPercent: 10 }), { memoryBytes: undefined, cpuCores: 2 });
  assert.deepEqual(limitsOf({ cpuPercent: 25 }), { memoryBytes: undefined, cpuCores: 2 });
  assert.deepEqual(limitsOf({}, 'hyperv'), { memoryBytes: undefined, cpuCores: undefined });
});

test('a daemon that does not answer keeps its containers, except those whose process has exited', () => {
  const model = aModel();
  const docker = [
    shop({ pid: 500, startedAtMs: wall(-1000) }),
    aDockerContainer({ name: 'vm', id: dockerId('c'), isolation: 'hyperv', startedAtMs: wall(-1000) }),
  ];
  const processes = [{ pid: 500, createdAtMs: wall(-1000) }];
  dockerRound(model, 0, { docker, processes });
  const away = aDaemon(docker, { state: 'retrying', reason: 'it hangs', sinceMs: 5, nextAttemptAtMs: 9 });
  dockerRound(model, 15_000, { docker: away, processes });
  assert.equal(containerOf(model, id).state, 'running');
  assert.deepEqual(model.docker.retry, { part: 'Docker', reason: 'it hangs', sinceMs: 5, nextAttemptAtMs: 9 });
  dockerRound(model, 30_000, {});
  assert.equal(containerOf(model, id).state, 'gone');
  assert.equal(containerOf(model, '/docker/vm').state, 'running');
  dockerRound(model, 330_000, {});
  assert.equal(containerOf(model, '/docker/vm').state, 'gone');
});

test('an exited container has failed if its exit code is no success', () => {
  const model = aModel();
  dockerRound(model, 0, { docker: [shop()] });
  const exited = (code: number) => shop({ state: 'exited', lastExit: { code, atMs: wall(10_000) } });
  dockerRound(model, 15_000, { docker: [exited(1)] });
  assert.equal(containerOf(model, id).state, 'failed');
  dockerRound(model, 30_000, { docker: [exited(0)] });
  assert.equal(containerOf(model, id).state, 'stopped');
});

test('the filter of container ids applies to containers of Docker', () => {
  const model = aModel({ filter: (each) => (each === id ? 'denied' : 'selected') });
  dockerRound(model, 0, { docker: [shop(), aDockerContainer({ name: 'other', id: dockerId('c') })] });
  assert.deepEqual(
    model.containers.all().map((each) => each.id),
    ['/win/web', '/docker/other'],
  );
});
