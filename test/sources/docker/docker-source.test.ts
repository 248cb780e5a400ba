// The source of Docker against a fake daemon: what it reports, and what failures of the daemon do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DockerFixture } from '../../helpers/docker-fixture.ts';
import { answer, fakeContainer, windowsStats } from '../../helpers/fake-docker.ts';

async function fixture(run: (docker: DockerFixture) => Promise<void>, docker = new DockerFixture()): Promise<void> {
  try {
    await run(docker);
  } finally {
    await docker.close();
  }
}

test('reports containers with the isolation of their inspect and no pid of Hyper-V', () =>
  fixture(async (docker) => {
    docker.daemon.add(
      fakeContainer({ name: 'web', pid: 5620 }),
      fakeContainer({ name: 'vm', isolation: 'hyperv', pid: 292 }),
    );
    await docker.start();
    const web = docker.container('web');
    assert.equal(web?.isolation, 'process');
    assert.equal(web?.pid, 5620);
    assert.equal(web?.startedAtMs, Date.parse('2026-11-20T10:00:00.123Z'));
    const vm = docker.container('vm');
    assert.equal(vm?.isolation, 'hyperv');
    assert.equal(vm?.pid, undefined);
    assert.equal(docker.daemonState?.apiVersion, '1.47');
    assert.ok(docker.daemon.requests.some((path) => path.startsWith('/v1.47/containers/json')));
  }));

test('reports statistics with their age after a tick', () =>
  fixture(async (docker) => {
    docker.daemon.add(fakeContainer({ name: 'web', stats: windowsStats({ cpu: 20_000_000, memory: 5000 }) }));
    await docker.start();
    await docker.until(() => docker.daemon.count('/stats') === 1);
    await docker.until(() => {
      docker.nowMs += 4;
      docker.tick();
      return (docker.stats[0]?.ageMs ?? 0) > 0;
    });
    const [stats] = docker.stats;
    // 20,000,000 units of 100 ns are two seconds.
    assert.equal(stats?.cpuMs, 2000);
    assert.equal(stats?.privateWorkingSetBytes, 5000);
    assert.equal(stats?.networks[0]?.endpoint, 'df8bfb10-dbdb-6022-17e1-9bcce2f93b29');
  }));

test('shows a redeployed container with its new image in the next tick', () =>
  fixture(async (docker) => {
    const old = fakeContainer({ name: 'web', image: 'web:1' });
    docker.daemon.add(old);
    await docker.start();
    assert.equal(docker.container('web')?.image, 'web:1');
    docker.daemon.containers.delete(old.id);
    const next = fakeContainer({ name: 'web', image: 'web:2', startedAt: '2026-11-21T10:00:00Z' });
    docker.daemon.add(next);
    docker.daemon.event(old.id, 'die', { exitCode: '0' });
    docker.daemon.event(old.id, 'destroy');
    docker.daemon.event(next.id, 'start');
    await docker.until(() => docker.container('web')?.image === 'web:2');
    assert.equal(docker.daemonState?.containers.length, 1);
  }));

test('refreshes ports and networks after an event of a network', () =>
  fixture(async (docker) => {
    const web = fakeContainer({ name: 'web' });
    docker.daemon.add(web);
    await docker.start();
    assert.deepEqual(docker.container('web')?.ports, []);
    web.ports = { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '443/tcp': null };
    web.networks = { front: { EndpointID: 'EF', IPAddress: '172.30.0.5', GlobalIPv6Address: 'fe80::1' } };
    const network = { Type: 'network', Action: 'connect', Actor: { ID: 'n', Attributes: { container: web.id } } };
    docker.daemon.sendEvents(`${JSON.stringify(network)}\n`);
    await docker.until(() => docker.container('web')?.ports.length === 1);
    const { ports, networks } = docker.container('web')!;
    assert.deepEqual(ports, [{ protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80 }]);
    assert.deepEqual(networks, [{ name: 'front', endpoint: 'ef', addresses: ['172.30.0.5'] }]);
  }));

test('finds what no event reported by the list a minute later', () =>
  fixture(async (docker) => {
    const gone = fakeContainer({ name: 'gone' });
    docker.daemon.add(gone);
    await docker.start();
    docker.daemon.containers.delete(gone.id);
    docker.daemon.add(fakeContainer({ name: 'silent' }));
    docker.advance(61_000);
    await docker.until(() => docker.container('silent') !== undefined && docker.container('gone') === undefined);
  }));

test('keeps an exited container with its exit code', () =>
  fixture(async (docker) => {
    const job = fakeContainer({ name: 'job' });
    docker.daemon.add(job);
    await docker.start();
    Object.assign(job, { running: false, exitCode: 3, finishedAt: '2026-11-20T18:30:00.5+08:00' });
    docker.daemon.event(job.id, 'die', { exitCode: '3' });
    await docker.until(() => docker.container('job')?.state === 'exited');
    assert.deepEqual(docker.container('job')?.lastExit, { code: 3, atMs: Date.parse('2026-11-20T10:30:00.500Z') });
  }));

test('says of a container that runs again when it exited before', () =>
  fixture(async (docker) => {
    docker.daemon.add(fakeContainer({ name: 'first' }));
    docker.daemon.add(fakeContainer({ name: 'again', finishedAt: '2026-11-20T18:30:00.5+08:00' }));
    await docker.start();
    await docker.until(() => docker.container('first') !== undefined && docker.container('again') !== undefined);
    assert.equal(docker.container('first')?.finishedAtMs, undefined);
    assert.equal(docker.container('again')?.finishedAtMs, Date.parse('2026-11-20T10:30:00.500Z'));
  }));

test('keeps the list, says since when and connects again after the event stream was cut off', () =>
  fixture(async (docker) => {
    docker.daemon.add(fakeContainer({ name: 'web' }));
    await docker.start();
    docker.daemon.cutStreams();
    await docker.until(() => docker.daemonState?.state === 'retrying');
    const { sinceMs, nextAttemptAtMs, reason, containers } = docker.daemonState!;
    assert.equal(containers.length, 1);
    assert.equal(sinceMs, 1_700_000_001_000);
    assert.equal(nextAttemptAtMs, sinceMs + 1000);
    assert.match(reason, /events|connection/i);
    docker.daemon.add(fakeContainer({ name: 'later' }));
    docker.advance(1000);
    await docker.until(() => docker.container('later') !== undefined);
    assert.equal(docker.daemonState?.state, 'running');
    assert.equal(docker.daemonState?.reason, '');
  }));

test('a daemon that does not answer delays neither start, tick nor stop, and is tried again', () =>
  fixture(async (docker) => {
    docker.daemon.misbehaviours.set('/version', () => {});
    await docker.daemon.listen(docker.socketPath);
    await docker.source.start((observation) => docker.observations.push(observation));
    docker.tick();
    await docker.until(() => docker.daemonState?.state === 'retrying');
    assert.match(docker.daemonState!.reason, /did not answer within/);
    for (let attempts = 1; attempts < 4; attempts++) {
      const before = docker.daemon.count('/version');
      docker.advance(1_000_000);
      await docker.until(() => docker.daemon.count('/version') === before + 1);
      await docker.until(() => docker.daemonState!.nextAttemptAtMs! > 1_700_000_000_000 + docker.nowMs);
    }
    docker.daemon.misbehaviours.clear();
    docker.advance(1_000_000);
    await docker.until(() => docker.tick()?.state === 'running');
    await docker.source.stop();
  }, new DockerFixture({}, 200)));

test('reports the containers that answer while the inspect of one hangs', () =>
  fixture(async (docker) => {
    const slow = fakeContainer({ name: 'slow' });
    docker.daemon.add(slow, ...Array.from({ length: 20 }, (_, i) => fakeContainer({ name: `web-${i}` })));
    docker.daemon.misbehaviours.set(`${slow.id}/json`, () => {});
    await docker.start();
    assert.equal(docker.daemonState?.containers.length, 20);
    assert.deepEqual(docker.daemonState?.dropped, { 'inspect timeout': 1 });
    docker.daemon.misbehaviours.clear();
    docker.advance(10_000);
    await docker.until(() => docker.container('slow') !== undefined);
  }, new DockerFixture({}, 200)));

test('a container that is removed between list and inspect is left out', () =>
  fixture(async (docker) => {
    const gone = fakeContainer({ name: 'gone' });
    docker.daemon.add(gone, fakeContainer({ name: 'web' }));
    docker.daemon.misbehaviours.set(`${gone.id}/json`, (_request, response) =>
      answer(response, 404, { message: 'no' }),
    );
    await docker.start();
    assert.deepEqual(
      docker.daemonState?.containers.map(({ name }) => name),
      ['web'],
    );
    assert.deepEqual(docker.daemonState?.dropped, {});
  }));

test('statistics that hang for many containers delay those of the others by no round', () =>
  fixture(async (docker) => {
    const slow = Array.from({ length: 10 }, (_, i) => fakeContainer({ name: `slow-${i}`, isolation: 'hyperv' }));
    docker.daemon.add(...slow, ...Array.from({ length: 5 }, (_, i) => fakeContainer({ name: `web-${i}` })));
    for (const { id } of slow) docker.daemon.misbehaviours.set(`${id}/stats`, () => {});
    await docker.start();
    // All of them fail once.
    await docker.until(() => (docker.tick()?.dropped['statistics timeout'] ?? 0) === 10);
    await docker.until(() => {
      docker.tick();
      return docker.stats.length === 5;
    });
    docker.nowMs += 15_000;
    docker.tick();
    docker.advance(7500);
    await docker.until(() => {
      docker.tick();
      return docker.stats.length === 10;
    });
  }, new DockerFixture({}, 200)));

test('an answer that is too large, garbage or cut off is counted and costs its container only', () =>
  fixture(async (docker) => {
    const [large, garbage, cut] = ['large', 'garbage', 'cut'].map((name) => fakeContainer({ name }));
    docker.daemon.add(large!, garbage!, cut!, fakeContainer({ name: 'web' }));
    docker.daemon.misbehaviours.set(`${large!.id}/json`, (_request, response) => {
      response.end(`{"Id":"${'x'.repeat(1_000_001)}"}`);
    });
    docker.daemon.misbehaviours.set(`${garbage!.id}/json`, (_request, response) => response.end('<html>'));
    docker.daemon.misbehaviours.set(`${cut!.id}/json`, (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"Id":');
      setImmediate(() => response.destroy());
    });
    await docker.start();
    assert.deepEqual(
      docker.daemonState?.containers.map(({ name }) => name),
      ['web'],
    );
    const expected = { 'inspect too large': 1, 'inspect malformed': 1, 'inspect connection': 1 };
    assert.deepEqual(docker.daemonState?.dropped, expected);
  }));

test('follows no redirect to another address', () =>
  fixture(async (docker) => {
    docker.daemon.misbehaviours.set('/version', (_request, response) => {
      response.writeHead(307, { location: 'http://127.0.0.1:1/' });
      response.end();
    });
    await docker.daemon.listen(docker.socketPath);
    await docker.source.start((observation) => docker.observations.push(observation));
    await docker.until(() => docker.daemonState?.state === 'retrying');
    assert.match(docker.daemonState!.reason, /status 307/);
  }));

test('events that are garbage, cut anywhere or too long are counted and end nothing', () =>
  fixture(async (docker) => {
    const web = fakeContainer({ name: 'web' });
    docker.daemon.add(web);
    await docker.start();
    docker.daemon.sendEvents('{"Type":"container","Action":"start"}\nnull\n[]\n{"x\n\u0000\n');
    docker.daemon.sendEvents(`${'x'.repeat(300_000)}\n`);
    web.image = 'web:2';
    const event = Buffer.from(
      `${JSON.stringify({ Type: 'container', Action: 'update', Actor: { ID: web.id, Attributes: { ü: 'ü' } } })}\n`,
    );
    for (const byte of event) docker.daemon.sendEvents(Uint8Array.of(byte));
    await docker.until(() => docker.container('web')?.image === 'web:2');
    assert.deepEqual(docker.daemonState?.dropped, { 'event malformed': 2, 'event too long': 1 });
  }));

test('1,000 containers are inspected four at a time', () =>
  fixture(async (docker) => {
    docker.daemon.add(...Array.from({ length: 1000 }, (_, i) => fakeContainer({ name: `c${i}` })));
    let open = 0;
    let most = 0;
    for (const [id, container] of docker.daemon.containers) {
      docker.daemon.misbehaviours.set(`${id}/json`, (_request, response) => {
        most = Math.max(most, ++open);
        setImmediate(() => {
          open--;
          docker.daemon.misbehaviours.delete(`${id}/json`);
          response.end(JSON.stringify({ Id: id, Name: `/${container.name}`, State: { Running: true } }));
        });
      });
    }
    await docker.start();
    assert.equal(docker.daemonState?.containers.length, 1000);
    assert.ok(most <= 4, `${most} inspects at the same time`);
  }));

test('pushes nothing while there is no pipe, and connects when one appears', async () => {
  let exists = false;
  const docker: DockerFixture = new DockerFixture({
    host: '',
    exists: async () => exists,
    open: async () => {
      const { DockerClient } = await import('../../../src/sources/docker/docker-client.ts');
      return new DockerClient({ text: '', address: { kind: 'socket', socketPath: docker.socketPath } });
    },
  });
  await fixture(async () => {
    docker.daemon.add(fakeContainer({ name: 'web' }));
    await docker.daemon.listen(docker.socketPath);
    await docker.source.start((observation) => docker.observations.push(observation));
    for (let ticks = 0; ticks < 3; ticks++) {
      docker.tick();
      await new Promise(setImmediate);
    }
    assert.deepEqual(docker.observations, []);
    exists = true;
    await docker.until(() => docker.container('web') !== undefined);
  }, docker);
});

test('names the right that is missing when the pipe refuses the agent', async () => {
  const { AnswerError } = await import('../../../src/sources/docker/answer-error.ts');
  const docker = new DockerFixture({
    open: async () => {
      throw new AnswerError('connection', 'EACCES', 0, { cause: Object.assign(new Error(), { code: 'EACCES' }) });
    },
  });
  await fixture(async () => {
    await docker.daemon.listen(docker.socketPath);
    await docker.source.start((observation) => docker.observations.push(observation));
    await docker.until(() => docker.observations.length === 1);
    assert.match(docker.observations[0]!.degraded?.[0]?.requiredRight ?? '', /an administrator, elevated/);
  }, docker);
});
