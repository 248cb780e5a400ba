// Shared processes and listeners come whole: the process's use as the whole's, sockets by service, and how each owner is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListenersAnswer, ServiceGroupsAnswer, ServicesAnswer } from '../../src/api/schemas.ts';
import { anApi } from '../helpers/api.ts';
import { wall } from '../helpers/model.ts';
import { aSharedHost } from '../helpers/shared-host.ts';

async function get<T>(path: string, model = aSharedHost()): Promise<T> {
  const response = await anApi({ model }).app.inject(path);
  assert.equal(response.statusCode, 200, response.body);
  return response.json() as T;
}

test('a group has its process as a whole, and its sockets by service', async () => {
  const answer = await get<ServiceGroupsAnswer>('/api/v1/service-groups');
  assert.deepEqual(
    [answer.observedAtMs, answer.stale, answer.socketsByService, answer.groups.length],
    [wall(10), false, true, 2],
  );
  assert.deepEqual(answer.groups[0], {
    pid: 1000,
    group: 'NetworkService',
    process: {
      image: 'svchost.exe',
      startedAtMs: wall(-1000),
      cpuSeconds: 2,
      workingSetBytes: 5000,
      privateWorkingSetBytes: 3000,
      threads: 9,
      handles: 300,
    },
    services: [
      {
        name: 'Dnscache',
        displayName: 'DNS Client',
        rule: 'selected',
        containerId: '/win/Dnscache',
        listeners: ['10.0.0.5:5353'],
        connections: [{ destination: '10.0.0.9:53', actualDestination: '10.0.0.9:53', active: 2 }],
      },
      {
        name: 'CryptSvc',
        displayName: 'Cryptographic Services',
        rule: 'selected',
        containerId: '/win/CryptSvc',
        listeners: [],
        connections: [],
      },
      {
        name: 'TermService',
        displayName: 'Remote Desktop',
        rule: 'manual-start',
        containerId: '',
        listeners: ['10.0.0.5:3389'],
        connections: [],
      },
    ],
    unattributed: {
      listeners: ['10.0.0.5:49700'],
      connections: [{ destination: '10.0.0.9:443', actualDestination: '10.0.0.9:443', active: 1 }],
    },
  });
});

test('where the system tells no services, the group keeps all of it and the answer says so', async () => {
  const answer = await get<ServiceGroupsAnswer>('/api/v1/service-groups', aSharedHost(false));
  assert.equal(answer.socketsByService, false);
  assert.deepEqual(
    answer.groups[0]!.services.flatMap(({ listeners }) => listeners),
    [],
  );
  assert.deepEqual(answer.groups[0]!.unattributed.listeners, ['10.0.0.5:5353', '10.0.0.5:3389', '10.0.0.5:49700']);
});

test('a service tells with whom it shares its process', async () => {
  const { services } = await get<ServicesAnswer>('/api/v1/services');
  assert.deepEqual(
    services.map(({ name, sharedWith, group }) => [name, sharedWith, group]),
    [
      ['Dnscache', ['CryptSvc', 'TermService'], 'NetworkService'],
      ['CryptSvc', ['Dnscache', 'TermService'], 'NetworkService'],
      ['TermService', ['Dnscache', 'CryptSvc'], 'NetworkService'],
      ['W3SVC', ['WAS'], 'iissvcs'],
      ['WAS', ['W3SVC'], 'iissvcs'],
      ['orders', [], ''],
      ['SstpSvc', [], ''],
    ],
  );
});

test('every listener of the host, with whose it is and how that is known', async () => {
  const { listeners } = await get<ListenersAnswer>('/api/v1/listeners');
  assert.deepEqual(
    listeners.map(({ address, containerId, service, pid, detectedBy, detail }) => [
      address,
      containerId,
      service,
      pid,
      detectedBy,
      detail,
    ]),
    [
      ['10.0.0.5:5353', '/win/Dnscache', 'Dnscache', 1000, 'service tag', ''],
      ['10.0.0.5:8172', '/win/W3SVC', 'W3SVC', 2000, 'service tag', ''],
      ['10.0.0.5:80', '/win/W3SVC', 'W3SVC', 4, 'iis binding', 'http://*:80/ http://www.example.com:80/'],
      ['10.0.0.5:8080', '/win/orders', 'orders', 3000, 'process', ''],
      ['10.0.0.5:80', '/win/orders', 'orders', 4, 'url reservation', 'http://*:80/orders/'],
      ['10.0.0.5:3389', '', 'TermService', 1000, 'service tag', ''],
      ['10.0.0.5:49700', '', '', 1000, 'unattributed', 'shared by Dnscache, CryptSvc, TermService'],
      [
        '10.0.0.5:443',
        '',
        'SstpSvc',
        4,
        'url reservation',
        'https://*:443/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/',
      ],
      ['10.0.0.5:445', '', '', 4, 'unattributed', 'no running service is known to have it'],
    ],
  );
});

test('where the system tells no services, what a container of a shared process has is known by the process alone', async () => {
  const { listeners } = await get<ListenersAnswer>('/api/v1/listeners', aSharedHost(false));
  const found = listeners.find(({ address }) => address === '10.0.0.5:8172');
  assert.deepEqual([found?.containerId, found?.detectedBy], ['/win/W3SVC', 'process']);
});

test('both answer 503 before the first pass', async () => {
  for (const path of ['/api/v1/service-groups', '/api/v1/listeners'])
    assert.equal((await anApi().app.inject(path)).statusCode, 503, path);
});

test('containers in a shared process are in no metrics; the one that only shares with services that are none is', async () => {
  const { app, model, passes } = anApi({ model: aSharedHost() });
  passes.run(model, 0);
  const { body } = await app.inject('/metrics');
  assert.doesNotMatch(body, /Dnscache|CryptSvc|TermService/);
  assert.match(body, /container_net_tcp_listen_info\{[^}]*container_id="\/win\/W3SVC",listen_addr="10\.0\.0\.5:80"/);
  assert.doesNotMatch(body, /SstpSvc|:445"/);
});
