// Attribution of http.sys listeners to running services with URLs on their ports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UrlReservationRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, round } from '../../helpers/model.ts';
import { anAdapter, aService, tcpTable } from '../../helpers/observations.ts';

const url = (
  values: Partial<UrlReservationRecord> & Pick<UrlReservationRecord, 'service' | 'port'>,
): UrlReservationRecord => ({
  scheme: 'http',
  path: '/',
  detectedBy: 'iis binding',
  ...values,
});

const manual = { startType: 3, binaryPath: 'C:\\Windows\\system32\\svchost.exe -k netsvcs', account: 'LocalSystem' };
const services = [
  aService({ name: 'W3SVC', pid: 100 }),
  aService({ name: 'WinRM', pid: 200 }),
  aService({ name: 'SstpSvc', pid: 300, config: manual }),
  aService({ name: 'Wecsvc', pid: 0, state: 1 }),
];
const urlReservations = [
  url({ service: 'W3SVC', port: 80 }),
  url({ service: 'W3SVC', port: 80, host: 'www.example.com' }),
  url({ service: 'WinRM', port: 5985, path: '/wsman/', detectedBy: 'url reservation' }),
  url({ service: 'Wecsvc', port: 5985, path: '/wsman/', detectedBy: 'url reservation' }),
  url({ service: 'Wecsvc', port: 5986, path: '/wsman/', detectedBy: 'url reservation' }),
  url({ service: 'SstpSvc', port: 443, scheme: 'https', path: '/sra/', detectedBy: 'url reservation' }),
  url({ service: 'W3SVC', port: 8080, ip: '10.0.0.5' }),
  url({ service: 'gone', port: 81 }),
];
const system = (local: string, remote?: string) => ({ local, pid: 4, ...(remote === undefined ? {} : { remote }) });

function scan(rows: Parameters<typeof tcpTable>[1], rows6: Parameters<typeof tcpTable>[1] = []) {
  const model = aModel();
  const processes = [{ pid: 4 }, { pid: 100 }, { pid: 200 }, { pid: 300 }];
  const adapters = [anAdapter({ addresses: ['10.0.0.5', '10.0.0.6', 'fd00::5'] })];
  round(model, 0, { services, processes, adapters, tcp: [tcpTable(4, rows), tcpTable(6, rows6)], urlReservations });
  return model;
}

const listeners = (model: ReturnType<typeof aModel>, id: string) =>
  [...containerOf(model, id).network.listeners.keys()].map((key) => key.split('|')[0]);
const systemListeners = (model: ReturnType<typeof aModel>) =>
  [...model.system.owner.network.listeners.values()].map(({ address }) => address);

test('attributes listeners to the running services with URLs on their ports, each address once', () => {
  const model = scan([system('0.0.0.0:80'), system('0.0.0.0:5985'), system('0.0.0.0:445')], [system('[::]:80')]);
  assert.deepEqual(listeners(model, '/win/W3SVC'), ['10.0.0.5:80', '10.0.0.6:80', '[fd00::5]:80']);
  assert.deepEqual(listeners(model, '/win/WinRM'), ['10.0.0.5:5985', '10.0.0.6:5985']);
});

test('keeps all listeners at the System process, with the services that claim each', () => {
  const model = scan([
    system('10.0.0.5:80'),
    system('10.0.0.5:5985'),
    system('10.0.0.5:5986'),
    system('10.0.0.5:443'),
    system('10.0.0.5:445'),
  ]);
  assert.deepEqual(systemListeners(model), [
    '10.0.0.5:80',
    '10.0.0.5:5985',
    '10.0.0.5:5986',
    '10.0.0.5:443',
    '10.0.0.5:445',
  ]);
  const claims = (port: number) =>
    model.system.claimsOn('10.0.0.5', port).map(({ service, container }) => `${service} ${container?.id ?? '-'}`);
  assert.deepEqual(claims(5985), ['WinRM /win/WinRM']);
  // Wecsvc does not run; SstpSvc is started by hand.
  assert.deepEqual([claims(5986), claims(443), claims(445)], [[], ['SstpSvc -'], []]);
});

test('attributes nothing for a URL on a port without a listener of the System process', () => {
  const model = scan([{ local: '10.0.0.5:80', pid: 999 }]);
  assert.deepEqual([listeners(model, '/win/W3SVC'), systemListeners(model)], [[], []]);
});

test('attributes a listener on another address to no service if the URL has an address', () => {
  assert.deepEqual(listeners(scan([system('10.0.0.5:8080')]), '/win/W3SVC'), ['10.0.0.5:8080']);
  assert.deepEqual(listeners(scan([system('10.0.0.6:8080')]), '/win/W3SVC'), []);
  // By default http.sys listens on all addresses.
  assert.deepEqual(listeners(scan([system('0.0.0.0:8080')]), '/win/W3SVC'), ['10.0.0.5:8080', '10.0.0.6:8080']);
});

test('treats connections of the System process as inbound on its ports, without a container', () => {
  const model = scan([
    system('0.0.0.0:80'),
    system('10.0.0.5:80', '10.0.0.77:50000'),
    system('10.0.0.5:50000', '10.0.0.9:445'),
  ]);
  assert.deepEqual(containerOf(model, '/win/W3SVC').network.destinations.values(), []);
  assert.deepEqual(
    model.system.owner.network.destinations.values().map(({ destination }) => destination),
    ['10.0.0.9:445'],
  );
});

test('attributes no connection of the System process to a container, also without a listener', () => {
  const model = scan([system('10.0.0.5:80', '10.0.0.77:50000')]);
  assert.deepEqual(containerOf(model, '/win/W3SVC').network.destinations.values(), []);
});

test('treats a connection of the container on a port that http.sys listens on as inbound', () => {
  const model = scan([system('0.0.0.0:80'), { local: '10.0.0.5:80', remote: '10.0.0.77:1', pid: 100 }]);
  assert.deepEqual(containerOf(model, '/win/W3SVC').network.destinations.values(), []);
});

test('attributes listeners to a service of a shared process', () => {
  const model = aModel();
  const shared = ['WinRM', 'Other'].map((name) => aService({ name, pid: 200 }));
  round(model, 0, {
    services: shared,
    processes: [{ pid: 200 }],
    adapters: [anAdapter()],
    tcp: [tcpTable(4, [system('0.0.0.0:5985')])],
    urlReservations,
  });
  assert.deepEqual([listeners(model, '/win/WinRM'), listeners(model, '/win/Other')], [['10.0.0.5:5985'], []]);
});

test('attributes a listener to the service whose URL spells its address differently', () => {
  for (const ip of ['FD00::5', 'fd00:0:0:0:0:0:0:5', '[fd00::5]', 'fd00::5%7', '::', '0.0.0.0']) {
    const model = aModel();
    round(model, 0, {
      services,
      processes: [{ pid: 4 }, { pid: 100 }],
      adapters: [anAdapter({ addresses: ['FD00:0::5'] })],
      tcp: [tcpTable(6, [system('[fd00::5]:80')])],
      urlReservations: [url({ service: 'W3SVC', port: 80, ip })],
    });
    assert.deepEqual(listeners(model, '/win/W3SVC'), ['[fd00::5]:80'], ip);
  }
});

test('lists a wildcard listener under the canonical text of each adapter address', () => {
  const model = aModel();
  round(model, 0, {
    services,
    processes: [{ pid: 100 }],
    adapters: [anAdapter({ addresses: ['FD00:0::5', 'fd00::5', '::ffff:10.0.0.5', 'FE80::1%4'] })],
    tcp: [tcpTable(6, [{ local: '[::]:80', pid: 100 }]), tcpTable(4, [{ local: '0.0.0.0:81', pid: 100 }])],
  });
  assert.deepEqual(listeners(model, '/win/W3SVC').sort(), ['10.0.0.5:81', '[fd00::5]:80']);
});
