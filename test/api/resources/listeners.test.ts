// GET /api/v1/listeners: owners of listening addresses, and how each was detected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListenersAnswer } from '../../../src/api/resources/listeners.ts';
import { anApi } from '../../helpers/api.ts';
import { aSharedHost } from '../../helpers/shared-host.ts';

async function get<T>(path: string, model = aSharedHost()): Promise<T> {
  const response = await anApi({ model }).app.inject(path);
  assert.equal(response.statusCode, 200, response.body);
  return response.json() as T;
}

test('lists every listener with its owner and how the owner was detected', async () => {
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

test('detects the owner by the process where Windows does not report services of sockets', async () => {
  const { listeners } = await get<ListenersAnswer>('/api/v1/listeners', aSharedHost(false));
  const found = listeners.find(({ address }) => address === '10.0.0.5:8172');
  assert.deepEqual([found?.containerId, found?.detectedBy], ['/win/W3SVC', 'process']);
});

test('answers 503 before the first tick', async () => {
  assert.equal((await anApi().app.inject('/api/v1/listeners')).statusCode, 503);
});

test('omits containers in a shared process from metrics, except the only container of it', async () => {
  const { app, model, passes } = anApi({ model: aSharedHost() });
  passes.run(model, 0);
  const { body } = await app.inject('/metrics');
  assert.doesNotMatch(body, /Dnscache|CryptSvc|TermService/);
  assert.match(body, /container_net_tcp_listen_info\{[^}]*container_id="\/win\/W3SVC",listen_addr="10\.0\.0\.5:80"/);
  assert.doesNotMatch(body, /SstpSvc|:445"/);
});
