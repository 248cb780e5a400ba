// Every route with its answer: nothing lost on the way to JSON, 503 before there is something to say, limits.
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type {
  ConnectionsAnswer,
  ContainersAnswer,
  ProcessesAnswer,
  ServicesAnswer,
  StatusAnswer,
} from '../../src/api/schemas.ts';
import { statusView } from '../../src/api/status.ts';
import { connectionsView, containerView, serviceView } from '../../src/api/views.ts';
import { catalogue } from '../../src/collectors/catalogue.ts';
import { anApi } from '../helpers/api.ts';
import { tcpStatistics } from '../helpers/event-tables.ts';
import { parseExposition } from '../helpers/exposition.ts';
import { aModel, denied, HOUR_MS, round, wall, web } from '../helpers/model.ts';
import { aHeader, anIdentity, aService, observation, tcpTable, unavailable } from '../helpers/observations.ts';

const config = { startType: 2, binaryPath: 'C:\\a.exe', account: 'LocalSystem' };
const { config: _none, ...withoutConfig } = aService({ name: 'secret', unreadable: denied });
const services = [
  web(),
  aService({ name: 'MSSQL$X', displayName: 'SQL "Server"', pid: 200 }),
  aService({ name: 'manual', config: { ...config, startType: 3 } }),
  withoutConfig,
];

function aShop() {
  const model = aModel();
  model.observe(observation('identity', anIdentity()));
  model.observe(observation('system', { uptimeMs: 3_600_999 }));
  round(model, 0, {
    services,
    processes: [
      {
        pid: 100,
        createdAtMs: wall(-HOUR_MS),
        workingSetBytes: 2 ** 40 + 1,
        privateWorkingSetBytes: 2 ** 40,
        imagePath: 'C:\\web.exe',
      },
      { pid: 101, parentPid: 100, createdAtMs: wall(-1), threads: 3, handles: 40 },
      { pid: 200, createdAtMs: wall(-HOUR_MS) },
    ],
    tcp: [
      tcpTable(4, [
        { local: '10.0.0.5:80', pid: 100 },
        { local: '10.0.0.5:50000', remote: '10.0.0.9:1', pid: 100 },
        { local: '10.0.0.5:50001', remote: '10.0.0.9:1', pid: 101 },
        { local: '10.0.0.5:50002', remote: '10.0.0.9:2', pid: 100 },
        { local: '10.0.0.5:50003', remote: '10.0.0.9:1', pid: 200 },
      ]),
    ],
  });
  return model;
}

test('alive is alive, before anything was collected', async () => {
  const response = await anApi().app.inject('/health');
  assert.deepEqual([response.statusCode, response.json()], [200, { status: 'ok' }]);
});

test('ready after the first pass, and until then it says why not', async () => {
  const { app, model, passes } = anApi();
  const before = await app.inject('/ready');
  assert.deepEqual(
    [before.statusCode, before.json()],
    [503, { ready: false, reason: 'the first collection pass has not finished yet' }],
  );
  passes.run(model, 0);
  const after = await app.inject('/ready');
  assert.deepEqual([after.statusCode, after.json()], [200, { ready: true, reason: '' }]);
  const stuck = anApi({ hostStatus: () => ({ kind: 'windows', detail: {}, problem: 'a system call hangs' }) });
  assert.equal((await stuck.app.inject('/ready')).json().reason, 'a system call hangs');
});

test('no metrics before the first pass, then the text of the last one', async () => {
  const { app, model, passes } = anApi({ model: aShop() });
  const before = await app.inject('/metrics');
  assert.deepEqual([before.statusCode, before.json().error.code], [503, 'NOT_READY']);
  passes.run(model, 0);
  const after = await app.inject('/metrics');
  assert.deepEqual(
    [after.statusCode, after.headers['content-type']],
    [200, 'text/plain; version=0.0.4; charset=utf-8'],
  );
  const names = parseExposition(after.body).map(({ name }) => name);
  assert.ok(names.includes('container_info') && names.includes('node_info'));
});

test('others have a turn between two pieces of the metrics', async () => {
  let turned = true;
  function* pieces() {
    for (let i = 0; i < 20; i++) {
      assert.ok(turned, `piece ${i}`);
      turned = false;
      setImmediate(() => {
        turned = true;
      });
      yield `# ${i}\n`;
    }
  }
  const { body } = await anApi({ exposition: () => ({ type: 'text/plain', pieces: pieces() }) }).app.inject('/metrics');
  assert.equal(body, Array.from({ length: 20 }, (_, i) => `# ${i}\n`).join(''));
});

test('metrics that fail in the middle are cut off, and the reason is told', async () => {
  function* pieces() {
    yield '# 1\n';
    throw new Error('no more');
  }
  const { app, internalErrors } = anApi({ exposition: () => ({ type: 'text/plain', pieces: pieces() }) });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    await assert.rejects(async () => (await fetch(`${address}/metrics`)).text());
    assert.deepEqual(internalErrors.map(String), ['Error: no more']);
  } finally {
    await app.close();
  }
});

test('a HEAD of the metrics has no text', async () => {
  const { statusCode, body } = await anApi({
    exposition: () => ({ type: 'text/plain', pieces: ['a 1\n'] }),
  }).app.inject({
    method: 'HEAD',
    url: '/metrics',
  });
  assert.deepEqual([statusCode, body], [200, '']);
});

test('who leaves in the middle of the metrics ends their making', async () => {
  const ended = Promise.withResolvers<void>();
  function* pieces() {
    try {
      for (;;) yield 'x'.repeat(10_000);
    } finally {
      ended.resolve();
    }
  }
  const { app } = anApi({ exposition: () => ({ type: 'text/plain', pieces: pieces() }) });
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const { port } = app.server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve) =>
      get({ host: '127.0.0.1', port, path: '/metrics' }, resolve),
    );
    response.destroy();
    await ended.promise;
  } finally {
    await app.close();
  }
});

test('containers come whole: what the view has, the answer has', async () => {
  const model = aShop();
  const answer = (await anApi({ model }).app.inject('/api/v1/containers')).json() as ContainersAnswer;
  assert.deepEqual(answer, { observedAtMs: wall(10), containers: model.containers.all().map(containerView) });
  assert.deepEqual(answer.containers[0], {
    id: '/win/web',
    name: 'web',
    kind: 'service',
    displayName: 'web',
    image: '',
    state: 'running',
    pid: 100,
    pids: [100, 101],
    applicationTypes: [],
    startedAtMs: wall(-HOUR_MS),
    restarts: 0,
    restartsByCause: { crash: 0, planned: 0, unknown: 0 },
    lastExit: { atMs: 0, code: 0, meaning: '' },
    cpuSeconds: 0,
    rssBytes: 2 ** 40,
    rssSource: 'private working set',
    limits: { memoryBytes: 0, cpuCores: 0, jobs: [], hasUnnamedJob: false },
    threads: 3,
    handles: 40,
    pageFaults: { hard: 0, soft: 0 },
    imagePath: 'C:\\web.exe',
    io: { source: 'all requests', device: 'C:', reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 },
    listeners: [{ address: '10.0.0.5:80', proxy: '', inMetrics: true }],
    activeConnections: 3,
  });
  assert.equal(answer.containers[1]!.displayName, 'SQL "Server"');
});

test('processes carry the path of their image and their containers', async () => {
  const { processes } = (await anApi({ model: aShop() }).app.inject('/api/v1/processes')).json() as ProcessesAnswer;
  assert.deepEqual(
    processes.map(({ pid, imagePath, containerIds }) => [pid, imagePath, containerIds]),
    [
      [100, 'C:\\web.exe', ['/win/web']],
      [101, '', ['/win/web']],
      [200, '', ['/win/MSSQL_X']],
    ],
  );
});

test('connections of all containers, of one, and of one that is not there', async () => {
  const model = aShop();
  const { app } = anApi({ model });
  const get = async (query: string) => (await app.inject(`/api/v1/connections${query}`)).json() as ConnectionsAnswer;
  const all = await get('');
  assert.deepEqual(all, connectionsView(model, { limit: 10_000 }));
  assert.deepEqual(
    all.connections.map(({ containerName, destination, actualDestination, active }) => [
      containerName,
      destination,
      actualDestination,
      active,
    ]),
    [
      ['web', '10.0.0.9:1', '10.0.0.9:1', 2],
      ['web', '10.0.0.9:2', '10.0.0.9:2', 1],
      ['MSSQL$X', '10.0.0.9:1', '10.0.0.9:1', 1],
    ],
  );
  assert.deepEqual(
    (await get(`?container=${encodeURIComponent('/win/MSSQL_X')}`)).connections.map(({ containerId }) => containerId),
    ['/win/MSSQL_X'],
  );
  assert.deepEqual(await get('?container=/win/other'), { observedAtMs: wall(10), connections: [], truncated: false });
});

test('a round-trip time stands with each destination of its address, and with no other', async () => {
  const model = aShop();
  const rows = [
    { pid: 100, local: '10.0.0.5:50000', remote: '10.0.0.9:1', sentBytes: 0, receivedBytes: 0, rttUs: 900 },
  ];
  model.observe(observation('tcpStatistics', tcpStatistics(rows), { atMs: 15_000 }));
  const tcp = [
    tcpTable(4, [
      { local: '10.0.0.5:50000', remote: '10.0.0.9:1', pid: 100 },
      { local: '10.0.0.5:50001', remote: '10.0.0.9:2', pid: 100 },
      { local: '10.0.0.5:50002', remote: '10.0.0.8:1', pid: 100 },
    ]),
  ];
  round(model, 15_000, { services, processes: [{ pid: 100, createdAtMs: wall(-HOUR_MS) }], tcp });
  const { connections } = (
    await anApi({ model }).app.inject('/api/v1/connections?container=/win/web')
  ).json() as ConnectionsAnswer;
  assert.deepEqual(
    connections.map(({ destination, rttSeconds }) => [destination, rttSeconds]),
    [
      ['10.0.0.9:1', 0.0009],
      ['10.0.0.9:2', 0.0009],
      ['10.0.0.8:1', 0],
    ],
  );
});

test('a limit cuts off and says so, one that just fits does not', async () => {
  const { app } = anApi({ model: aShop() });
  const get = async (limit: number) =>
    (await app.inject(`/api/v1/connections?limit=${limit}`)).json() as ConnectionsAnswer;
  assert.deepEqual(
    [
      (await get(2)).connections.length,
      (await get(2)).truncated,
      (await get(3)).connections.length,
      (await get(3)).truncated,
    ],
    [2, true, 3, false],
  );
});

test('a query that is no query is 400', async () => {
  const { app } = anApi({ model: aShop() });
  const bad = [
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'limit=200001',
    'limit=',
    `container=${'x'.repeat(1025)}`,
    `${'container=a&'.repeat(1001)}limit=1`,
    'failed=perhaps',
    'limt=5',
  ];
  for (const query of bad) {
    const response = await app.inject(`/api/v1/connections?${query}`);
    assert.deepEqual([response.statusCode, response.json().error?.code], [400, 'BAD_REQUEST'], query);
  }
  assert.equal((await app.inject('/api/v1/connections?limit=200000')).statusCode, 200);
});

test('services come whole, each with its rule', async () => {
  const model = aShop();
  const answer = (await anApi({ model }).app.inject('/api/v1/services')).json() as ServicesAnswer;
  const ids = new Set(model.containers.all().map(({ id }) => id));
  assert.deepEqual(answer, {
    observedAtMs: wall(10),
    stale: false,
    services: model.decisions.map((decision) => serviceView(decision, ids, model.groups.get(decision.service.pid))),
  });
  assert.deepEqual(
    answer.services.map(({ name, state, startType, containerId, rule }) => [name, state, startType, containerId, rule]),
    [
      ['web', 'running', 'automatic', '/win/web', 'selected'],
      ['MSSQL$X', 'running', 'automatic', '/win/MSSQL_X', 'selected'],
      ['manual', 'running', 'manual', '', 'manual-start'],
      ['secret', 'running', 'unknown', '', 'unreadable'],
    ],
  );
  assert.match(answer.services[3]!.explanation, /access denied/);
  model.observe(unavailable('services', denied));
  assert.equal(((await anApi({ model }).app.inject('/api/v1/services')).json() as ServicesAnswer).stale, true);
});

test('states and start types in words', () => {
  const view = (values: Parameters<typeof aService>[0]) =>
    serviceView({ service: aService(values), rule: 'selected', containerId: '/win/a' }, new Set());
  // winsvc.h: SERVICE_STOPPED 1 ... SERVICE_PAUSED 7.
  const states = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((state) => view({ state }).state);
  assert.deepEqual(states, [
    'state 0',
    'stopped',
    'starting',
    'stopping',
    'running',
    'continuing',
    'pausing',
    'paused',
    'state 8',
  ]);
  const types = [0, 1, 2, 3, 4, 5].map((startType) => view({ config: { ...config, startType } }).startType);
  assert.deepEqual(types, ['boot', 'system', 'automatic', 'manual', 'disabled', 'type 5']);
  assert.equal(view({ config: { ...config, delayedAutoStart: true } }).startType, 'automatic (delayed)');
  assert.equal(view({ config: { ...config, startType: 3, triggers: 2 } }).startType, 'manual (triggered)');
  assert.equal(view({}).containerId, '');
});

test('the status comes whole', async () => {
  const model = aShop();
  const context = {
    model,
    header: () =>
      aHeader({
        standIns: [{ part: 'Windows', by: 'Wine 10.0' }],
        os: { platform: 'wine 10.0', version: '10.0.19045' },
      }),
    hostStatus: () => ({
      kind: 'tape',
      detail: { file: 'a.tape', position: 7, ended: true },
      problem: 'the tape has ended',
    }),
  };
  model.observe(unavailable('tcp', denied));
  const { app, passes, selfMetrics } = anApi(context);
  passes.run(model, 0);
  selfMetrics.increment(catalogue.selfReadings, { kind: 'tcp', result: 'good' }, 2);
  const answer = (await app.inject('/api/v1/status')).json() as StatusAnswer;
  const view = await statusView({
    ...context,
    version: '0.1.0',
    passes,
    counters: () => selfMetrics.counterValues(),
    listen: () => '127.0.0.1:10300',
    consoleMode: true,
    startedAtMs: 1_767_225_600_000,
    exposition: () => undefined,
    onAnswer: () => {},
    onInternalError: () => {},
  });
  assert.deepEqual(answer, JSON.parse(JSON.stringify(view)));
  assert.deepEqual(answer.host, {
    kind: 'tape',
    hostname: 'TESTHOST',
    kernelVersion: 'Windows Server 2022 Datacenter (Build 20348)',
    machineId: '0123456789abcdef0123456789abcdef',
    systemUuid: '01234567-89AB-CDEF-0123-456789ABCDEF',
    platform: 'wine 10.0',
    timeMs: wall(10),
    uptimeSeconds: 3600,
    elevated: true,
    detail: { file: 'a.tape', position: 7, ended: true },
    standIns: [{ part: 'Windows', replacement: 'Wine 10.0' }],
    problem: 'the tape has ended',
  });
  assert.deepEqual([answer.containers, answer.services, answer.connections, answer.passes.count], [2, 4, 4, 1]);
  assert.deepEqual(
    answer.sources.find(({ kind }) => kind === 'tcp'),
    {
      kind: 'tcp',
      available: false,
      lastReadAtMs: wall(0),
      lastReadSeconds: 0.001,
      readings: 2,
      failures: 1,
      problems: ['test: access denied'],
    },
  );
  assert.deepEqual(answer.connectDetection, { source: 'tables', reason: 'there are no events of connections here' });
  assert.equal(answer.counters['coroot_agent_readings_total{kind="tcp",result="good"}'], 2);
  assert.equal(answer.passes.intervalSeconds, 15);
});

test('the status tells how the event session fares', async () => {
  const { app } = anApi({ model: aShop() });
  assert.equal(((await app.inject('/api/v1/status')).json() as StatusAnswer).events.state, 'off');
  const model = aShop();
  const session = {
    state: 'retrying' as const,
    reason: 'StartTraceW: access denied (5)',
    providers: [],
    restarts: 3,
    events: 1000,
    eventsLost: 1,
    buffersLost: 2,
    realTimeBuffersLost: 4,
    dropped: { 'ring full': 7 },
  };
  model.observe(observation('etw', session));
  const { events, connectDetection } = (await anApi({ model }).app.inject('/api/v1/status')).json() as StatusAnswer;
  assert.deepEqual(events, session);
  assert.deepEqual(connectDetection, { source: 'tables', reason: 'StartTraceW: access denied (5)' });
  model.observe(
    observation('etw', { ...session, state: 'running', reason: '', providers: ['Microsoft-Windows-TCPIP'] }),
  );
  const running = (await anApi({ model }).app.inject('/api/v1/status')).json() as StatusAnswer;
  assert.deepEqual(running.connectDetection, { source: 'events', reason: '' });
});

test('the status answers before anything is known', async () => {
  const response = await anApi({ header: () => undefined }).app.inject('/api/v1/status');
  assert.equal(response.statusCode, 200);
  const { host, passes } = response.json() as StatusAnswer;
  assert.deepEqual([host.hostname, host.platform, passes.count, passes.lastAtMs], ['', '', 0, 0]);
});

test('the status lists what is missing, the right that would give it, and what is lost', async () => {
  const { model, app, passes } = anApi();
  const grant = { right: 'SeSomethingPrivilege', lost: 'the exact figure' };
  const memory = { totalBytes: 4, availableBytes: 3, freeBytes: 2, cachedBytes: 1, source: 'system cache' as const };
  model.observe(
    observation('memory', memory, { degraded: [{ part: 'page lists', reason: 'access denied', code: 5, ...grant }] }),
  );
  model.observe(unavailable('tcp', { part: 'tcp', reason: 'not supported' }));
  passes.run(model, 0);
  const { missing } = (await app.inject('/api/v1/status')).json() as StatusAnswer;
  assert.deepEqual(missing, [
    { part: 'page lists', reason: 'access denied', requiredRight: grant.right, consequence: grant.lost },
    { part: 'tcp', reason: 'not supported', requiredRight: '', consequence: '' },
  ]);
});
