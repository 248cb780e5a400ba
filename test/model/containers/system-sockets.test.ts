// Listeners of http.sys go to the running services that have URLs on their ports; all others stay with the system.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UrlOwnerRecord } from '../../../src/sources/host.ts';
import { aModel, containerOf, round } from '../../helpers/model.ts';
import { anAdapter, aService, tcpTable } from '../../helpers/observations.ts';

const url = (values: Partial<UrlOwnerRecord> & Pick<UrlOwnerRecord, 'service' | 'port'>): UrlOwnerRecord => ({
  scheme: 'http',
  path: '/',
  by: 'iis binding',
  ...values,
});

const manual = { startType: 3, binaryPath: 'C:\\Windows\\system32\\svchost.exe -k netsvcs', account: 'LocalSystem' };
const services = [
  aService({ name: 'W3SVC', pid: 100 }),
  aService({ name: 'WinRM', pid: 200 }),
  aService({ name: 'SstpSvc', pid: 300, config: manual }),
  aService({ name: 'Wecsvc', pid: 0, state: 1 }),
];
const urlOwners = [
  url({ service: 'W3SVC', port: 80 }),
  url({ service: 'W3SVC', port: 80, host: 'www.example.com' }),
  url({ service: 'WinRM', port: 5985, path: '/wsman/', by: 'url reservation' }),
  url({ service: 'Wecsvc', port: 5985, path: '/wsman/', by: 'url reservation' }),
  url({ service: 'Wecsvc', port: 5986, path: '/wsman/', by: 'url reservation' }),
  url({ service: 'SstpSvc', port: 443, scheme: 'https', path: '/sra/', by: 'url reservation' }),
  url({ service: 'W3SVC', port: 8080, ip: '10.0.0.5' }),
  url({ service: 'gone', port: 81 }),
];
const system = (local: string, remote?: string) => ({ local, pid: 4, ...(remote === undefined ? {} : { remote }) });

function look(rows: Parameters<typeof tcpTable>[1], rows6: Parameters<typeof tcpTable>[1] = []) {
  const model = aModel();
  const processes = [{ pid: 4 }, { pid: 100 }, { pid: 200 }, { pid: 300 }];
  const adapters = [anAdapter({ addresses: ['10.0.0.5', '10.0.0.6', 'fd00::5'] })];
  round(model, 0, { services, processes, adapters, tcp: [tcpTable(4, rows), tcpTable(6, rows6)], urlOwners });
  return model;
}

const listeners = (model: ReturnType<typeof aModel>, id: string) =>
  [...containerOf(model, id).network.listeners.keys()].map((key) => key.split('|')[0]);
const systemListeners = (model: ReturnType<typeof aModel>) =>
  [...model.system.owner.network.listeners.values()].map(({ address }) => address);

test('listeners go to the running services that claim their ports, each address once', () => {
  const model = look([system('0.0.0.0:80'), system('0.0.0.0:5985'), system('0.0.0.0:445')], [system('[::]:80')]);
  assert.deepEqual(listeners(model, '/win/W3SVC'), ['10.0.0.5:80', '10.0.0.6:80', '[fd00::5]:80']);
  assert.deepEqual(listeners(model, '/win/WinRM'), ['10.0.0.5:5985', '10.0.0.6:5985']);
});

test('the system keeps a list of all of them, with who claims what', () => {
  const model = look([
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

test('a port of the system is nobody’s that only has a URL there: no listener, no container', () => {
  const model = look([{ local: '10.0.0.5:80', pid: 999 }]);
  assert.deepEqual([listeners(model, '/win/W3SVC'), systemListeners(model)], [[], []]);
});

test('a URL bound to one address claims no listener on another', () => {
  assert.deepEqual(listeners(look([system('10.0.0.5:8080')]), '/win/W3SVC'), ['10.0.0.5:8080']);
  assert.deepEqual(listeners(look([system('10.0.0.6:8080')]), '/win/W3SVC'), []);
  // http.sys listens on all addresses unless it is told otherwise.
  assert.deepEqual(listeners(look([system('0.0.0.0:8080')]), '/win/W3SVC'), ['10.0.0.5:8080', '10.0.0.6:8080']);
});

test('connections of the system are inbound where it listens, and never a container’s', () => {
  const model = look([
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

test('a connection of the system from a claimed port without a listener is not the container’s', () => {
  const model = look([system('10.0.0.5:80', '10.0.0.77:50000')]);
  assert.deepEqual(containerOf(model, '/win/W3SVC').network.destinations.values(), []);
});

test('a connection of the container itself from a port that http.sys has for it counts as inbound', () => {
  const model = look([system('0.0.0.0:80'), { local: '10.0.0.5:80', remote: '10.0.0.77:1', pid: 100 }]);
  assert.deepEqual(containerOf(model, '/win/W3SVC').network.destinations.values(), []);
});

test('a service in a shared process gets them too', () => {
  const model = aModel();
  const shared = ['WinRM', 'Other'].map((name) => aService({ name, pid: 200 }));
  round(model, 0, {
    services: shared,
    processes: [{ pid: 200 }],
    adapters: [anAdapter()],
    tcp: [tcpTable(4, [system('0.0.0.0:5985')])],
    urlOwners,
  });
  assert.deepEqual([listeners(model, '/win/WinRM'), listeners(model, '/win/Other')], [['10.0.0.5:5985'], []]);
});
