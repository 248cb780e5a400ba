// GET /api/v1/status: every field, the event session, and what cannot be read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVER_LIMITS } from '../../../src/api/limits.ts';
import { type StatusAnswer, statusView } from '../../../src/api/resources/status.ts';
import { catalogue } from '../../../src/collectors/catalogue.ts';
import { NO_DELIVERY } from '../../../src/exporters/delivery/delivery-status.ts';
import { anApi } from '../../helpers/api.ts';
import { aDelivery, deliveriesOf } from '../../helpers/deliveries.ts';
import { aModel, denied, round, wall, web } from '../../helpers/model.ts';
import { aHeader, observation, unavailable } from '../../helpers/observations.ts';
import { resolve } from '../../helpers/settings.ts';
import { shopHost } from '../../helpers/shop-host.ts';

test('serialises every field of the view', async () => {
  const model = shopHost();
  const context = {
    model,
    header: () =>
      aHeader({
        standIns: [{ part: 'Windows', replacement: 'Wine 10.0' }],
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
    delivery: NO_DELIVERY,
    outputs: () => [],
    listen: () => '127.0.0.1:10300',
    listenProblem: () => '',
    namePatterns: {},
    machineNames: () => [],
    allowedHosts: { names: [], domains: [] },
    apiAccess: 'local',
    acceptsToken: () => false,
    consoleMode: true,
    startedAtMs: 1_767_225_600_000,
    exposition: () => undefined,
    limits: SERVER_LIMITS,
    onBuilt: () => {},
    onReject: () => {},
    onMissedMessages: () => {},
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
  assert.deepEqual(answer.connectDetection, { source: 'tables', reason: 'connection events are not available' });
  assert.equal(answer.counters['coroot_agent_readings_total{kind="tcp",result="good"}'], 2);
  assert.equal(answer.passes.intervalSeconds, 15);
});

test('shows the event session, and whether connects are detected by events', async () => {
  const { app } = anApi({ model: shopHost() });
  assert.equal(((await app.inject('/api/v1/status')).json() as StatusAnswer).events.state, 'off');
  const model = shopHost();
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

test('shows each delivery, the spool and the outputs', async () => {
  const delivery = deliveriesOf([aDelivery()], { rejectedPayloads: 3 });
  const outputs = () => [{ name: 'scrape', failures: 1, lastError: '', detail: {}, problem: 'slow' }];
  const answer = (await anApi({ delivery, outputs }).app.inject('/api/v1/status')).json() as StatusAnswer;
  const { name: destination, ...facts } = aDelivery();
  assert.deepEqual(answer.deliveries, [{ destination, ...facts }]);
  assert.equal(answer.spool.rejectedPayloads, 3);
  assert.deepEqual(answer.outputs, [{ name: 'scrape', failures: 1, problem: 'slow' }]);
});

test('answers before the first observation', async () => {
  const response = await anApi({ header: () => undefined }).app.inject('/api/v1/status');
  assert.equal(response.statusCode, 200);
  const { host, passes } = response.json() as StatusAnswer;
  assert.deepEqual([host.hostname, host.platform, passes.count, passes.lastAtMs], ['', '', 0, 0]);
});

test('lists what cannot be read, the required right and the consequence', async () => {
  const { model, app, passes } = anApi();
  const grant = { requiredRight: 'SeSomethingPrivilege', consequence: 'the exact figure' };
  const memory = { totalBytes: 4, availableBytes: 3, freeBytes: 2, cachedBytes: 1, source: 'system cache' as const };
  model.observe(
    observation('memory', memory, { degraded: [{ part: 'page lists', reason: 'access denied', code: 5, ...grant }] }),
  );
  model.observe(unavailable('tcp', { part: 'tcp', reason: 'not supported' }));
  passes.run(model, 0);
  const { missing } = (await app.inject('/api/v1/status')).json() as StatusAnswer;
  assert.deepEqual(missing, [
    { part: 'page lists', reason: 'access denied', ...grant },
    { part: 'tcp', reason: 'not supported', requiredRight: '', consequence: '' },
  ]);
});

test('names patterns of settings that match no service or container, once services are known', async () => {
  const model = aModel();
  const { serviceInclude, containerAllowlist, containerDenylist } = resolve({
    'service-include': ['WEB', 'gone'],
    'container-allowlist': ['/WIN/', '/docker/'],
    'container-denylist': ['nothing$'],
  });
  const namePatterns = {
    'service-include': serviceInclude,
    'container-allowlist': containerAllowlist,
    'container-denylist': containerDenylist,
  };
  const { app } = anApi({ model, namePatterns });
  const named = async () => ((await app.inject('/api/v1/status')).json() as StatusAnswer).unmatchedPatterns;
  assert.deepEqual(await named(), []);
  round(model, 0, { services: [web()], processes: [{ pid: 100 }] });
  assert.deepEqual(await named(), [
    { setting: 'service-include', pattern: 'gone' },
    { setting: 'container-allowlist', pattern: '/docker/' },
    { setting: 'container-denylist', pattern: 'nothing$' },
  ]);
});
