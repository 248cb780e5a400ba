// Process instances by pid and time, their owners, and the usage of exited ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../../../src/model/clock.ts';
import { Container } from '../../../src/model/containers/container.ts';
import { type Ownership, SHARED } from '../../../src/model/owner/owner.ts';
import { ProcessIndex } from '../../../src/model/processes/process-index.ts';
import { ProcessInstances } from '../../../src/model/processes/process-instances.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { type ProcessRow, processTable, WALL_AT_ZERO_MS as T } from '../../helpers/observations.ts';

const SERVICES_EXE: ProcessRow = { pid: 8, createdAtMs: T - 9000 };
const MAX_INSTANCES = 65_536;

function aContainer(name: string): Container {
  return new Container(
    { id: `/win/${name}`, kind: 'service', name, displayName: name, image: '', pid: 0 },
    new Clock(),
  );
}

/** Times are milliseconds of the test; `lists` is when the last two lists were read. */
class Setup {
  readonly clock = new Clock();
  readonly instances = new ProcessInstances(this.clock);
  lists = { lastMs: 0, beforeMs: 0 };

  started(pid: number, atMs: number, parentPid: number | undefined, values: Partial<ProcessEventRecord> = {}): this {
    return this.event({
      type: 'started',
      atMs: T + atMs,
      pid,
      createdAtMs: T + atMs,
      ...(parentPid === undefined ? {} : { parentPid }),
      ...values,
    });
  }

  stopped(pid: number, bornMs: number, atMs: number, values: Partial<ProcessEventRecord> = {}): this {
    return this.event({ type: 'stopped', atMs: T + atMs, pid, createdAtMs: T + bornMs, ...values });
  }

  event(values: Omit<ProcessEventRecord, 'imageName'>): this {
    this.clock.advance(values.atMs - T, values.atMs);
    this.instances.applyEvents([{ imageName: 'a.exe', ...values }]);
    return this;
  }

  /** Applies a list that was read at that time; `owned` has the containers by pid. */
  list(
    atMs: number,
    rows: readonly ProcessRow[],
    owned: Record<number, Container | readonly Container[] | 'shared'> = {},
  ): this {
    this.clock.advance(atMs, T + atMs);
    const treesByPid = new Map(
      Object.entries(owned).map(([pid, owner]) => [Number(pid), [owner].flat().filter((each) => each !== 'shared')]),
    );
    const times = { readAtMs: T + atMs, readAtMonoMs: atMs };
    this.instances.applyList(new ProcessIndex(processTable(rows)), times, treesByPid, (pid) =>
      owned[pid] === 'shared' ? SHARED : { kind: 'owners', owners: treesByPid.get(pid) ?? [] },
    );
    for (const container of new Set([...treesByPid.values()].flat())) {
      const own = rows.flatMap(({ pid }, row) => (treesByPid.get(pid)?.includes(container) ? [row] : []));
      container.usage.update(processTable(rows), own, new ProcessIndex(processTable(rows)));
    }
    this.lists = { lastMs: T + atMs, beforeMs: this.lists.lastMs };
    return this;
  }

  expire(atMs: number): void {
    this.clock.advance(atMs, T + atMs);
    this.instances.expire();
  }

  /** Creation time of the process that had the pid at that time, in milliseconds of the test. */
  bornOf(pid: number, atMs: number): number | undefined {
    const instance = this.instances.instanceAt(pid, T + atMs);
    return instance && instance.createdAtMs - T;
  }

  ownersOf(pid: number, atMs: number) {
    assert.ok(this.instances.instanceAt(pid, T + atMs));
    return owners(this.instances.ownerAt(pid, T + atMs));
  }
}

/** The owners, `shared`, or undefined for unknown. */
const owners = (ownership: Ownership) => {
  if (ownership.kind === 'owners') return ownership.owners;
  return ownership.kind === 'shared' ? 'shared' : undefined;
};

const row = (pid: number, bornMs: number, values: Partial<ProcessRow> = {}): ProcessRow => ({
  pid,
  createdAtMs: T + bornMs,
  ...values,
});

test('finds the process that had a pid at a time after the pid was reused', () => {
  const setup = new Setup()
    .started(5, 1000, 8)
    .stopped(5, 1000, 2000)
    .started(5, 3000, 8)
    .stopped(5, 3000, 4000)
    .started(5, 5000, 8);
  assert.deepEqual(
    [1000, 1999, 2999, 3000, 4500, 5000, 9999].map((atMs) => setup.bornOf(5, atMs)),
    [1000, 1000, 3000, 3000, 3000, 5000, 5000],
  );
  assert.equal(setup.bornOf(6, 1000), undefined);
  assert.equal(setup.instances.size, 3);
});

test('accepts events up to 50 ms before the creation time unless the earlier process still ran', () => {
  const setup = new Setup().started(5, 1000, 8);
  assert.deepEqual([setup.bornOf(5, 949), setup.bornOf(5, 950)], [undefined, 1000]);
  setup.stopped(5, 1000, 1900).started(5, 2000, 8);
  assert.deepEqual([setup.bornOf(5, 1900), setup.bornOf(5, 1949), setup.bornOf(5, 1951)], [1000, 1000, 2000]);
  const close = new Setup().started(5, 1000, 8).stopped(5, 1000, 1980).started(5, 2000, 8);
  assert.deepEqual([close.bornOf(5, 1975), close.bornOf(5, 2000)], [1000, 2000]);
  // The last events of a process have times up to 50 ms after its exit.
  const late = new Setup().started(5, 1000, 8).stopped(5, 1000, 1925).started(5, 2000, 8);
  assert.deepEqual([late.bornOf(5, 1975), late.bornOf(5, 1976)], [1000, 2000]);
});

test('matches creation times of events and lists that differ by less than a millisecond', () => {
  const setup = new Setup().started(5, 1000, 8).list(5000, [SERVICES_EXE, row(5, 1000.9)]);
  assert.equal(setup.instances.size, 2);
  setup.list(6000, [SERVICES_EXE, row(5, 999.1)]).stopped(5, 1000.5, 7000);
  assert.equal(setup.instances.size, 2);
  assert.notEqual(setup.instances.latest(5)!.exitedAtMs, 0);
  setup.started(5, 1001, 8);
  assert.equal(setup.instances.size, 3);
});

test('accepts a stop event before its start event, and processes out of order', () => {
  const setup = new Setup().list(0, [SERVICES_EXE]);
  setup
    .stopped(5, 1000, 2000, { imageName: 'averylongimage' })
    .started(5, 1000, 8, { imageName: 'averylongimage-of-a-program.exe' });
  const [instance] = setup.instances.exitedChildren(setup.instances.latest(8)!);
  assert.deepEqual([instance!.imageName, instance!.exitedAtMs], ['averylongimage-of-a-program.exe', T + 2000]);
  // A second start event without a parent, and a list that has the full name.
  setup
    .event({ type: 'started', atMs: T + 1000, pid: 5, createdAtMs: T + 1000 })
    .stopped(6, 500, 900, { imageName: 'averylongimage' });
  assert.equal(instance!.parent?.pid, 8);
  // Other programs may have the same 14 characters.
  assert.equal(setup.instances.latest(6)!.imageName, '');
  setup.list(800, [SERVICES_EXE, row(6, 500, { name: 'averylongimage-of-another.exe' })]);
  assert.equal(setup.instances.latest(6)!.imageName, 'averylongimage-of-another.exe');
  // The list already has the second process when the events of the first one arrive.
  const late = new Setup()
    .list(5000, [SERVICES_EXE, row(5, 3000)])
    .started(5, 1000, 8)
    .stopped(5, 1000, 2000);
  assert.deepEqual([late.bornOf(5, 1500), late.bornOf(5, 3500), late.instances.dropped], [1000, 3000, 0]);
  assert.deepEqual([late.instances.latest(5)!.createdAtMs, late.instances.latest(5)!.exitedAtMs], [T + 3000, 0]);
});

test('marks a process as exited when its pid is reused without a stop event', () => {
  const setup = new Setup().started(5, 1000, 8).started(5, 3000, 8);
  assert.equal(setup.instances.instanceAt(5, T + 2000)!.exitedAtMs, T + 3000);
  assert.equal(setup.instances.latest(5)!.exitedAtMs, 0);
  // The events arrive in the other order.
  const late = new Setup().started(5, 3000, 8).started(5, 1000, 8);
  assert.equal(late.instances.instanceAt(5, T + 2000)!.exitedAtMs, T + 3000);
  assert.equal(late.instances.latest(5)!.exitedAtMs, 0);
});

test('marks processes missing from a list as exited, and undoes it if a later list has them', () => {
  const setup = new Setup()
    .list(1000, [SERVICES_EXE, row(4, 0), row(5, 0)])
    .started(6, 1500, 8)
    .started(7, 2000, 8);
  setup.list(2000, [SERVICES_EXE, row(4, 0)]);
  const exits = () =>
    [4, 5, 6, 7].map((pid) =>
      setup.instances.latest(pid)!.exitedAtMs === 0 ? 'runs' : setup.instances.latest(pid)!.exitedAtMs - T,
    );
  assert.deepEqual(exits(), ['runs', 2000, 2000, 'runs']);
  // One list lacked a process, the next one has it.
  setup.list(3000, [SERVICES_EXE, row(4, 0), row(5, 0), row(7, 2000)]);
  assert.deepEqual(exits(), ['runs', 'runs', 2000, 'runs']);
  setup.expire(100_000);
  assert.deepEqual([setup.bornOf(5, 3000), setup.bornOf(6, 3000)], [0, undefined]);
  // A list that was read before the exit and arrives after the stop event.
  setup.stopped(4, 0, 3500).list(3400, [SERVICES_EXE, row(4, 0), row(5, 0), row(7, 2000)]);
  assert.deepEqual(
    [4, 5].map((pid) => setup.instances.latest(pid)!.exitedAtMs),
    [T + 3500, 0],
  );
});

test('expires exited processes by the monotonic clock after the clock was set back', () => {
  const HOUR = 3_600_000;
  const setup = new Setup().list(HOUR, [SERVICES_EXE, row(5, HOUR - 1000), row(6, 0)]);
  setup.list(0, [SERVICES_EXE, row(5, -500), row(6, 0)]);
  assert.equal(setup.bornOf(5, 100), -500);
  assert.deepEqual([setup.instances.latest(5)!.createdAtMs, setup.instances.latest(5)!.exitedAtMs], [T - 500, 0]);
  assert.equal(setup.instances.size, 4);
  setup.stopped(6, 0, 1000);
  // On the monotonic clock it is still an hour after the start of the test.
  setup.expire(HOUR + 60_000);
  assert.equal(setup.instances.size, 4);
  setup.expire(HOUR + 60_001);
  assert.deepEqual([setup.instances.latest(6), setup.instances.size], [undefined, 2]);
});

test('finds running processes for events and children after the clock was set back', () => {
  const web = aContainer('web');
  const setup = new Setup()
    .started(7, -5000, undefined)
    .stopped(7, -5000, -4000)
    .list(0, [row(7, -2000)], { 7: web });
  // The clock is set back by an hour; creation times stay.
  const back = -3_600_000;
  setup.list(back + 15_000, [row(7, -2000)], { 7: web });
  assert.equal(setup.bornOf(7, back + 16_000), -2000);
  setup.started(9, back + 17_000, 7);
  assert.deepEqual(setup.ownersOf(9, back + 17_000), [web]);
  // Times are compared again once the clock has caught up, or the process has exited.
  setup.list(1000, [row(7, -2000)], { 7: web });
  assert.equal(setup.bornOf(7, -4500), -5000);
  setup.list(2000, []);
  assert.equal(setup.bornOf(7, back + 16_000), undefined);
});

test('returns the owners by the last list that had the process', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const setup = new Setup().started(30, 500, 8);
  assert.equal(setup.ownersOf(30, 600), undefined);
  setup.list(1000, [SERVICES_EXE, row(10, 0), row(20, 0), row(25, 0)], { 10: web, 20: 'shared', 25: [web, api] });
  assert.deepEqual(setup.ownersOf(10, 1000), [web]);
  assert.deepEqual(setup.ownersOf(25, 1000), [web, api]);
  assert.equal(setup.ownersOf(20, 1000), 'shared');
  assert.deepEqual(setup.ownersOf(8, 1000), []);
  setup.list(2000, [SERVICES_EXE]);
  assert.deepEqual(setup.ownersOf(10, 1500), [web]);
  setup.list(3000, [SERVICES_EXE, row(25, 0)], { 25: api });
  assert.deepEqual(setup.ownersOf(25, 1500), [api]);
});

test('an unlisted process belongs to the owner of its closest listed ancestor', () => {
  const web = aContainer('web');
  const setup = new Setup().list(1000, [SERVICES_EXE, row(10, 0), row(20, 0)], { 10: web, 20: 'shared' });
  setup.started(11, 1100, 10).started(12, 1200, 11).stopped(11, 1100, 1250).started(13, 1300, 12);
  assert.deepEqual(setup.ownersOf(13, 1400), [web]);
  setup.started(21, 1100, 20);
  assert.equal(setup.ownersOf(21, 1400), 'shared');
  // It may be the root of a new service, or its parent is unknown, itself, or created later.
  setup
    .started(9, 1100, 8)
    .started(30, 1100, 777)
    .started(31, 1100, undefined)
    .started(32, 1100, 32)
    .started(33, 1100, 34)
    .started(34, 1200, 10);
  assert.deepEqual(
    [9, 30, 31, 32, 33, 34].map((pid) => setup.ownersOf(pid, 1400)),
    [undefined, undefined, undefined, undefined, undefined, [web]],
  );
  assert.equal(setup.instances.latest(32)!.parent, undefined);
});

test('the parent is the process that had the parent pid when the child was created', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const setup = new Setup().list(1000, [SERVICES_EXE, row(10, 0)], { 10: web });
  setup.started(11, 1900, 10).stopped(10, 0, 2000).started(10, 3000, 8);
  setup
    .list(4000, [SERVICES_EXE, row(10, 3000)], { 10: api })
    .started(12, 4100, 10)
    .event({
      type: 'started',
      atMs: T + 4200,
      pid: 13,
      createdAtMs: T + 1950,
      parentPid: 10,
    });
  assert.deepEqual(
    [11, 12, 13].map((pid) => setup.ownersOf(pid, 4500)),
    [[web], [api], [web]],
  );
  // At that time an unreported process had the pid.
  assert.equal(setup.started(14, 2500, 10).ownersOf(14, 4500), undefined);
});

test('finds parents in a list with children before parents', () => {
  const web = aContainer('web');
  const setup = new Setup().list(1000, [row(12, 500, { parentPid: 11 }), row(11, 400, { parentPid: 10 }), row(10, 0)], {
    10: web,
  });
  setup.stopped(11, 400, 1500);
  assert.deepEqual(
    setup.instances.exitedChildren(setup.instances.latest(10)!).map(({ pid }) => pid),
    [11],
  );
  // A child refers to its parent after the parent has expired.
  setup.list(2000, [row(12, 500, { parentPid: 11 }), row(10, 0)]).expire(90_000);
  assert.equal(setup.list(91_000, [row(12, 500, { parentPid: 11 }), row(10, 0)]).instances.latest(12)!.parent?.pid, 11);
});

test('walks up to 64 unlisted generations and stops in a ring of parents', () => {
  const web = aContainer('web');
  const setup = new Setup().list(1000, [SERVICES_EXE, row(1000, 0)], { 1000: web });
  for (let generation = 1; generation <= 64; generation++)
    setup.started(1000 + generation, 1000 + generation, 999 + generation);
  assert.deepEqual([setup.ownersOf(1063, 2000), setup.ownersOf(1064, 2000)], [[web], undefined]);
  const ring = new Setup().started(5, 1000, undefined).started(6, 1000, 5).started(5, 1000, 6);
  assert.equal(ring.ownersOf(6, 1100), undefined);
});

test('keeps each exited process of a pid for a minute', () => {
  const setup = new Setup()
    .started(5, 1000, 8)
    .started(6, 1000, 8)
    .stopped(5, 1000, 2000)
    .stopped(6, 1000, 2000)
    .started(5, 3000, 8)
    .stopped(5, 3000, 4000)
    .started(5, 5000, 8);
  setup.expire(62_000);
  assert.deepEqual([setup.instances.size, setup.bornOf(5, 1500), setup.bornOf(6, 1500)], [4, 1000, 1000]);
  setup.expire(62_001);
  assert.deepEqual(
    [setup.instances.size, setup.bornOf(5, 1500), setup.bornOf(5, 3500), setup.bornOf(6, 1500)],
    [2, undefined, 3000, undefined],
  );
  setup.stopped(5, 5000, 62_002);
  setup.expire(64_001);
  assert.deepEqual([setup.instances.size, setup.bornOf(5, 3500), setup.bornOf(5, 6000)], [1, undefined, 5000]);
  setup.expire(1e6);
  assert.deepEqual([setup.instances.size, setup.instances.latest(5)], [0, undefined]);
  // A process in the middle expires first, because the stop event of the first one was late.
  const middle = new Setup().started(5, 1000, 8).started(5, 3000, 8).started(5, 5000, 8).stopped(5, 1000, 50_000);
  middle.expire(70_000);
  assert.deepEqual([middle.bornOf(5, 1500), middle.bornOf(5, 3500), middle.bornOf(5, 5500)], [1000, 1000, 5000]);
});

test('an expired instance keeps its owner', () => {
  const web = aContainer('web');
  const setup = new Setup().list(1000, [SERVICES_EXE, row(10, 0), row(20, 0)], { 10: web, 20: 'shared' });
  setup.started(11, 1100, 10).started(21, 1100, 20).started(9, 1100, 8);
  const held = [10, 11, 21, 9].map((pid) => setup.instances.latest(pid)!);
  setup.list(2000, []).expire(100_000);
  assert.equal(setup.instances.size, 0);
  assert.deepEqual(
    held.map((instance) => owners(setup.instances.ownershipOf(instance))),
    [[web], [web], 'shared', undefined],
  );
});

test('releases ancestors of a program that restarts itself as its own child', () => {
  const setup = new Setup().started(1000, 0, undefined);
  for (let i = 1; i <= 200; i++) {
    const atMs = i * 1000;
    setup.started(1000 + i, atMs, 999 + i).stopped(999 + i, atMs - 1000, atMs);
    setup.expire(atMs);
  }
  let ancestors = 0;
  for (let instance = setup.instances.latest(1200)?.parent; instance; instance = instance.parent) ancestors++;
  // Those of the last minute, and the one that expired last.
  assert.ok(ancestors <= 62, `${ancestors}`);
});

test('keeps 65,536 instances and those of lists, and counts dropped events', () => {
  const setup = new Setup();
  const starts = Array.from({ length: MAX_INSTANCES + 3 }, (_, i): ProcessEventRecord => {
    return { type: 'started', atMs: T + i, pid: 100 + (i % 50_000), createdAtMs: T + i, imageName: 'a.exe' };
  });
  setup.instances.applyEvents(starts);
  assert.deepEqual([setup.instances.size, setup.instances.dropped], [MAX_INSTANCES, 3]);
  setup.stopped(7, 0, 1);
  assert.deepEqual([setup.instances.size, setup.instances.dropped], [MAX_INSTANCES, 4]);
  // The stop event of a known process is not dropped.
  setup.stopped(100, 0, 10_000);
  assert.equal(setup.instances.dropped, 4);
  setup.list(70_000, [row(4, 0)]);
  assert.ok(setup.instances.latest(4));
  setup.expire(140_000);
  assert.equal(setup.instances.size, 1);
  setup.started(5, 140_000, undefined);
  assert.deepEqual([setup.instances.size, setup.instances.dropped], [2, 4]);
});

test('handles 65,536 instances of one pid', () => {
  const creations = Array.from({ length: MAX_INSTANCES }, (_, i) => T + i * 2);
  const clock = new Clock();
  const instances = new ProcessInstances(clock);
  const head = { pid: 5, imageName: 'a.exe' };
  instances.applyEvents(
    creations.map((createdAtMs) => ({ ...head, type: 'started', atMs: createdAtMs, createdAtMs, parentPid: 5 })),
  );
  instances.applyEvents(
    creations.map((createdAtMs) => ({ ...head, type: 'stopped', atMs: createdAtMs + 1, createdAtMs })),
  );
  for (const [i, createdAtMs] of creations.entries())
    if (i % 2 === 0) assert.equal(instances.instanceAt(5, createdAtMs)?.createdAtMs, createdAtMs);
  clock.advance(10_000_000, T);
  instances.expire();
  assert.deepEqual([instances.size, instances.dropped], [0, 0]);
});

test('adds the usage of an exited process once to the containers whose trees it was in', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const setup = new Setup().list(1000, [SERVICES_EXE, row(10, 0, { userMs: 100 }), row(25, 0)], {
    10: web,
    25: [web, api],
  });
  setup.stopped(10, 0, 1500, { cpuMs: 140 }).stopped(10, 0, 1500, { cpuMs: 9999 }).stopped(25, 0, 1600, { cpuMs: 7 });
  assert.equal(setup.instances.attributeExited(setup.lists, false), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.047, 0.007]);
  assert.equal(setup.instances.attributeExited(setup.lists, true), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.047, 0.007]);
});

test('adds the usage of an unlisted process to its ancestor’s containers, or waits', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const setup = new Setup().list(1000, [SERVICES_EXE, row(10, 0)], { 10: web });
  setup.started(11, 1100, 10).stopped(11, 1100, 1200, { cpuMs: 30 });
  // The root of a service that no list has shown yet, and its child.
  setup.started(20, 1100, 8).started(21, 1200, 20).stopped(21, 1200, 1300, { cpuMs: 50 });
  assert.equal(setup.instances.attributeExited(setup.lists, false), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.03, 0]);
  const before = setup.lists;
  setup.list(2000, [SERVICES_EXE, row(10, 0), row(20, 1100)], { 10: web, 20: api });
  assert.equal(setup.instances.attributeExited(before, true), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.03, 0.05]);
});

test('returns the number of exits with an unknown owner, without those outside of containers', () => {
  const setup = new Setup().list(1000, [SERVICES_EXE, row(40, 0)]);
  setup.stopped(40, 0, 1100, { cpuMs: 10 }).started(41, 1100, 8).stopped(41, 1100, 1200, { cpuMs: 10 });
  setup.started(42, 1100, 777).stopped(42, 1100, 1200, { cpuMs: 10 }).stopped(43, 1100, 1200, { cpuMs: 10 });
  assert.equal(setup.instances.attributeExited(setup.lists, false), 0);
  assert.equal(setup.instances.attributeExited(setup.lists, true), 2);
  assert.equal(setup.instances.attributeExited(setup.lists, true), 0);
});

test('an assigned process and its children add their usage to the container', () => {
  const web = aContainer('web');
  const setup = new Setup().list(1000, [SERVICES_EXE]);
  setup
    .started(20, 1100, 8)
    .started(21, 1150, 20)
    .stopped(21, 1150, 1180, { cpuMs: 5 })
    .stopped(20, 1100, 1200, { cpuMs: 20 });
  const children = setup.instances.exitedChildren(setup.instances.latest(8)!);
  assert.deepEqual(
    children.map(({ pid }) => pid),
    [20],
  );
  children[0]!.assignTo(web);
  assert.deepEqual(setup.ownersOf(21, 1170), [web]);
  setup.instances.attributeExited(setup.lists, true);
  assert.equal(web.usage.cpuSeconds, 0.025);
});

test('returns exited children in the order of their creation', () => {
  const setup = new Setup().list(0, [SERVICES_EXE]);
  setup.started(7, 300, 8).started(5, 100, 8).started(6, 200, 8).started(9, 400, 8).started(11, 150, 5);
  setup.stopped(7, 300, 500).stopped(6, 200, 600).stopped(5, 100, 700).stopped(11, 150, 800);
  assert.deepEqual(
    setup.instances.exitedChildren(setup.instances.latest(8)!).map(({ pid }) => pid),
    [5, 6, 7],
  );
});
