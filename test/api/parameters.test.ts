// Rows that the control plane selects by query parameters, before the limit cuts them off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionsAnswer } from '../../src/api/resources/connections.ts';
import type { DnsRequestsAnswer } from '../../src/api/resources/dns-requests.ts';
import type { ListenersAnswer } from '../../src/api/resources/listeners.ts';
import type { ProcessesAnswer } from '../../src/api/resources/processes.ts';
import { anApi } from '../helpers/api.ts';
import { aDnsHost } from '../helpers/dns-host.ts';
import { aSharedHost } from '../helpers/shared-host.ts';

async function get<T>(model: ReturnType<typeof aDnsHost>, path: string): Promise<T> {
  const response = await anApi({ model }).app.inject(`/api/v1/${path}`);
  assert.equal(response.statusCode, 200, response.body);
  return response.json() as T;
}

async function requests(query: string): Promise<string[]> {
  const { containers } = await get<DnsRequestsAnswer>(aDnsHost(), `dns-requests?${query}`);
  return containers.flatMap(({ containerName, requests }) => [
    containerName,
    ...requests.map(({ domain, status }) => `${domain} ${status}`),
  ]);
}

test('selects DNS requests by container, domain, type and status', async () => {
  const all = ['web', 'shop.example.com ok', 'gone.example.com nxdomain', 'MSSQL$X', 'db.example.com timeout'];
  assert.deepEqual(await requests(''), all);
  assert.deepEqual(await requests('container=mssql*'), all.slice(3));
  assert.deepEqual(await requests('container=%2Fwin%2FMSSQL_X&container=none'), all.slice(3));
  assert.deepEqual(await requests('domain=*.EXAMPLE.com&type=TypeA'), all.slice(0, 3));
  assert.deepEqual(await requests('status=nx*&status=timeout'), ['web', all[2], ...all.slice(3)]);
  assert.deepEqual(await requests('domain=none.example'), []);
});

test('selects failed DNS requests, and containers with unanswered ones', async () => {
  assert.deepEqual(await requests('failed=true'), [
    'web',
    'gone.example.com nxdomain',
    'MSSQL$X',
    'db.example.com timeout',
  ]);
  assert.deepEqual(await requests('failed=true&domain=shop*'), []);
});

test('the limit counts selected rows only', async () => {
  const answer = await get<DnsRequestsAnswer>(aDnsHost(), 'dns-requests?status=timeout&limit=1');
  assert.deepEqual([answer.containers.length, answer.truncated], [1, false]);
  const connections = await get<ConnectionsAnswer>(aSharedHost(), 'connections?destination=*:53&limit=1');
  assert.deepEqual(
    [connections.connections.map(({ destination }) => destination), connections.truncated],
    [['10.0.0.9:53'], false],
  );
});

test('selects connections by destination and failures', async () => {
  const select = async (query: string) =>
    (await get<ConnectionsAnswer>(aSharedHost(), `connections?${query}`)).connections.length;
  assert.equal(await select('destination=none'), 0);
  assert.equal(await select('destination=none&destination=10.0.0.[89]:*'), 1);
  assert.equal(await select('failed=true'), 0);
  assert.equal(await select('failed=false'), 1);
});

test('selects listeners and processes by container', async () => {
  const listeners = async (query: string) =>
    (await get<ListenersAnswer>(aSharedHost(), `listeners${query}`)).listeners.map(({ containerId }) => containerId);
  assert.ok((await listeners('')).includes(''));
  assert.deepEqual([...new Set(await listeners('?container=dnscache'))], ['/win/Dnscache']);
  assert.deepEqual(await listeners('?container=none'), []);
  const processes = async (query: string) =>
    (await get<ProcessesAnswer>(aDnsHost(), `processes${query}`)).processes.map(({ pid }) => pid);
  assert.deepEqual(await processes(''), [100, 200, 300]);
  assert.deepEqual(await processes('?container=quiet'), [300]);
});
