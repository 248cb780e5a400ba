// Disks and network adapters of the node: counters never decrease, and each frame is counted once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GrowingCounter } from '../../src/base/growing-counter.ts';
import { Disks } from '../../src/model/disks.ts';
import { NetworkInterfaces } from '../../src/model/net/interfaces.ts';
import type { DiskCounters, DiskRecord, InterfaceRecord } from '../../src/sources/host.ts';
import { aModel } from '../helpers/model.ts';
import { anAdapter, observation } from '../helpers/observations.ts';

test('adds the first value of a counter, then differences, and a lower value as a restart', () => {
  const counter = new GrowingCounter();
  for (const raw of [100, 150, 150, 20, 50]) counter.add(raw);
  assert.equal(counter.total, 200);
});

test('adds a wrap of a 32-bit counter, unless it is known to have restarted', () => {
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
  volume: `\\\\?\\Volume{${device}}\\`,
  ...(counters ? { counters: { ...noCounters, ...counters } } : {}),
});

test('computes busy time from elapsed and idle time, not from the times of requests', () => {
  const disks = new Disks();
  disks.update([disk({ queryMs: 100_000, idleMs: 40_000, readMs: 500_000 })]);
  disks.update([disk({ queryMs: 115_000, idleMs: 51_500, readMs: 560_000 })]);
  const [c] = disks.all();
  assert.equal(c!.busyMs, 3500);
  assert.equal(c!.readMs.total, 560_000);
});

test('continues operation counts across a 32-bit wrap', () => {
  const disks = new Disks();
  disks.update([disk({ reads: 4_294_967_290, readBytes: 1000 })]);
  disks.update([disk({ reads: 10, readBytes: 2000 })]);
  assert.equal(disks.all()[0]!.reads.total, 4_294_967_290 + 16);
});

test('keeps totals when a driver restarts its counters, and adds no wrap', () => {
  const disks = new Disks();
  disks.update([disk({ reads: 1000, readBytes: 5000, queryMs: 100, idleMs: 0 })]);
  disks.update([disk({ reads: 3, readBytes: 30, queryMs: 200, idleMs: 0 })]);
  const [c] = disks.all();
  assert.deepEqual([c!.reads.total, c!.readBytes.total, c!.busyMs], [1003, 5030, 0]);
});

test('does not count another volume at the same letter as growth of the first one', () => {
  // Volume A, then another disk at E:, as a mounted copy would be.
  const disks = new Disks();
  const at = (volume: string, counters: Partial<DiskCounters>) =>
    disks.update([{ ...disk(counters, 'E:'), volume: `\\\\?\\Volume{${volume}}\\` }]);
  at('a', { reads: 900_000, readBytes: 4e9, queryMs: 1000, idleMs: 500 });
  at('b', { reads: 20_000, readBytes: 9e9, queryMs: 16_000, idleMs: 900 });
  const [e] = disks.all();
  assert.deepEqual([e!.reads.total, e!.readBytes.total, e!.busyMs], [920_000, 13e9, 0]);
  at('b', { reads: 20_005, readBytes: 9e9 + 100, queryMs: 31_000, idleMs: 15_900 });
  assert.deepEqual([e!.reads.total, e!.readBytes.total, e!.busyMs], [920_005, 13e9 + 100, 0]);
  // Back again: only what the volume has counted since.
  at('a', { reads: 900_007, readBytes: 4e9 + 7 });
  assert.equal(disks.all()[0]!.reads.total, 920_005 + 7);
});

test('counts only growth of each volume when two volumes exchange their letters', () => {
  const disks = new Disks();
  const at = (device: string, volume: string, reads: number) => ({
    ...disk({ reads, readBytes: reads }, device),
    volume,
  });
  disks.update([at('E:', 'a', 900_000), at('F:', 'b', 20_000)]);
  disks.update([at('E:', 'b', 20_003), at('F:', 'a', 900_005)]);
  assert.deepEqual(
    disks.all().map(({ device, reads }) => [device, reads.total]),
    [
      ['E:', 900_003],
      ['F:', 20_005],
    ],
  );
});

test('counts the growth of a volume once when it moves to another letter and back', () => {
  const disks = new Disks();
  const read = (device: string, reads: number): [string, number][] => {
    disks.update([{ ...disk({ reads }, device), volume: 'a' }]);
    return disks.all().map((each) => [each.device, each.reads.total]);
  };
  assert.deepEqual([read('E:', 100), read('F:', 300), read('E:', 400)], [[['E:', 100]], [['F:', 200]], [['E:', 200]]]);
});

test('a volume whose name is missing once, or has other letter case, is no other volume', () => {
  const disks = new Disks();
  for (const [volume, reads] of [
    ['\\\\?\\Volume{aa}\\', 900_000],
    ['', 900_050],
    ['\\\\?\\Volume{AA}\\', 900_100],
  ] as const)
    disks.update([{ ...disk({ reads }, 'E:'), volume }]);
  assert.equal(disks.all()[0]!.reads.total, 900_100);
});

test('a volume without counters does not end the counts of the one that had the letter before', () => {
  const disks = new Disks();
  disks.update([{ ...disk({ reads: 100 }, 'E:'), volume: 'a' }]);
  disks.update([{ ...disk(undefined, 'E:'), volume: 'b' }]);
  disks.update([{ ...disk({ reads: 150 }, 'E:'), volume: 'a' }]);
  assert.equal(disks.all()[0]!.reads.total, 150);
});

test('continues the totals of a disk that a reading lacked', () => {
  const disks = new Disks();
  disks.update([disk({ reads: 1000 }), disk({ reads: 7 }, 'D:')]);
  disks.update([disk({ reads: 3 }), disk({ reads: 7 }, 'D:')]);
  disks.update([disk({ reads: 9 }, 'D:')]);
  disks.update([disk({ reads: 5 }), disk({ reads: 9 }, 'D:')]);
  assert.deepEqual(
    disks.all().map(({ device, reads }) => [device, reads.total]),
    [
      ['C:', 1005],
      ['D:', 9],
    ],
  );
});

test('adds no busy time if the clock of the counters was set, forward or back', () => {
  for (const setMs of [3_600_000, -3_600_000]) {
    const disks = new Disks();
    disks.update([disk({ queryMs: 10_000_000, idleMs: 40_000 })], 1000);
    disks.update([disk({ queryMs: 10_015_000 + setMs, idleMs: 54_000 })], 16_000);
    disks.update([disk({ queryMs: 10_030_000 + setMs, idleMs: 68_000 })], 31_000);
    assert.equal(disks.all()[0]!.busyMs, 2000, `${setMs}`);
  }
});

test('processor time never decreases, although idle time is read after kernel time', () => {
  const model = aModel();
  const system = [6_939_312.5, 6_939_328.125, 6_939_312.5, 6_939_343.75].map((systemMs, i) => {
    const cpu = { logicalProcessors: 4, userMs: 1000 - (i % 2), systemMs, idleMs: 5e6 - (i === 2 ? 4e6 : 0) };
    model.observe(observation('cpu', cpu, { atMs: i * 15_000 }));
    return [model.node.cpu!.userMs, model.node.cpu!.systemMs, model.node.cpu!.idleMs];
  });
  assert.deepEqual(system, [
    [1000, 6_939_312.5, 5e6],
    [1000, 6_939_328.125, 5e6],
    [1000, 6_939_328.125, 5e6],
    [1000, 6_939_343.75, 5e6],
  ]);
});

test('adds no busy time if the clock of the counters steps back', () => {
  const disks = new Disks();
  disks.update([disk({ queryMs: 5000, idleMs: 100 })]);
  disks.update([disk({ queryMs: 4000, idleMs: 100 })]);
  assert.equal(disks.all()[0]!.busyMs, 0);
});

test('reports counters of other volumes if one volume has none', () => {
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
  lowerIndexes: [],
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

/** Names of the adapters that report traffic. */
function reportingAdapters(links: readonly InterfaceRecord[]): string[] {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters(
    links.filter(({ filter }) => !filter).map(({ index, name, type }) => anAdapter({ index, name, type })),
  );
  interfaces.updateCounters(links);
  return interfaces
    .all()
    .filter(({ reportsTraffic }) => reportsTraffic)
    .map(({ name }) => name);
}

test('reports traffic for the members of a team, not for the team', () => {
  const links = [
    link({ index: 1, name: 'NIC1' }),
    link({ index: 2, name: 'NIC2' }),
    link({ index: 9, name: 'Team', hardware: false, lowerIndexes: [1, 2] }),
  ];
  assert.deepEqual(reportingAdapters(links), ['NIC1', 'NIC2']);
});

test('reports no traffic for a virtual switch above a network card, but for an internal one', () => {
  const links = [
    link({ index: 1, name: 'NIC1' }),
    link({ index: 3, name: 'NIC1-Filter', hardware: false, filter: true, lowerIndexes: [1] }),
    link({ index: 4, name: 'Switch', type: 1, hardware: false, lowerIndexes: [3] }),
    link({ index: 5, name: 'vEthernet (external)', hardware: false, lowerIndexes: [4] }),
    link({ index: 6, name: 'vEthernet (nat)', hardware: false }),
  ];
  assert.deepEqual(reportingAdapters(links), ['NIC1', 'vEthernet (nat)']);
});

test('accepts adapters that are below each other', () => {
  const links = [
    link({ index: 1, name: 'A', hardware: false, lowerIndexes: [2] }),
    link({ index: 2, name: 'B', hardware: false, lowerIndexes: [1] }),
  ];
  assert.deepEqual(reportingAdapters(links), ['A', 'B']);
});

test('lists Ethernet and wireless adapters only, and ignores filters with the same name', () => {
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

test('reports addresses of the last reading, and keeps traffic when a driver restarts', () => {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters([anAdapter({ name: 'E', addresses: ['10.0.0.5'] })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 1000 })]);
  interfaces.updateAdapters([anAdapter({ name: 'E', addresses: ['10.0.0.77'] })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 40 })]);
  const [adapter] = interfaces.all();
  assert.deepEqual([adapter!.addresses, adapter!.receivedBytes.total], [['10.0.0.77'], 1040]);
});

describe('adapters', () => {
  /** Bytes received by name, after readings of one adapter each. */
  const totals = (...readings: [name: string, index: number, guid: string | undefined, receivedBytes: number][]) => {
    const interfaces = new NetworkInterfaces();
    return readings.map(([name, index, guid, receivedBytes]) => {
      interfaces.updateAdapters([anAdapter({ name, index })]);
      interfaces.updateCounters([link({ name, index, receivedBytes, ...(guid === undefined ? {} : { guid }) })]);
      return interfaces.all().map((each) => [each.name, each.receivedBytes.total]);
    });
  };

  test('count the growth of each adapter once when a name passes to another one and back', () => {
    const seen = totals(['E', 2, '{A}', 1000], ['E', 3, '{B}', 50], ['E', 2, '{A}', 1100]);
    assert.deepEqual(seen, [[['E', 1000]], [['E', 1050]], [['E', 1150]]]);
  });

  test('count the growth of an adapter once when it is renamed and gets its name back', () => {
    const seen = totals(['E', 2, '{A}', 1000], ['LAN', 2, '{A}', 1200], ['E', 2, '{A}', 1300]);
    assert.deepEqual(seen, [[['E', 1000]], [['LAN', 200]], [['E', 1100]]]);
  });

  test('stay the same without a GUID for once, and with a GUID in other letter case', () => {
    const seen = totals(['E', 2, '{A}', 1000], ['E', 2, undefined, 1200], ['E', 2, '{a}', 1300]);
    assert.deepEqual(seen.at(-1), [['E', 1300]]);
  });
});

test('reports the first of two adapters with the same name, without counter restarts', () => {
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

test('does not count another adapter with the same name as growth of the first one', () => {
  const interfaces = new NetworkInterfaces();
  const update = (guid: string, receivedBytes: number) => {
    interfaces.updateAdapters([anAdapter({ name: 'E' })]);
    interfaces.updateCounters([link({ index: 1, name: 'E', guid, receivedBytes })]);
    return interfaces.all()[0]!.receivedBytes.total;
  };
  assert.equal(update('a', 4e9), 4e9);
  assert.equal(update('b', 9e9), 13e9);
  assert.equal(update('b', 9e9 + 10), 13e9 + 10);
  assert.equal(update('b', 8e9), 13e9 + 10);
});

test('counts only growth of each adapter when two adapters exchange their names', () => {
  const interfaces = new NetworkInterfaces();
  const update = (a: [name: string, bytes: number], b: [name: string, bytes: number]) => {
    interfaces.updateAdapters([anAdapter({ name: 'E' }), anAdapter({ name: 'F', index: 3 })]);
    interfaces.updateCounters([
      link({ index: 1, guid: 'a', name: a[0], receivedBytes: a[1] }),
      link({ index: 2, guid: 'b', name: b[0], receivedBytes: b[1] }),
    ]);
  };
  update(['E', 9e9], ['F', 1000]);
  update(['F', 9e9 + 1], ['E', 1002]);
  assert.deepEqual(
    interfaces.all().map(({ name, receivedBytes }) => [name, receivedBytes.total]),
    [
      ['E', 9e9 + 2],
      ['F', 1001],
    ],
  );
});

test('continues the totals of an adapter that a reading lacked', () => {
  const interfaces = new NetworkInterfaces();
  const update = (receivedBytes: number) => {
    interfaces.updateAdapters([anAdapter({ name: 'E' })]);
    interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes })]);
  };
  update(1000);
  update(10);
  interfaces.updateAdapters([]);
  interfaces.updateCounters([]);
  assert.deepEqual(interfaces.all(), []);
  update(30);
  assert.equal(interfaces.all()[0]!.receivedBytes.total, 1030);
});

test('an error counter that falls by chance does not make a restart of all counters', () => {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters([anAdapter({ name: 'E' })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 1e12, receivedErrors: 3 })]);
  interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes: 1e12 - 5, receivedErrors: 1 })]);
  assert.equal(interfaces.all()[0]!.receivedBytes.total, 1e12);
});

test('counts all counters of an adapter from zero after a restart, also those that grew fast', () => {
  const interfaces = new NetworkInterfaces();
  interfaces.updateAdapters([anAdapter({ name: 'E' })]);
  for (const [receivedBytes, receivedPackets] of [
    [5e9, 2000],
    [1_500_000, 1500],
    [3_000_000, 3000],
  ] as const)
    interfaces.updateCounters([link({ index: 1, name: 'E', receivedBytes, receivedPackets })]);
  const [adapter] = interfaces.all();
  assert.deepEqual([adapter!.receivedBytes.total, adapter!.receivedPackets.total], [5e9 + 3e6, 5000]);
});
