// GET /api/v1/connections: the container filter, round-trip times, the limit, and invalid queries.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionsAnswer, connectionsView } from '../../../src/api/resources/connections.ts';
import { anApi } from '../../helpers/api.ts';
import { tcpStatistics } from '../../helpers/event-tables.ts';
import { HOUR_MS, round, wall } from '../../helpers/model.ts';
import { observation, tcpTable } from '../../helpers/observations.ts';
import { shopHost, shopServices } from '../../helpers/shop-host.ts';

test('lists the connections of all containers, of one, and none of an unknown one', async () => {
  const model = shopHost();
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

test('shows a round-trip time at each destination of its address, and at no other', async () => {
  const model = shopHost();
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
  round(model, 15_000, { services: shopServices, processes: [{ pid: 100, createdAtMs: wall(-HOUR_MS) }], tcp });
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

test('marks the answer as truncated when the limit is lower than the number of rows', async () => {
  const { app } = anApi({ model: shopHost() });
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

test('answers 400 to an invalid query', async () => {
  const { app } = anApi({ model: shopHost() });
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
