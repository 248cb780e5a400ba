// Attribution of the sockets of a shared process to its services, or to the group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Owner } from '../../../src/model/owner/owner.ts';
import type { TcpTable } from '../../../src/sources/host.ts';
import { aModel, containerOf, round } from '../../helpers/model.ts';
import { anAdapter, aService, tcpTable } from '../../helpers/observations.ts';

const SHARED = 100;
const CHILD = 101;
const manual = { startType: 3, binaryPath: 'C:\\Windows\\system32\\svchost.exe -k netsvcs', account: 'LocalSystem' };
const automatic = { ...manual, startType: 2 };
const dns = aService({ name: 'Dnscache', pid: SHARED, config: automatic });
const time = aService({ name: 'W32Time', pid: SHARED, config: automatic });
const byHand = aService({ name: 'ByHand', pid: SHARED, config: manual });
const processes = [{ pid: SHARED }, { pid: CHILD, parentPid: SHARED }, { pid: 200 }];

function scan(services: readonly ReturnType<typeof aService>[], tcp: readonly TcpTable[]) {
  const model = aModel();
  round(model, 0, { services, processes, adapters: [anAdapter()], tcp });
  return model;
}

const shown = ({ network }: Owner): string[] => [
  ...[...network.listeners.values()].map(({ address }) => address),
  ...network.destinations.values().map(({ destination, active }) => `> ${destination} ${active}`),
];
const groupOf = (model: ReturnType<typeof aModel>) => {
  const group = model.groups.get(SHARED)!;
  const members = group.members.map(({ decision, owner }) => [decision.service.name, shown(owner)]);
  return { ...Object.fromEntries(members), unattributed: shown(group.remainder) };
};

const rows = [
  { local: '10.0.0.5:53', pid: SHARED, service: 'Dnscache' },
  { local: '10.0.0.5:50001', remote: '10.0.0.9:53', pid: SHARED, service: 'Dnscache' },
  { local: '10.0.0.5:50002', remote: '10.0.0.9:123', pid: SHARED, service: 'W32Time' },
  { local: '10.0.0.5:49664', pid: SHARED, service: 'ByHand' },
  { local: '10.0.0.5:49665', pid: SHARED },
  { local: '10.0.0.5:50003', remote: '10.0.0.9:443', pid: SHARED },
  { local: '10.0.0.5:7000', pid: CHILD },
];

test('attributes each row to the service that it names, and a row without one to the group', () => {
  const model = scan([dns, time, byHand], [tcpTable(4, rows)]);
  assert.deepEqual(groupOf(model), {
    Dnscache: ['10.0.0.5:53', '> 10.0.0.9:53 1'],
    W32Time: ['> 10.0.0.9:123 1'],
    ByHand: ['10.0.0.5:49664'],
    unattributed: ['10.0.0.5:49665', '10.0.0.5:7000', '> 10.0.0.9:443 1'],
  });
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:53', '> 10.0.0.9:53 1']);
});

test('treats a connection as outbound if its port belongs to another service of the process', () => {
  const inbound = { local: '10.0.0.5:53', remote: '10.0.0.77:50000', pid: SHARED, service: 'Dnscache' };
  const outbound = { local: '10.0.0.5:53', remote: '10.0.0.78:9', pid: SHARED, service: 'W32Time' };
  const model = scan([dns, time], [tcpTable(4, [rows[0]!, inbound, outbound])]);
  assert.deepEqual(groupOf(model), { Dnscache: ['10.0.0.5:53'], W32Time: ['> 10.0.0.78:9 1'], unattributed: [] });
});

test('does not attribute sockets of a service without a container to the only container', () => {
  const model = scan([dns, byHand], [tcpTable(4, rows.slice(0, 6))]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:53', '> 10.0.0.9:53 1']);
  assert.deepEqual(groupOf(model).unattributed, [
    '10.0.0.5:49665',
    // W32Time does not run in this process, so its name is ignored.
    '> 10.0.0.9:123 1',
    '> 10.0.0.9:443 1',
  ]);
});

test('attributes rows to the only container, or to none of several, if rows name no services', () => {
  const untagged = rows.map(({ service: _, ...row }) => row);
  const several = scan([dns, time, byHand], [tcpTable(4, untagged)]);
  assert.deepEqual(shown(containerOf(several, '/win/Dnscache')), []);
  assert.equal(groupOf(several).unattributed.length, 7);
  const alone = scan([dns, byHand], [tcpTable(4, untagged)]);
  assert.equal(shown(containerOf(alone, '/win/Dnscache')).length, 7);
  assert.deepEqual(groupOf(alone).unattributed, []);
});

test('leaves unnamed rows to the group if Windows reports services and names none for them', () => {
  const model = scan([dns, byHand], [tcpTable(4, [{ local: '10.0.0.5:49665', pid: SHARED }], 1, true)]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), []);
  assert.deepEqual(groupOf(model).unattributed, ['10.0.0.5:49665']);
});

test('attributes sockets of child processes to the only container of a shared process', () => {
  const model = scan([dns, byHand], [tcpTable(4, [{ local: '10.0.0.5:7000', pid: CHILD }], 1, true)]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:7000']);
});

test('attributes sockets of a shared process to a container above it in the process tree, too', () => {
  const model = aModel();
  const launcher = aService({ name: 'launcher', pid: 200 });
  const tree = [{ pid: 200 }, { pid: SHARED, parentPid: 200 }, { pid: CHILD, parentPid: SHARED }];
  const tcp = [tcpTable(4, [rows[0]!, rows[6]!])];
  round(model, 0, { services: [dns, time, launcher], processes: tree, adapters: [anAdapter()], tcp });
  assert.deepEqual(shown(containerOf(model, '/win/launcher')), ['10.0.0.5:53', '10.0.0.5:7000']);
  assert.deepEqual(groupOf(model), { Dnscache: ['10.0.0.5:53'], W32Time: [], unattributed: ['10.0.0.5:7000'] });
});

test('reads the services of IPv4 and IPv6 tables separately', () => {
  const tables = [
    tcpTable(4, [{ local: '10.0.0.5:53', pid: SHARED, service: 'Dnscache' }]),
    tcpTable(6, [{ local: '[fd00::5]:53', pid: SHARED, service: 'W32Time' }]),
  ];
  assert.deepEqual(groupOf(scan([dns, time], tables)), {
    Dnscache: ['10.0.0.5:53'],
    W32Time: ['[fd00::5]:53'],
    unattributed: [],
  });
});
