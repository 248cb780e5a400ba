// Disks and network adapters of the node: counters that never go back, and each frame counted once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disks } from '../../src/model/disks.ts';
import { GrowingCounter } from '../../src/model/growing-counter.ts';
import { NetworkInterfaces } from '../../src/model/net/interfaces.ts';
import type { DiskCounters, DiskRecord, InterfaceRecord } from '../../src/sources/host.ts';
import { anAdapter } from '../helpers/observations.ts';

test('a growing counter: the first value whole, then differences; a lower value is a new start', () => {
  const counter = new GrowingCounter();
  for (const raw of [100, 150, 150, 20, 50]) counter.add(raw);
  assert.equal(counter.total, 200);
});

test('a counter of 32 bits wraps, unless it is known to have started anew', () => {
  const counter = new GrowingCounter();
  counter.add32(0xffff_fff0);
  counter.add32(16);
  assert.equal(counter.total, 0xffff_fff0 + 32);
  counter.add32(5, true);
  assert.equal(counter.total, 0xffff_fff0 + 37);
});

const noCounters: DiskCounters = {
  reads: 0,
  writes: 0,
  readBytes: 0,
  writtenBytes: 0,
  readMs: 0,
  writeMs: 0,
  idleMs: 0,
  queryMs: 0,
};
const disk = (counters?: Partial<DiskCounters>, device = 'C:'): DiskRecord => ({
  device,
  mountPoint: `${device}\\`,
  volume: '\\\\?\\Volume{1}\\',
  ...(counters ? { counters: { ...noCounters, ...counters } } : {}),
});

test('busy time is elapsed time that was not idle, not the sum over requests', () => {
  const disks = new Disks();
  disks.update([disk({ queryMs: 100_000, idleMs: 40_000, readMs: 500_000 })]);
  disks.update([disk({ queryMs: 115_000, idleMs: 51_500, readMs: 560_000 })]);
  const [c] = disks.all();
  assert.equal(c!.busyMs, 3500);
  assert.equal(c!.readMs.total, 560_000);
});

test('operation counts go on over their wrap at 2^32', () => {
  const disks = new Disks();
  disks.update([disk({ reads: 4_294_967_290, readBytes: 1000 })]);
  disks.update([disk({ reads: 10, readBytes: 2000 })]);
  assert.equal(disks.all()[0]!.reads.total, 4_294_967_290 + 16);
});

test('a driver that counts anew does not take the totals back, and its counts are no wrap', () => {
  const disks = new Disks();
  disks.update([disk({ reads: 1000, readBytes: 5000, queryMs: 100, idleMs: 0 })]);
  disks.update([disk({ reads: 3, readBytes: 30, queryMs: 200, idleMs: 0 })]);
  const [c] = disks.all();
  assert.deepEqual([c!.reads.total, c!.readBytes.total, c!.busyMs], [1003, 5030, 0]);
});

test('a clock of the counters that steps back adds no busy time', () => {
  const disks = new Disks();
  disks.update([disk({ queryMs: 5000, idleMs: 100 })]);
  disks.update([disk({ queryMs: 4000, idleMs: 100 })]);
  assert.equal(disks.all()[0]!.busyMs, 0);
});

test('one volume without counters leaves the others as they are', () => {
  const disks = new Disks();
  disks.update([disk(), disk({ reads: 5 }, 'D:\\Mount\\Data')]);
  assert.deepEqual(
    disks.all().map(({ device, counted, reads }) => [device, counted, reads.total]),
    [
      ['C:', false, 0],
      ['D:\\Mount\\Data', true, 5],
    ],
  );
  disks.update([disk({ reads: 1 })]);
  assert.deepEqual(
    disks.all().map(({ device }) => device),
    ['C:'],
  );
});

const link = (values: Partial<InterfaceRecord> & Pick<InterfaceRecord, 'index' | 'name'>): InterfaceRecord => ({
  description: '',
  type: 6,
  hardware: true,
  filter: false,
  below: [],
  receivedBytes: 0,
  receivedPackets: 0,
  receivedErrors: 0,
  receivedDrops: 0,
  transmittedBytes: 0,
  transmittedPackets: 0,
  transmittedErrors: 0,
  transmittedDrops: 0,
  ...values,
});

/** Names of the adapters whose traffic is told. */
function told(links: readonly InterfaceRecord[]): string[] {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters(
    links.filter(({ filter }) => !filter).map(({ index, name, type }) => anAdapter({ index, name, type })),
  );
  interfaces.updateCounters(links);
  return interfaces
    .all()
    .filter(({ tellsTraffic }) => tellsTraffic)
    .map(({ name }) => name);
}

test('a team tells nothing, its members do', () => {
  const links = [
    link({ index: 1, name: 'NIC1' }),
    link({ index: 2, name: 'NIC2' }),
    link({ index: 9, name: 'Team', hardware: false, below: [1, 2] }),
  ];
  assert.deepEqual(told(links), ['NIC1', 'NIC2']);
});

test('a virtual switch above a card reports no traffic, an internal one does', () => {
  const links = [
    link({ index: 1, name: 'NIC1' }),
    link({ index: 3, name: 'NIC1-Filter', hardware: false, filter: true, below: [1] }),
    link({ index: 4, name: 'Switch', type: 1, hardware: false, below: [3] }),
    link({ index: 5, name: 'vEthernet (external)', hardware: false, below: [4] }),
    link({ index: 6, name: 'vEthernet (nat)', hardware: false }),
  ];
  assert.deepEqual(told(links), ['NIC1', 'vEthernet (nat)']);
});

test('a stack that goes in circles ends', () => {
  const links = [
    link({ index: 1, name: 'A', hardware: false, below: [2] }),
    link({ index: 2, name: 'B', hardware: false, below: [1] }),
  ];
  assert.deepEqual(told(links), ['A', 'B']);
});

test('Ethernet and wireless only; a filter with the name of its adapter is not taken for it', () => {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters([
    anAdapter({ name: 'Ethernet', type: 6 }),
    anAdapter({ name: 'Wi-Fi', type: 71, up: false }),
    anAdapter({ name: 'Loopback', type: 24 }),
    anAdapter({ name: 'Tunnel', type: 131 }),
  ]);
  interfaces.updateCounters([
    link({ index: 1, name: 'Ethernet', receivedBytes: 10 }),
    link({ index: 2, name: 'Ethernet', filter: true, receivedBytes: 99 }),
  ]);
  assert.deepEqual(
    interfaces.all().map(({ name, up, counted, receivedBytes }) => [name, up, counted, receivedBytes.total]),
    [
      ['Ethernet', true, true, 10],
      ['Wi-Fi', false, false, 0],
    ],
  );
});

test('addresses are as of the last look, traffic goes on over a driver that starts anew', () => {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters([anAdapter({ name: 'E', addresses: ['10.0.0.5'] })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 1000 })]);
  interfaces.updateAdapters([anAdapter({ name: 'E', addresses: ['10.0.0.77'] })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 40 })]);
  const [adapter] = interfaces.all();
  assert.deepEqual([adapter!.addresses, adapter!.receivedBytes.total], [['10.0.0.77'], 1040]);
});

test('two adapters of one name: the first has it, and their counters are not taken for one that starts again', () => {
  const interfaces = new NetworkInterfaces();
  const records = [anAdapter({ index: 3, addresses: ['10.0.0.3'] }), anAdapter({ index: 4, addresses: ['10.0.0.4'] })];
  for (const received of [100, 200, 300]) {
    interfaces.updateAdapters(records);
    interfaces.updateCounters([
      link({ index: 3, name: 'Ethernet', receivedBytes: received }),
      link({ index: 4, name: 'Ethernet', receivedBytes: 5 }),
    ]);
  }
  assert.deepEqual(
    interfaces.all().map(({ addresses, receivedBytes }) => [addresses, receivedBytes.total]),
    [[['10.0.0.3'], 300]],
  );
});
