// Process instances by pid and time, their owners, and the usage of exited ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Container } from '../../../src/model/containers/container.ts';
import { type Ownership, SHARED } from '../../../src/model/owner/owner.ts';
import { ProcessIndex } from '../../../src/model/processes/process-index.ts';
import { ProcessInstances } from '../../../src/model/processes/process-instances.ts';
import type { ProcessEventRecord } from '../../../src/sources/host.ts';
import { type ProcessRow, processTable, WALL_AT_ZERO_MS as T } from '../../helpers/observations.ts';

const SERVICES_EXE: ProcessRow = { pid: 8, createdAtMs: T - 9000 };
const MOST_LIVES = 65_536;

function aContainer(name: string): Container {
  return new Container({ id: `/win/${name}`, kind: 'service', name, displayName: name, image: '', pid: 0 }, 0);
}

/** Times are milliseconds of the test; `lists` is when the last two lists were read. */
class Bench {
  readonly instances = new ProcessInstances();
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
    this.instances.applyEvents([{ imageName: 'a.exe', ...values }]);
    return this;
  }

  /** A list that was read at that time; `owned` tells the containers of pids of it. */
  list(
    atMs: number,
    rows: readonly ProcessRow[],
    owned: Record<number, Container | readonly Container[] | 'shared'> = {},
  ): this {
    const treesByPid = new Map(
      Object.entries(owned).map(([pid, whose]) => [Number(pid), [whose].flat().filter((each) => each !== 'shared')]),
    );
    this.instances.applyList(new ProcessIndex(processTable(rows)), T + atMs, treesByPid, (pid) =>
      owned[pid] === 'shared' ? SHARED : { kind: 'owners', owners: treesByPid.get(pid) ?? [] },
    );
    for (const container of new Set([...treesByPid.values()].flat())) {
      const own = rows.flatMap(({ pid }, row) => (treesByPid.get(pid)?.includes(container) ? [row] : []));
      container.usage.update(processTable(rows), own, new ProcessIndex(processTable(rows)));
    }
    this.lists = { lastMs: T + atMs, beforeMs: this.lists.lastMs };
    return this;
  }

  /** Birth of the process that had the pid at that time, in milliseconds of the test. */
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
  const bench = new Bench()
    .started(5, 1000, 8)
    .stopped(5, 1000, 2000)
    .started(5, 3000, 8)
    .stopped(5, 3000, 4000)
    .started(5, 5000, 8);
  assert.deepEqual(
    [1000, 1999, 2999, 3000, 4500, 5000, 9999].map((atMs) => bench.bornOf(5, atMs)),
    [1000, 1000, 3000, 3000, 3000, 5000, 5000],
  );
  assert.equal(bench.bornOf(6, 1000), undefined);
  assert.equal(bench.instances.size, 3);
});

test('accepts events up to 50 ms before the creation time unless the earlier process still ran', () => {
  const bench = new Bench().started(5, 1000, 8);
  assert.deepEqual([bench.bornOf(5, 949), bench.bornOf(5, 950)], [undefined, 1000]);
  bench.stopped(5, 1000, 1900).started(5, 2000, 8);
  assert.deepEqual([bench.bornOf(5, 1900), bench.bornOf(5, 1949), bench.bornOf(5, 1951)], [1000, 1000, 2000]);
  const close = new Bench().started(5, 1000, 8).stopped(5, 1000, 1980).started(5, 2000, 8);
  assert.deepEqual([close.bornOf(5, 1975), close.bornOf(5, 2000)], [1000, 2000]);
  // Its last events come up to 50 ms after its end.
  const late = new Bench().started(5, 1000, 8).stopped(5, 1000, 1925).started(5, 2000, 8);
  assert.deepEqual([late.bornOf(5, 1975), late.bornOf(5, 1976)], [1000, 2000]);
});

test('births of events and lists that differ by less than a millisecond are of one process', () => {
  const bench = new Bench().started(5, 1000, 8).list(5000, [SERVICES_EXE, row(5, 1000.9)]);
  assert.equal(bench.instances.size, 2);
  bench.list(6000, [SERVICES_EXE, row(5, 999.1)]).stopped(5, 1000.5, 7000);
  assert.equal(bench.instances.size, 2);
  assert.notEqual(bench.instances.latest(5)!.exitedAtMs, 0);
  bench.started(5, 1001, 8);
  assert.equal(bench.instances.size, 3);
});

test('an end before its start, and births out of order: nothing is lost, and the newest stays the newest', () => {
  const bench = new Bench().list(0, [SERVICES_EXE]);
  bench
    .stopped(5, 1000, 2000, { imageName: 'averylongimage' })
    .started(5, 1000, 8, { imageName: 'averylongimage-of-a-program.exe' });
  const [instance] = bench.instances.exitedChildren(bench.instances.latest(8)!);
  assert.deepEqual([instance!.imageName, instance!.exitedAtMs], ['averylongimage-of-a-program.exe', T + 2000]);
  // A start that is told again and tells less, and a list that has the whole name.
  bench
    .event({ type: 'started', atMs: T + 1000, pid: 5, createdAtMs: T + 1000 })
    .stopped(6, 500, 900, { imageName: 'averylongimage' });
  assert.equal(instance!.parent?.pid, 8);
  bench.list(800, [SERVICES_EXE, row(6, 500, { name: 'averylongimage-of-another.exe' })]);
  assert.equal(bench.instances.latest(6)!.imageName, 'averylongimage-of-another.exe');
  // The list is ahead of the events: it has the second one already.
  const late = new Bench()
    .list(5000, [SERVICES_EXE, row(5, 3000)])
    .started(5, 1000, 8)
    .stopped(5, 1000, 2000);
  assert.deepEqual([late.bornOf(5, 1500), late.bornOf(5, 3500), late.instances.dropped], [1000, 3000, 0]);
  assert.deepEqual([late.instances.latest(5)!.createdAtMs, late.instances.latest(5)!.exitedAtMs], [T + 3000, 0]);
});

test('marks a process as exited when its pid is reused without a stop event', () => {
  const bench = new Bench().started(5, 1000, 8).started(5, 3000, 8);
  assert.equal(bench.instances.instanceAt(5, T + 2000)!.exitedAtMs, T + 3000);
  assert.equal(bench.instances.latest(5)!.exitedAtMs, 0);
  // Told in the other order.
  const late = new Bench().started(5, 3000, 8).started(5, 1000, 8);
  assert.equal(late.instances.instanceAt(5, T + 2000)!.exitedAtMs, T + 3000);
  assert.equal(late.instances.latest(5)!.exitedAtMs, 0);
});

test('a list ends older processes that it lacks and revives those without a stop event', () => {
  const bench = new Bench()
    .list(1000, [SERVICES_EXE, row(4, 0), row(5, 0)])
    .started(6, 1500, 8)
    .started(7, 2000, 8);
  bench.list(2000, [SERVICES_EXE, row(4, 0)]);
  const ends = () =>
    [4, 5, 6, 7].map((pid) =>
      bench.instances.latest(pid)!.exitedAtMs === 0 ? 'lives' : bench.instances.latest(pid)!.exitedAtMs - T,
    );
  assert.deepEqual(ends(), ['lives', 2000, 2000, 'lives']);
  // A list that lacked one process: the next has it.
  bench.list(3000, [SERVICES_EXE, row(4, 0), row(5, 0), row(7, 2000)]);
  assert.deepEqual(ends(), ['lives', 'lives', 2000, 'lives']);
  bench.instances.expire(T + 100_000);
  assert.deepEqual([bench.bornOf(5, 3000), bench.bornOf(6, 3000)], [0, undefined]);
  // Read before the end, and told after it.
  bench.stopped(4, 0, 3500).list(3400, [SERVICES_EXE, row(4, 0), row(5, 0), row(7, 2000)]);
  assert.deepEqual(
    [4, 5].map((pid) => bench.instances.latest(pid)!.exitedAtMs),
    [T + 3500, 0],
  );
});

test('expires processes normally after the clock was set back', () => {
  const HOUR = 3_600_000;
  const bench = new Bench().list(HOUR, [SERVICES_EXE, row(5, HOUR - 1000), row(6, 0)]);
  bench.list(0, [SERVICES_EXE, row(5, -500), row(6, 0)]);
  assert.equal(bench.bornOf(5, 100), -500);
  assert.deepEqual([bench.instances.latest(5)!.createdAtMs, bench.instances.latest(5)!.exitedAtMs], [T - 500, 0]);
  assert.equal(bench.instances.size, 4);
  bench.stopped(6, 0, HOUR);
  bench.instances.expire(T + 1000);
  bench.instances.expire(T + 61_001);
  assert.deepEqual([bench.instances.latest(6), bench.instances.size], [undefined, 2]);
});

test('finds running processes for events and children after the clock was set back', () => {
  const web = aContainer('web');
  const bench = new Bench()
    .started(7, -5000, undefined)
    .stopped(7, -5000, -4000)
    .list(0, [row(7, -2000)], { 7: web });
  // An hour back, less a second: births stay what they were.
  const back = -3_600_000;
  bench.list(back + 15_000, [row(7, -2000)], { 7: web });
  assert.equal(bench.bornOf(7, back + 16_000), -2000);
  bench.started(9, back + 17_000, 7);
  assert.deepEqual(bench.ownersOf(9, back + 17_000), [web]);
  // Once the clock has caught up, or when it is dead, time decides again.
  bench.list(1000, [row(7, -2000)], { 7: web });
  assert.equal(bench.bornOf(7, -4500), -5000);
  bench.list(2000, []);
  assert.equal(bench.bornOf(7, back + 16_000), undefined);
});

test('owners are those of the last list that had the process: owned, shared or unknown', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const bench = new Bench().started(30, 500, 8);
  assert.equal(bench.ownersOf(30, 600), undefined);
  bench.list(1000, [SERVICES_EXE, row(10, 0), row(20, 0), row(25, 0)], { 10: web, 20: 'shared', 25: [web, api] });
  assert.deepEqual(bench.ownersOf(10, 1000), [web]);
  assert.deepEqual(bench.ownersOf(25, 1000), [web, api]);
  assert.equal(bench.ownersOf(20, 1000), 'shared');
  assert.deepEqual(bench.ownersOf(8, 1000), []);
  bench.list(2000, [SERVICES_EXE]);
  assert.deepEqual(bench.ownersOf(10, 1500), [web]);
  bench.list(3000, [SERVICES_EXE, row(25, 0)], { 25: api });
  assert.deepEqual(bench.ownersOf(25, 1500), [api]);
});

test('an unlisted process belongs to the owner of its closest listed ancestor', () => {
  const web = aContainer('web');
  const bench = new Bench().list(1000, [SERVICES_EXE, row(10, 0), row(20, 0)], { 10: web, 20: 'shared' });
  bench.started(11, 1100, 10).started(12, 1200, 11).stopped(11, 1100, 1250).started(13, 1300, 12);
  assert.deepEqual(bench.ownersOf(13, 1400), [web]);
  bench.started(21, 1100, 20);
  assert.equal(bench.ownersOf(21, 1400), 'shared');
  // It may be the root of a new service; or who started it is unknown, is itself, or was born after it.
  bench
    .started(9, 1100, 8)
    .started(30, 1100, 777)
    .started(31, 1100, undefined)
    .started(32, 1100, 32)
    .started(33, 1100, 34)
    .started(34, 1200, 10);
  assert.deepEqual(
    [9, 30, 31, 32, 33, 34].map((pid) => bench.ownersOf(pid, 1400)),
    [undefined, undefined, undefined, undefined, undefined, [web]],
  );
  assert.equal(bench.instances.latest(32)!.parent, undefined);
});

test('the parent is the process that had the parent pid when the child was created', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const bench = new Bench().list(1000, [SERVICES_EXE, row(10, 0)], { 10: web });
  bench.started(11, 1900, 10).stopped(10, 0, 2000).started(10, 3000, 8);
  bench
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
    [11, 12, 13].map((pid) => bench.ownersOf(pid, 4500)),
    [[web], [api], [web]],
  );
  // Between the two somebody had that pid of whom no event told.
  assert.equal(bench.started(14, 2500, 10).ownersOf(14, 4500), undefined);
});

test('finds parents in a list with children before parents', () => {
  const web = aContainer('web');
  const bench = new Bench().list(1000, [row(12, 500, { parentPid: 11 }), row(11, 400, { parentPid: 10 }), row(10, 0)], {
    10: web,
  });
  bench.stopped(11, 400, 1500);
  assert.deepEqual(
    bench.instances.exitedChildren(bench.instances.latest(10)!).map(({ pid }) => pid),
    [11],
  );
  // A child knows its parent for longer than others remember it.
  bench.list(2000, [row(12, 500, { parentPid: 11 }), row(10, 0)]).instances.expire(T + 90_000);
  assert.equal(bench.list(91_000, [row(12, 500, { parentPid: 11 }), row(10, 0)]).instances.latest(12)!.parent?.pid, 11);
});

test('walks up to 64 unlisted generations and stops in a ring of parents', () => {
  const web = aContainer('web');
  const bench = new Bench().list(1000, [SERVICES_EXE, row(1000, 0)], { 1000: web });
  for (let generation = 1; generation <= 64; generation++)
    bench.started(1000 + generation, 1000 + generation, 999 + generation);
  assert.deepEqual([bench.ownersOf(1063, 2000), bench.ownersOf(1064, 2000)], [[web], undefined]);
  const ring = new Bench().started(5, 1000, undefined).started(6, 1000, 5).started(5, 1000, 6);
  assert.equal(ring.ownersOf(6, 1100), undefined);
});

test('keeps exited processes for a minute, each one of a pid', () => {
  const bench = new Bench()
    .started(5, 1000, 8)
    .stopped(5, 1000, 2000)
    .started(5, 3000, 8)
    .stopped(5, 3000, 4000)
    .started(5, 5000, 8);
  bench.started(6, 1000, 8).stopped(6, 1000, 2000);
  bench.instances.expire(T + 62_000);
  assert.deepEqual([bench.instances.size, bench.bornOf(5, 1500), bench.bornOf(6, 1500)], [4, 1000, 1000]);
  bench.instances.expire(T + 62_001);
  assert.deepEqual(
    [bench.instances.size, bench.bornOf(5, 1500), bench.bornOf(5, 3500), bench.bornOf(6, 1500)],
    [2, undefined, 3000, undefined],
  );
  bench.stopped(5, 5000, 62_002);
  bench.instances.expire(T + 64_001);
  assert.deepEqual([bench.instances.size, bench.bornOf(5, 3500), bench.bornOf(5, 6000)], [1, undefined, 5000]);
  bench.instances.expire(T + 1e6);
  assert.deepEqual([bench.instances.size, bench.instances.latest(5)], [0, undefined]);
  // One in the middle; the end of the first was told late.
  const middle = new Bench().started(5, 1000, 8).started(5, 3000, 8).started(5, 5000, 8).stopped(5, 1000, 50_000);
  middle.instances.expire(T + 70_000);
  assert.deepEqual([middle.bornOf(5, 1500), middle.bornOf(5, 3500), middle.bornOf(5, 5500)], [1000, 1000, 5000]);
});

test('an expired instance keeps its owner', () => {
  const web = aContainer('web');
  const bench = new Bench().list(1000, [SERVICES_EXE, row(10, 0), row(20, 0)], { 10: web, 20: 'shared' });
  bench.started(11, 1100, 10).started(21, 1100, 20).started(9, 1100, 8);
  const held = [10, 11, 21, 9].map((pid) => bench.instances.latest(pid)!);
  bench.list(2000, []).instances.expire(T + 100_000);
  assert.equal(bench.instances.size, 0);
  assert.deepEqual(
    held.map((instance) => owners(bench.instances.ownershipOf(instance))),
    [[web], [web], 'shared', undefined],
  );
});

test('releases ancestors of a program that restarts itself as its own child', () => {
  const bench = new Bench().started(1000, 0, undefined);
  for (let i = 1; i <= 200; i++) {
    const atMs = i * 1000;
    bench.started(1000 + i, atMs, 999 + i).stopped(999 + i, atMs - 1000, atMs);
    bench.instances.expire(T + atMs);
  }
  let ancestors = 0;
  for (let instance = bench.instances.latest(1200)?.parent; instance; instance = instance.parent) ancestors++;
  // Those of the last minute, and the one that was forgotten last.
  assert.ok(ancestors <= 62, `${ancestors}`);
});

test('keeps 65,536 instances and those of lists, and counts dropped events', () => {
  const bench = new Bench();
  const starts = Array.from({ length: MOST_LIVES + 3 }, (_, i): ProcessEventRecord => {
    return { type: 'started', atMs: T + i, pid: 100 + (i % 50_000), createdAtMs: T + i, imageName: 'a.exe' };
  });
  bench.instances.applyEvents(starts);
  assert.deepEqual([bench.instances.size, bench.instances.dropped], [MOST_LIVES, 3]);
  bench.stopped(7, 0, 1);
  assert.deepEqual([bench.instances.size, bench.instances.dropped], [MOST_LIVES, 4]);
  // The end of one that is known needs no room.
  bench.stopped(100, 0, 10_000);
  assert.equal(bench.instances.dropped, 4);
  bench.list(70_000, [row(4, 0)]);
  assert.ok(bench.instances.latest(4));
  bench.instances.expire(T + 140_000);
  assert.equal(bench.instances.size, 1);
  bench.started(5, 140_000, undefined);
  assert.deepEqual([bench.instances.size, bench.instances.dropped], [2, 4]);
});

test('handles 65,536 instances of one pid', () => {
  const births = Array.from({ length: MOST_LIVES }, (_, i) => T + i * 2);
  const instances = new ProcessInstances();
  const head = { pid: 5, imageName: 'a.exe' };
  instances.applyEvents(
    births.map((createdAtMs) => ({ ...head, type: 'started', atMs: createdAtMs, createdAtMs, parentPid: 5 })),
  );
  instances.applyEvents(
    births.map((createdAtMs) => ({ ...head, type: 'stopped', atMs: createdAtMs + 1, createdAtMs })),
  );
  for (const [i, createdAtMs] of births.entries())
    if (i % 2 === 0) assert.equal(instances.instanceAt(5, createdAtMs)?.createdAtMs, createdAtMs);
  instances.expire(T + 10_000_000);
  assert.deepEqual([instances.size, instances.dropped], [0, 0]);
});

test('adds the usage of an exited process once to the containers whose trees it was in', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const bench = new Bench().list(1000, [SERVICES_EXE, row(10, 0, { userMs: 100 }), row(25, 0)], {
    10: web,
    25: [web, api],
  });
  bench.stopped(10, 0, 1500, { cpuMs: 140 }).stopped(10, 0, 1500, { cpuMs: 9999 }).stopped(25, 0, 1600, { cpuMs: 7 });
  assert.equal(bench.instances.attributeExited(bench.lists, false), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.047, 0.007]);
  assert.equal(bench.instances.attributeExited(bench.lists, true), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.047, 0.007]);
});

test('adds the usage of an unlisted process to its ancestor’s containers, or waits', () => {
  const [web, api] = [aContainer('web'), aContainer('api')];
  const bench = new Bench().list(1000, [SERVICES_EXE, row(10, 0)], { 10: web });
  bench.started(11, 1100, 10).stopped(11, 1100, 1200, { cpuMs: 30 });
  // The root of a service that no list has shown yet, and its child.
  bench.started(20, 1100, 8).started(21, 1200, 20).stopped(21, 1200, 1300, { cpuMs: 50 });
  assert.equal(bench.instances.attributeExited(bench.lists, false), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.03, 0]);
  const before = bench.lists;
  bench.list(2000, [SERVICES_EXE, row(10, 0), row(20, 1100)], { 10: web, 20: api });
  assert.equal(bench.instances.attributeExited(before, true), 0);
  assert.deepEqual([web.usage.cpuSeconds, api.usage.cpuSeconds], [0.03, 0.05]);
});

test('counts exits without a known owner, and leaves out those without a container', () => {
  const bench = new Bench().list(1000, [SERVICES_EXE, row(40, 0)]);
  bench.stopped(40, 0, 1100, { cpuMs: 10 }).started(41, 1100, 8).stopped(41, 1100, 1200, { cpuMs: 10 });
  bench.started(42, 1100, 777).stopped(42, 1100, 1200, { cpuMs: 10 }).stopped(43, 1100, 1200, { cpuMs: 10 });
  assert.equal(bench.instances.attributeExited(bench.lists, false), 0);
  assert.equal(bench.instances.attributeExited(bench.lists, true), 2);
  assert.equal(bench.instances.attributeExited(bench.lists, true), 0);
});

test('an assigned process and its children add their usage to the container', () => {
  const web = aContainer('web');
  const bench = new Bench().list(1000, [SERVICES_EXE]);
  bench
    .started(20, 1100, 8)
    .started(21, 1150, 20)
    .stopped(21, 1150, 1180, { cpuMs: 5 })
    .stopped(20, 1100, 1200, { cpuMs: 20 });
  const children = bench.instances.exitedChildren(bench.instances.latest(8)!);
  assert.deepEqual(
    children.map(({ pid }) => pid),
    [20],
  );
  children[0]!.assignTo(web);
  assert.deepEqual(bench.ownersOf(21, 1170), [web]);
  bench.instances.attributeExited(bench.lists, true);
  assert.equal(web.usage.cpuSeconds, 0.025);
});

test('returns exited children in the order of their creation', () => {
  const bench = new Bench().list(0, [SERVICES_EXE]);
  bench.started(7, 300, 8).started(5, 100, 8).started(6, 200, 8).started(9, 400, 8).started(11, 150, 5);
  bench.stopped(7, 300, 500).stopped(6, 200, 600).stopped(5, 100, 700).stopped(11, 150, 800);
  assert.deepEqual(
    bench.instances.exitedChildren(bench.instances.latest(8)!).map(({ pid }) => pid),
    [5, 6, 7],
  );
});
