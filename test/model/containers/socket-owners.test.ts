// Sockets of a shared process go to the very service that has them, or stay with the group.
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

function look(services: readonly ReturnType<typeof aService>[], tcp: readonly TcpTable[]) {
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

test('each row goes to the service that it names; what names none stays with the group', () => {
  const model = look([dns, time, byHand], [tcpTable(4, rows)]);
  assert.deepEqual(groupOf(model), {
    Dnscache: ['10.0.0.5:53', '> 10.0.0.9:53 1'],
    W32Time: ['> 10.0.0.9:123 1'],
    ByHand: ['10.0.0.5:49664'],
    unattributed: ['10.0.0.5:49665', '10.0.0.5:7000', '> 10.0.0.9:443 1'],
  });
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:53', '> 10.0.0.9:53 1']);
});

test('a connection to a port of another service in the process is not inbound', () => {
  const inbound = { local: '10.0.0.5:53', remote: '10.0.0.77:50000', pid: SHARED, service: 'Dnscache' };
  const outbound = { local: '10.0.0.5:53', remote: '10.0.0.78:9', pid: SHARED, service: 'W32Time' };
  const model = look([dns, time], [tcpTable(4, [rows[0]!, inbound, outbound])]);
  assert.deepEqual(groupOf(model), { Dnscache: ['10.0.0.5:53'], W32Time: ['> 10.0.0.78:9 1'], unattributed: [] });
});

test('the sockets of a service that is no container are not given to the one that is', () => {
  const model = look([dns, byHand], [tcpTable(4, rows.slice(0, 6))]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:53', '> 10.0.0.9:53 1']);
  assert.deepEqual(groupOf(model).unattributed, [
    '10.0.0.5:49665',
    // W32Time does not run there: its name says nothing.
    '> 10.0.0.9:123 1',
    '> 10.0.0.9:443 1',
  ]);
});

test('without services of sockets the only container owns all, and several own none', () => {
  const untold = rows.map(({ service: _, ...row }) => row);
  const several = look([dns, time, byHand], [tcpTable(4, untold)]);
  assert.deepEqual(shown(containerOf(several, '/win/Dnscache')), []);
  assert.equal(groupOf(several).unattributed.length, 7);
  const alone = look([dns, byHand], [tcpTable(4, untold)]);
  assert.equal(shown(containerOf(alone, '/win/Dnscache')).length, 7);
  assert.deepEqual(groupOf(alone).unattributed, []);
});

test('a table of which the system tells that it has none for these rows gives nothing to the one container', () => {
  const model = look([dns, byHand], [tcpTable(4, [{ local: '10.0.0.5:49665', pid: SHARED }], 1, true)]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), []);
  assert.deepEqual(groupOf(model).unattributed, ['10.0.0.5:49665']);
});

test('children of a process with one container are the container’s', () => {
  const model = look([dns, byHand], [tcpTable(4, [{ local: '10.0.0.5:7000', pid: CHILD }], 1, true)]);
  assert.deepEqual(shown(containerOf(model, '/win/Dnscache')), ['10.0.0.5:7000']);
});

test('a container above a shared process keeps the sockets of its whole tree', () => {
  const model = aModel();
  const launcher = aService({ name: 'launcher', pid: 200 });
  const tree = [{ pid: 200 }, { pid: SHARED, parentPid: 200 }, { pid: CHILD, parentPid: SHARED }];
  const tcp = [tcpTable(4, [rows[0]!, rows[6]!])];
  round(model, 0, { services: [dns, time, launcher], processes: tree, adapters: [anAdapter()], tcp });
  assert.deepEqual(shown(containerOf(model, '/win/launcher')), ['10.0.0.5:53', '10.0.0.5:7000']);
  assert.deepEqual(groupOf(model), { Dnscache: ['10.0.0.5:53'], W32Time: [], unattributed: ['10.0.0.5:7000'] });
});

test('IPv4 and IPv6 tables have their services each', () => {
  const tables = [
    tcpTable(4, [{ local: '10.0.0.5:53', pid: SHARED, service: 'Dnscache' }]),
    tcpTable(6, [{ local: '[fd00::5]:53', pid: SHARED, service: 'W32Time' }]),
  ];
  assert.deepEqual(groupOf(look([dns, time], tables)), {
    Dnscache: ['10.0.0.5:53'],
    W32Time: ['[fd00::5]:53'],
    unattributed: [],
  });
});
