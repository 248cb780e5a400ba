// GET /api/v1/dns-requests: every field, the container filter, and the limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsRequestsAnswer } from '../../../src/api/resources/dns-requests.ts';
import { anApi } from '../../helpers/api.ts';
import { aDnsHost } from '../../helpers/dns-host.ts';
import { wall } from '../../helpers/model.ts';

const { app } = anApi({ model: aDnsHost() });
const get = async (query = '') => (await app.inject(`/api/v1/dns-requests${query}`)).json() as DnsRequestsAnswer;

const webRequests = [
  { domain: 'shop.example.com', type: 'TypeA', status: 'ok', count: 2 },
  { domain: 'gone.example.com', type: 'TypeA', status: 'nxdomain', count: 1 },
];
const database = {
  containerId: '/win/MSSQL_X',
  containerName: 'MSSQL$X',
  requests: [{ domain: 'db.example.com', type: 'TypeAAAA', status: 'timeout', count: 1 }],
  unanswered: 0,
  timedRequests: 0,
  durationSeconds: 0,
  meanDurationSeconds: 0,
  lastFailure: { atMs: wall(700), domain: 'db.example.com', type: 'TypeAAAA', status: 'timeout', code: 1460 },
};

test('shows counts, durations, unanswered requests and the last failure of each container', async () => {
  assert.deepEqual(await get(), {
    observedAtMs: wall(180_010),
    containers: [
      {
        containerId: '/win/web',
        containerName: 'web',
        requests: webRequests,
        unanswered: 1,
        timedRequests: 1,
        durationSeconds: 0.2,
        meanDurationSeconds: 0.2,
        lastFailure: { atMs: wall(500), domain: 'gone.example.com', type: 'TypeA', status: 'nxdomain', code: 9003 },
      },
      database,
    ],
    truncated: false,
  });
});

test('lists the requests of one container, and none of an unknown one', async () => {
  assert.deepEqual((await get(`?container=${encodeURIComponent('/win/MSSQL_X')}`)).containers, [database]);
  assert.deepEqual(await get('?container=/win/other'), {
    observedAtMs: wall(180_010),
    containers: [],
    truncated: false,
  });
});

test('applies the limit within a container and between two', async () => {
  const rows = async (limit: number) => {
    const { containers, truncated } = await get(`?limit=${limit}`);
    return [containers.map(({ containerName, requests }) => `${containerName} ${requests.length}`), truncated];
  };
  assert.deepEqual(await rows(1), [['web 1'], true]);
  assert.deepEqual(await rows(2), [['web 2'], true]);
  assert.deepEqual(await rows(3), [['web 2', 'MSSQL$X 1'], false]);
});

test('answers 503 before the first tick, and 400 to an invalid query', async () => {
  assert.equal((await anApi().app.inject('/api/v1/dns-requests')).statusCode, 503);
  for (const query of ['limit=0', 'limit=200001', 'limt=1'])
    assert.equal((await app.inject(`/api/v1/dns-requests?${query}`)).statusCode, 400, query);
});
