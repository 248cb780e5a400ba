// The scan of the TCP tables: listeners and connections with new, old and missing tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../../../src/model/clock.ts';
import { NameCache } from '../../../src/model/dns/name-cache.ts';
import { NameNormaliser } from '../../../src/model/dns/name-normaliser.ts';
import { Connections } from '../../../src/model/net/connections.ts';
import { DestinationFilter } from '../../../src/model/net/destination-filter.ts';
import { TcpScan } from '../../../src/model/net/scan.ts';
import { Owner } from '../../../src/model/owner/owner.ts';
import { ProcessInstances } from '../../../src/model/processes/process-instances.ts';
import { UnattributedCounts } from '../../../src/model/unattributed.ts';
import { type TcpRow, tcpTable } from '../../helpers/observations.ts';

const listener: TcpRow = { local: '0.0.0.0:80', pid: 100 };
const connection = (remotePort: number): TcpRow => {
  return { local: `10.0.0.5:${50_000 + remotePort}`, remote: `10.0.0.9:${remotePort}`, pid: 100 };
};

/** A scan whose rows of pid 100 all belong to one container. */
class Fixture {
  readonly owner = new Owner('container');
  readonly scan: TcpScan;
  readonly clock = new Clock();

  constructor(filter = new DestinationFilter()) {
    const names = new NameCache();
    const connections = new Connections({
      clock: this.clock,
      filter,
      rules: { names, maxDestinations: 500 },
      names,
      normaliser: new NameNormaliser(),
      instances: new ProcessInstances(this.clock),
      unattributed: new UnattributedCounts(),
    });
    this.scan = new TcpScan(connections, filter);
  }

  run(rows?: readonly TcpRow[]): this {
    if (rows) this.scan.setTables([tcpTable(4, rows)]);
    const nowMs = this.clock.monoMs + 15_000;
    this.clock.advance(nowMs, nowMs);
    this.scan.run({
      now: this.clock,
      listedAtMs: nowMs,
      owners: { ofRow: (table, row) => (table.pid[row] === 100 ? [this.owner] : []) },
      allOwners: [this.owner],
      sharedOwners: () => [],
      addresses: { ipv4: ['10.0.0.5'], ipv6: [] },
    });
    return this;
  }

  get shown() {
    const { listeners, destinations } = this.owner.network;
    return {
      listeners: [...listeners.values()].map(({ address, reported }) => `${address} ${reported}`),
      destinations: destinations.values().map((each) => `${each.destination} ${each.active} ${each.successful}`),
    };
  }
}

test('attributes listeners and connections of the tables to their owners', () => {
  const { shown } = new Fixture().run([listener, connection(1), { ...connection(2), pid: 4 }]);
  assert.deepEqual(shown, { listeners: ['10.0.0.5:80 true'], destinations: ['10.0.0.9:1 1 0'] });
});

test('shows nothing before the first tables', () => {
  const fixture = new Fixture().run();
  assert.deepEqual([fixture.shown, fixture.scan.tables], [{ listeners: [], destinations: [] }, undefined]);
});

test('scans the last tables again if there are no new ones, and infers no connects from them', () => {
  const fixture = new Fixture()
    .run([connection(1)])
    .run()
    .run();
  assert.deepEqual(fixture.shown.destinations, ['10.0.0.9:1 1 0']);
  assert.deepEqual(fixture.run([connection(1), connection(2)]).shown.destinations, [
    '10.0.0.9:1 1 0',
    '10.0.0.9:2 1 1',
  ]);
});

test('removes what the new tables do not have', () => {
  const fixture = new Fixture().run([listener, connection(1)]).run([]);
  assert.deepEqual(fixture.shown, { listeners: [], destinations: [] });
});

test('marks listeners on excluded ports as not reported', () => {
  const filter = new DestinationFilter({ ephemeralPorts: [{ from: 80, to: 80 }] });
  assert.deepEqual(new Fixture(filter).run([listener]).shown.listeners, ['10.0.0.5:80 false']);
});
