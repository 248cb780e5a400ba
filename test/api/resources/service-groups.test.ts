// GET /api/v1/service-groups: the process as a whole, and sockets by service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceGroupsAnswer } from '../../../src/api/resources/service-groups.ts';
import { anApi } from '../../helpers/api.ts';
import { wall } from '../../helpers/model.ts';
import { aSharedHost } from '../../helpers/shared-host.ts';

async function get<T>(path: string, model = aSharedHost()): Promise<T> {
  const response = await anApi({ model }).app.inject(path);
  assert.equal(response.statusCode, 200, response.body);
  return response.json() as T;
}

test('shows the process as a whole, and sockets by service', async () => {
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

test('leaves all sockets unattributed where Windows does not report their services', async () => {
  const answer = await get<ServiceGroupsAnswer>('/api/v1/service-groups', aSharedHost(false));
  assert.equal(answer.socketsByService, false);
  assert.deepEqual(
    answer.groups[0]!.services.flatMap(({ listeners }) => listeners),
    [],
  );
  assert.deepEqual(answer.groups[0]!.unattributed.listeners, ['10.0.0.5:5353', '10.0.0.5:3389', '10.0.0.5:49700']);
});

test('answers 503 before the first tick', async () => {
  assert.equal((await anApi().app.inject('/api/v1/service-groups')).statusCode, 503);
});
