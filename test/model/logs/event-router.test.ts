// Routing of events to containers: by service, by process, by related crash reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostModel } from '../../../src/model/host-model.ts';
import type { EventRecord, EventSubject, Observation, ServiceRecord } from '../../../src/sources/host.ts';
import { aModel, round, wall } from '../../helpers/model.ts';
import { aService, observation, type ProcessRow } from '../../helpers/observations.ts';

const SERVICES_EXE = 4;

/** `orders` and `stock` have a process each; `mail` and `print` share one; `spare` is stopped and so no container. */
const services: readonly ServiceRecord[] = [
  aService({ name: 'orders', displayName: 'Shop Orders', pid: 100 }),
  aService({ name: 'stock', displayName: 'Shop Stock', pid: 200 }),
  aService({ name: 'mail', displayName: 'Shop Mail', pid: 300 }),
  aService({ name: 'print', displayName: 'Shop Print', pid: 300 }),
  aService({ name: 'spare', displayName: 'Shop Spare', pid: 0, state: 1 }),
  aService({ name: 'twin1', displayName: 'Shop Twin', pid: 500 }),
  aService({ name: 'twin2', displayName: 'Shop Twin', pid: 600 }),
];
const shop = 'C:\\shop\\';
const processes: readonly ProcessRow[] = [
  { pid: SERVICES_EXE, name: 'services.exe', createdAtMs: wall(-9000) },
  row(100, 'orders.exe'),
  row(110, 'helper.exe', 100),
  row(200, 'dotnet.exe'),
  row(300, 'svchost.exe'),
  row(310, 'child.exe', 300),
  row(500, 'dotnet.exe'),
  row(600, 'twin.exe'),
  row(900, 'explorer.exe', 0),
];

function row(pid: number, name: string, parentPid = SERVICES_EXE, createdAtMs = createdAt(pid)): ProcessRow {
  return { pid, parentPid, name, imagePath: shop + name, createdAtMs };
}

/** With a fraction of a millisecond, as FILETIMEs have. */
function createdAt(pid: number): number {
  return wall(-8000 + pid) + 0.1234;
}

function event(values: Partial<EventRecord> = {}): EventRecord {
  return {
    channel: 'Application',
    provider: 'ShopApi',
    eventId: 1,
    recordId: '1',
    level: 'error',
    atMs: wall(1000),
    nanoseconds: 0,
    message: 'text',
    ...values,
  };
}
const about = (subject: EventSubject, values: Partial<EventRecord> = {}): EventRecord => event({ subject, ...values });

class Shop {
  readonly model: HostModel;
  #atMs = 2000;

  constructor(parts: { services?: readonly ServiceRecord[]; processes?: readonly ProcessRow[] | 'fails' } = {}) {
    this.model = aModel();
    this.round(0, parts);
  }

  /** One round `afterMs` after the last event or round; without arguments as at the start. */
  round(
    afterMs: number,
    parts: { services?: readonly ServiceRecord[]; processes?: readonly ProcessRow[] | 'fails' } = {},
  ): this {
    this.#atMs += afterMs;
    round(this.model, this.#atMs, { services, processes, ...parts });
    return this;
  }

  /** Where the event is counted: a container without `/win/`, `node`, or `later`. */
  target(record: EventRecord): string {
    const before = this.#counts();
    const { waiting } = this.model.logs;
    this.#atMs += 100;
    this.model.observe(observation('eventRecords', [record], { atMs: this.#atMs }));
    return this.model.logs.waiting > waiting ? 'later' : this.#grown(before);
  }

  /** Where the event is counted at the latest in the next round. */
  finalTarget(record: EventRecord, ...parts: Parameters<Shop['round']>[1][]): string {
    const before = this.#counts();
    const target = this.target(record);
    if (target !== 'later') return target;
    this.round(15_000, ...parts);
    return this.#grown(before);
  }

  #grown(before: ReadonlyMap<string, number>): string {
    const grown = [...this.#counts()].filter(([id, count]) => count > (before.get(id) ?? 0));
    assert.equal(grown.length, 1);
    return grown[0]![0];
  }

  #counts(): Map<string, number> {
    const { model } = this;
    const counts = new Map([['node', model.logs.node?.total('error') ?? 0]]);
    for (const { id, logs } of model.containers.all()) counts.set(id.replace('/win/', ''), logs?.total('error') ?? 0);
    return counts;
  }
}

const scm = { provider: 'Service Control Manager', channel: 'System', pid: SERVICES_EXE };
const table: readonly [title: string, record: EventRecord, target: string][] = [
  ['a key name in other letter case', about({ service: 'ORDERS' }, scm), 'orders'],
  ['a key name, whatever the display name says', about({ service: 'stock', displayName: 'Bestand' }, scm), 'stock'],
  ['a display name in other letter case', about({ displayName: ' shop ORDERS ' }, scm), 'orders'],
  ['a key name in the place of the display name', about({ displayName: 'stock' }, scm), 'stock'],
  ['a cut key name and a display name', about({ service: 'ord', displayName: 'Shop Orders' }, scm), 'orders'],
  ['a display name that two services have', about({ displayName: 'Shop Twin' }, scm), 'node'],
  ['the key name of one of two services with one display name', about({ service: 'twin2' }, scm), 'twin2'],
  ['a service that is no container', about({ service: 'spare', displayName: 'Shop Spare' }, scm), 'node'],
  ['no service, from the Service Control Manager', event({ ...scm, pid: 100 }), 'node'],
  ['a service in a shared process', about({ service: 'mail' }, scm), 'mail'],
  ['svchost.exe_NAME of a shared process', about({ service: 'print', program: 'svchost.exe', pid: 300 }), 'print'],
  ['its writer, a root process', event({ pid: 100 }), 'orders'],
  ['its writer, a child process', event({ pid: 110 }), 'orders'],
  ['its writer, a shared process', event({ pid: 300 }), 'node'],
  ['its writer, a child of a shared process', event({ pid: 310 }), 'node'],
  ['its writer, outside of containers', event({ pid: 900 }), 'node'],
  ['no process', event(), 'node'],
  ['process 0', event({ pid: 0 }), 'node'],
  ['a writer and no time', event({ pid: 200, atMs: 0 }), 'stock'],
  ['a writer that is the error reporter', event({ provider: 'Windows Error Reporting', pid: 100 }), 'node'],
  ['a shutdown, written by a container', event({ provider: 'USER32', pid: 100 }), 'node'],
  ['a crash of a root process', about({ pid: 200, createdAtMs: createdAt(200), program: 'dotnet.exe' }), 'stock'],
  ['a crash of a child process', about({ pid: 110, createdAtMs: createdAt(110) }), 'orders'],
  ['a crash outside of containers', about({ pid: 900, createdAtMs: createdAt(900), program: 'orders.exe' }), 'node'],
  ['a worker process and its pool', about({ pid: 200, pool: 'DefaultAppPool' }), 'stock'],
  ['a pool only', about({ pool: 'DefaultAppPool' }), 'node'],
  ['a service of another computer', about({ service: 'orders' }, { computer: 'SHOP-02' }), 'node'],
  ['a process of another computer', event({ pid: 100, computer: 'SHOP-02' }), 'node'],
];
for (const [title, record, target] of table)
  test(`an event with ${title} goes to ${target}`, () => {
    assert.equal(new Shop().target(record), target);
  });

test('an event of a process that no list has shown waits for the next list', () => {
  const shop = new Shop();
  const record = event({ pid: 120, atMs: wall(2050) });
  const started = { processes: [...processes, row(120, 'new.exe', 100, wall(2040))] };
  assert.equal(shop.target(record), 'later');
  assert.equal(new Shop().finalTarget(record, started), 'orders');
  assert.equal(new Shop().finalTarget(record), 'node');
});

test('an event that is older than the list by a minute does not wait for another', () => {
  assert.equal(new Shop().target(event({ pid: 77, atMs: wall(-60_000) })), 'node');
});

test('an event about a service that is not listed yet waits for the next list', () => {
  const shop = new Shop();
  const added = [...services, aService({ name: 'fresh', displayName: 'Shop Fresh', pid: 100 })];
  assert.equal(shop.finalTarget(about({ displayName: 'Shop Fresh' }, scm), { services: added }), 'fresh');
  assert.equal(new Shop().finalTarget(about({ displayName: 'Shop Fresh' }, scm)), 'node');
});

test('a display name counts as the SCM reports it now', () => {
  const shop = new Shop();
  const renamed = services.map((each) => (each.name === 'orders' ? { ...each, displayName: 'Bestellungen' } : each));
  shop.round(15_000, { services: renamed });
  assert.equal(shop.target(about({ displayName: 'bestellungen' }, scm)), 'orders');
  assert.equal(shop.finalTarget(about({ displayName: 'Shop Orders' }, scm), { services: renamed }), 'node');
});

test('a crash of an exited process goes to its container, not to the process that reuses the pid', () => {
  const shop = new Shop();
  const restarted = services.map((each) =>
    each.name === 'orders' ? { ...each, pid: 101 } : each.name === 'stock' ? { ...each, pid: 100 } : each,
  );
  shop.round(15_000, {
    services: restarted,
    processes: [
      ...processes.filter(({ pid }) => pid > 200),
      row(101, 'orders.exe'),
      row(100, 'stock.exe', 4, wall(9000)),
    ],
  });
  assert.equal(shop.target(about({ pid: 100, createdAtMs: createdAt(100) })), 'orders');
  assert.equal(shop.target(about({ pid: 100, createdAtMs: wall(9000) })), 'stock');
  assert.equal(shop.target(about({ pid: 100, createdAtMs: wall(5000) })), 'later');
  assert.equal(shop.target(event({ pid: 100, atMs: wall(1000) })), 'orders');
  assert.equal(shop.target(event({ pid: 100, atMs: wall(16_000) })), 'stock');
});

test('a crash of a service that is gone goes to its retained container', () => {
  const shop = new Shop().round(15_000, {
    services: services.filter(({ name }) => name !== 'orders'),
    processes: processes.filter(({ pid }) => pid !== 100 && pid !== 110),
  });
  assert.equal(shop.target(about({ pid: 100, createdAtMs: createdAt(100) })), 'orders');
  assert.equal(shop.target(about({ service: 'orders' }, scm)), 'orders');
});

test('an event is attributed to a worker process that has just exited, not to one long gone', () => {
  const gone = { processes: processes.filter(({ pid }) => pid !== 200) };
  const shop = new Shop().round(15_000, gone);
  assert.equal(shop.target(about({ pid: 200, pool: 'Shop' }, { atMs: wall(18_000) })), 'stock');
  assert.equal(shop.finalTarget(about({ pid: 200, pool: 'Shop' }, { atMs: wall(50_000) }), gone), 'node');
});

test('a report without a process goes where the crash with its report id went', () => {
  const shop = new Shop();
  const reportId = 'AAAA-1';
  assert.equal(shop.target(about({ pid: 200, createdAtMs: createdAt(200), program: 'dotnet.exe', reportId })), 'stock');
  const report = about({ program: 'dotnet.exe', reportId: 'aaaa-1' });
  assert.equal(shop.target(report), 'stock');
  // The process is forgotten a minute after its exit, the crash after an hour.
  const gone = { processes: processes.filter(({ pid }) => pid !== 200) };
  shop.round(15_000, gone).round(120_000, gone);
  assert.equal(shop.target(report), 'stock');
  shop.round(3_600_000, gone).round(1000, gone);
  assert.equal(shop.target({ ...report, atMs: wall(3_700_000) }), 'later');
});

test('a report of a crash outside of containers goes to the node', () => {
  const shop = new Shop();
  const crash = about({ pid: 900, createdAtMs: createdAt(900), program: 'orders.exe', reportId: 'r' });
  assert.equal(shop.target(crash), 'node');
  assert.equal(shop.target(about({ program: 'orders.exe', reportId: 'r' })), 'node');
});

test('a .NET crash without a process goes where the crash of that program within seconds went', () => {
  const runtime = about({ program: 'dotnet.exe' }, { provider: '.NET Runtime', eventId: 1026 });
  const crash = about({ pid: 200, createdAtMs: createdAt(200), program: 'DOTNET.EXE' }, { atMs: wall(2500) });
  const after = new Shop();
  assert.equal(after.target(crash), 'stock');
  assert.equal(after.target(runtime), 'stock');
  const before = new Shop();
  assert.equal(before.target(runtime), 'later');
  assert.equal(before.target(crash), 'stock');
  const stock = before.model.containers.all().find(({ name }) => name === 'stock')!;
  before.round(15_000);
  assert.equal(stock.logs?.total('error'), 2);
  // Ten seconds apart it is another crash, and two containers run the program.
  const other = new Shop();
  assert.equal(other.target({ ...crash, atMs: wall(12_000) }), 'stock');
  assert.equal(other.finalTarget(runtime), 'node');
});

test('a .NET crash waits for the event with its process also if a tick comes in between', () => {
  const shop = new Shop();
  const stock = shop.model.containers.all().find(({ name }) => name === 'stock')!;
  assert.equal(shop.target(about({ program: 'dotnet.exe' }, { provider: '.NET Runtime', eventId: 1026 })), 'later');
  shop.round(1000);
  assert.equal(shop.model.logs.waiting, 1);
  shop.target(about({ pid: 200, createdAtMs: createdAt(200), program: 'dotnet.exe' }, { atMs: wall(3100) }));
  shop.round(15_000);
  assert.equal(stock.logs?.total('error'), 2);
});

test('no event waits for more than a minute, also without lists', () => {
  const shop = new Shop();
  assert.equal(shop.target(event({ pid: 120, atMs: wall(2050) })), 'later');
  const fails = { processes: 'fails' as const };
  shop.round(30_000, fails);
  assert.equal(shop.model.logs.waiting, 1);
  shop.round(31_000, fails);
  assert.equal(shop.model.logs.waiting, 0);
  assert.equal(shop.model.logs.node?.total('error'), 1);
});

test('a .NET crash goes to the process that the event has', () => {
  const shop = new Shop();
  assert.equal(shop.target(about({ program: 'dotnet.exe', pid: 500 }, { provider: '.NET Runtime' })), 'twin1');
});

test('a crash of an unknown process goes to the only container that runs the program', () => {
  assert.equal(new Shop().finalTarget(about({ program: 'orders.exe' })), 'orders');
  assert.equal(new Shop().finalTarget(about({ program: 'HELPER.EXE' })), 'orders');
  assert.equal(new Shop().finalTarget(about({ program: 'dotnet.exe' })), 'node');
  assert.equal(new Shop().finalTarget(about({ program: 'other.exe' })), 'node');
  const unknown = about({ pid: 777, createdAtMs: wall(1), program: 'orders.exe', reportId: 'r' });
  const shop = new Shop();
  assert.equal(shop.finalTarget(unknown), 'orders');
  assert.equal(shop.target(about({ program: 'orders.exe', reportId: 'r' })), 'orders');
});

test('events are attributed while the wall clock jumps', () => {
  for (const jumpMs of [-3_600_000, 3_600_000]) {
    const shop = new Shop();
    const { model } = shop;
    const observe = (each: Observation, atMs: number) =>
      model.observe({ ...each, tMono: atMs, tWall: wall(atMs + jumpMs) });
    observe(observation('tick', { intervalMs: 15_000 }), 20_000);
    // Written after the jump by a process from before it.
    const record = event({ pid: 100, atMs: wall(20_000 + jumpMs) });
    observe(observation('eventRecords', [record]), 20_100);
    const orders = model.containers.all().find(({ name }) => name === 'orders')!;
    assert.equal(orders.logs?.total('error'), 1, `${jumpMs}`);
  }
});
