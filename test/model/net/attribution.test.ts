// Listeners and outbound connections of containers from rows of the TCP tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TcpTable } from '../../../src/sources/host.ts';
import { aModel, containerOf, round, web } from '../../helpers/model.ts';
import { anAdapter, aService, tcpTable } from '../../helpers/observations.ts';

const processes = [{ pid: 100 }, { pid: 101, parentPid: 100 }, { pid: 200 }];
const services = [web(), aService({ name: 'api', pid: 200 })];
const addresses = [
  '10.0.0.5',
  '192.168.1.1',
  '127.0.0.1',
  '169.254.3.4',
  'fe80::1',
  'fd00::5',
  '::1',
  'ff02::1',
  '10.0.0.5',
];

function scan(tcp: readonly TcpTable[], adapters = [anAdapter({ addresses })]) {
  const model = aModel();
  round(model, 0, { services, processes, adapters, tcp });
  return model;
}

const listeners = (model: ReturnType<typeof aModel>, id = '/win/web') =>
  [...containerOf(model, id).network.listeners.values()]
    .map(({ address, proxy }) => (proxy ? `${address} ${proxy}` : address))
    .sort();

const destinations = (model: ReturnType<typeof aModel>, id = '/win/web') =>
  Object.fromEntries(
    [...containerOf(model, id).network.destinations.values()].map(({ destination, actualDestination, active }) => {
      assert.equal(actualDestination, destination);
      return [destination, active];
    }),
  );

test('attributes rows to the container that has the process in its tree, and others to none', () => {
  const model = scan([
    tcpTable(4, [
      { local: '10.0.0.5:80', pid: 101 },
      { local: '10.0.0.5:81', pid: 200 },
      { local: '10.0.0.5:82', pid: 999 },
      { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 },
      { local: '10.0.0.5:50001', remote: '10.0.0.9:5432', pid: 999 },
    ]),
    tcpTable(6, []),
  ]);
  assert.deepEqual([listeners(model), listeners(model, '/win/api')], [['10.0.0.5:80'], ['10.0.0.5:81']]);
  assert.deepEqual([destinations(model), destinations(model, '/win/api')], [{ '10.0.0.9:5432': 1 }, {}]);
});

test('counts rows in the states listen and established only', () => {
  // MIB_TCP_STATE: 1 closed, 2 listen, 3 syn sent, 4 syn received, 5 established, 6-12 closing.
  const states = [1, 3, 4, 6, 7, 8, 9, 10, 11, 12];
  const rows = states.map((state) => ({ local: '10.0.0.5:50000', remote: '10.0.0.9:1', state, pid: 100 }));
  const model = scan([tcpTable(4, rows), tcpTable(6, [])]);
  assert.deepEqual([listeners(model), destinations(model)], [[], {}]);
});

test('reports a wildcard on each address of its family except link-local and multicast', () => {
  const model = scan([
    tcpTable(4, [{ local: '0.0.0.0:80', pid: 100 }]),
    tcpTable(6, [{ local: '[::]:443', pid: 100 }]),
  ]);
  assert.deepEqual(listeners(model), ['10.0.0.5:80', '127.0.0.1:80', '192.168.1.1:80', '[::1]:443', '[fd00::5]:443']);
});

test('reports the wildcard itself if no address of the family is known', () => {
  const model = scan(
    [tcpTable(4, [{ local: '0.0.0.0:80', pid: 100 }]), tcpTable(6, [{ local: '[::]:443', pid: 100 }])],
    [],
  );
  assert.deepEqual(listeners(model), ['0.0.0.0:80', '[::]:443']);
});

test('treats an IPv4-mapped wildcard as an IPv4 wildcard', () => {
  const model = scan([tcpTable(4, []), tcpTable(6, [{ local: '[0:0:0:0:0:ffff:0:0]:80', pid: 100 }])]);
  assert.deepEqual(listeners(model), ['10.0.0.5:80', '127.0.0.1:80', '192.168.1.1:80']);
});

test('reports several listeners on one address as one', () => {
  const row = { local: '0.0.0.0:80', pid: 100 };
  const model = scan([tcpTable(4, [row, { ...row, pid: 101 }, { local: '10.0.0.5:80', pid: 100 }]), tcpTable(6, [])]);
  assert.deepEqual(listeners(model), ['10.0.0.5:80', '127.0.0.1:80', '192.168.1.1:80']);
});

test('treats a connection on a port of a listener of the container as inbound', () => {
  const model = scan([
    tcpTable(4, [
      { local: '10.0.0.5:80', remote: '10.0.0.77:50000', pid: 101 },
      { local: '10.0.0.5:443', remote: '10.0.0.77:50001', pid: 100 },
      { local: '10.0.0.5:81', remote: '10.0.0.77:50002', pid: 100 },
    ]),
    tcpTable(6, [
      { local: '[::]:80', pid: 100 },
      { local: '[::]:443', pid: 101 },
      { local: '[::]:81', pid: 200 },
    ]),
  ]);
  assert.deepEqual(destinations(model), { '10.0.0.77:50002': 1 });
});

test('counts connections by remote endpoint over all processes of the tree', () => {
  const model = scan([
    tcpTable(4, [
      { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 },
      { local: '10.0.0.5:50001', remote: '10.0.0.9:5432', pid: 101 },
      { local: '10.0.0.5:50002', remote: '10.0.0.9:5433', pid: 100 },
      { local: '10.0.0.5:50003', remote: '255.255.255.255:65535', pid: 100 },
      { local: '127.0.0.1:50004', remote: '127.0.0.1:1', pid: 100 },
    ]),
    tcpTable(6, [{ local: '[fd00::5]:50000', remote: '[2001:db8::9]:5432', pid: 100 }]),
  ]);
  assert.deepEqual(destinations(model), {
    '10.0.0.9:5432': 2,
    '10.0.0.9:5433': 1,
    '255.255.255.255:65535': 1,
    '127.0.0.1:1': 1,
    '[2001:db8::9]:5432': 1,
  });
  assert.equal(containerOf(model).network.activeConnections, 6);
});

test('treats an IPv4-mapped remote endpoint as the IPv4 endpoint', () => {
  const model = scan([
    tcpTable(4, [{ local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 }]),
    tcpTable(6, [
      { local: '[0:0:0:0:0:ffff:a00:5]:50001', remote: '[0:0:0:0:0:ffff:a00:9]:5432', pid: 100 },
      { local: '[0:0:0:0:0:ffff:a00:5]:50002', remote: '[0:0:0:0:0:ffff:c0a8:1]:80', pid: 100 },
    ]),
  ]);
  assert.deepEqual(destinations(model), { '10.0.0.9:5432': 2, '192.168.0.1:80': 1 });
});

test('counts a row of several compartments once, and different rows each', () => {
  const shown = { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 };
  const tables = (family: 4 | 6, compartment: number) =>
    tcpTable(family, family === 4 ? [shown, { ...shown, local: `10.0.${compartment}.5:50000` }] : [], compartment);
  const model = scan([tables(4, 1), tables(6, 1), tables(4, 2), tables(6, 2), tables(4, 3), tables(6, 3)]);
  assert.deepEqual(destinations(model), { '10.0.0.9:5432': 4 });
});

test('counts a row of two compartments once if the host has no IPv6', () => {
  const row = { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 };
  const model = scan([tcpTable(4, [row], 1), tcpTable(4, [row], 2)]);
  assert.deepEqual(destinations(model), { '10.0.0.9:5432': 1 });
});

test('separates rows that differ in one field only', () => {
  const row = { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 100 };
  const model = scan([
    tcpTable(4, [row], 1),
    tcpTable(
      4,
      [
        { ...row, local: '10.0.0.5:50001' },
        { ...row, local: '10.0.0.6:50000' },
        { ...row, remote: '10.0.0.9:5433' },
      ],
      2,
    ),
    tcpTable(
      4,
      [
        { ...row, pid: 101 },
        { ...row, remote: '10.0.0.8:5432' },
      ],
      3,
    ),
  ]);
  assert.deepEqual(destinations(model), { '10.0.0.9:5432': 4, '10.0.0.9:5433': 1, '10.0.0.8:5432': 1 });
});

test('counts connections of a process in two trees for both containers', () => {
  const model = aModel();
  const both = [{ pid: 100 }, { pid: 200, parentPid: 100 }];
  const row = { local: '10.0.0.5:50000', remote: '10.0.0.9:5432', pid: 200 };
  round(model, 0, { services, processes: both, tcp: [tcpTable(4, [row]), tcpTable(6, [])] });
  assert.deepEqual(
    [destinations(model), destinations(model, '/win/api')],
    [{ '10.0.0.9:5432': 1 }, { '10.0.0.9:5432': 1 }],
  );
});

test('replaces the result with each scan, and keeps the objects of what stays', () => {
  const model = aModel();
  const connect = (port: number) => ({ local: `10.0.0.5:${50_000 + port}`, remote: `10.0.0.9:${port}`, pid: 100 });
  const listen = (port: number) => ({ local: `10.0.0.5:${port}`, pid: 100 });
  round(model, 0, { services, processes, tcp: [tcpTable(4, [connect(1), connect(2), listen(80), listen(81)])] });
  const { network } = containerOf(model);
  const before = { listener: [...network.listeners.values()][1], destination: [...network.destinations.values()][1] };
  round(model, 15_000, {
    services,
    processes,
    tcp: [tcpTable(4, [connect(2), connect(2), connect(3), listen(81), listen(82)])],
  });
  assert.deepEqual(destinations(model), { '10.0.0.9:2': 2, '10.0.0.9:3': 1 });
  assert.deepEqual(listeners(model), ['10.0.0.5:81', '10.0.0.5:82']);
  assert.equal([...network.listeners.values()][0], before.listener);
  assert.equal([...network.destinations.values()][0], before.destination);
});

test('keeps a connection inbound after its listener closes, and counts a new one as outbound', () => {
  const model = aModel();
  const row = { local: '10.0.0.5:80', remote: '10.0.0.9:50000', pid: 100 };
  round(model, 0, { services, processes, tcp: [tcpTable(4, [{ local: '0.0.0.0:80', pid: 100 }, row])] });
  assert.deepEqual(destinations(model), {});
  round(model, 15_000, { services, processes, tcp: [tcpTable(4, [row])] });
  assert.deepEqual(destinations(model), {});
  round(model, 30_000, { services, processes, tcp: [tcpTable(4, [row, { ...row, remote: '10.0.0.9:50001' }])] });
  assert.deepEqual(destinations(model), { '10.0.0.9:50001': 1 });
});

test('keeps the last result if tables cannot be read, and clears a gone container', () => {
  const model = aModel();
  const tcp = [
    tcpTable(4, [
      { local: '10.0.0.5:80', pid: 100 },
      { local: '10.0.0.5:50000', remote: '10.0.0.9:1', pid: 100 },
    ]),
  ];
  round(model, 0, { services, processes, tcp });
  round(model, 15_000, { services, processes, tcp: 'fails' });
  assert.deepEqual([listeners(model), destinations(model)], [['10.0.0.5:80'], { '10.0.0.9:1': 1 }]);
  round(model, 30_000, { services: [], processes, tcp: 'fails' });
  assert.deepEqual([listeners(model), destinations(model)], [[], {}]);
});
