// Process instances by pid and creation time, to find the owner of an exited or not yet listed process.
import type { ProcessEventRecord } from '../../sources/host.ts';
import type { Clock } from '../clock.ts';
import { type Ownership, UNKNOWN } from '../owner/owner.ts';
import { sameBirth } from './birth.ts';
import type { ListTimes } from './list-times.ts';
import type { ProcessIndex } from './process-index.ts';
import { EARLY_MS, listedAncestor, ProcessInstance, runsAt, type TreeOwner } from './process-instance.ts';
import type { ProcessList } from './process-list.ts';

/** How long an exited process is kept: its last events arrive late, and children refer to it. */
const RETENTION_MS = 60_000;
/** Instances kept at the same time; those of a process list are always kept. */
const MAX_INSTANCES = 65_536;

const NONE: readonly TreeOwner[] = [];

export class ProcessInstances {
  readonly #clock: Clock;
  /** Instances of one pid, ordered by creation time. */
  readonly #byPid = new Map<number, ProcessInstance[]>();
  readonly #exited = new Set<ProcessInstance>();
  /** Instances with a stop event whose usage is not added to a container yet. */
  #unattributedExits: ProcessInstance[] = [];
  #size = 0;
  /** When the last list was read. */
  #listedAtMs = 0;
  /** The same on the monotonic clock. */
  #listedMonoMs = Number.NEGATIVE_INFINITY;
  /** Events that were dropped because `MAX_INSTANCES` was reached; the reader resets it to 0. */
  dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Owner of the process that had this pid at that time. Allocates nothing. */
  ownerAt(pid: number, atMs: number): Ownership {
    const instance = this.instanceAt(pid, atMs);
    return instance ? this.ownershipOf(instance) : UNKNOWN;
  }

  /** Owner of the process that has this pid now, or had it last. */
  latestOwner(pid: number): Ownership {
    const instance = this.latest(pid);
    return instance ? this.ownershipOf(instance) : UNKNOWN;
  }

  /** The process that had this pid at that time; undefined if neither a list nor an event has shown it. */
  instanceAt(pid: number, atMs: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    if (!instances) return undefined;
    const newest = instances.at(-1)!;
    if (this.#isAheadOfClock(newest)) return newest;
    const index = lastCreatedBy(instances, atMs);
    const found = instances[index];
    const next = instances[index + 1];
    if (!next || next.createdAtMs > atMs + EARLY_MS) return found;
    return found && runsAt(found, atMs) ? found : next;
  }

  /** The process that has this pid now, or had it last. */
  latest(pid: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    return instances?.findLast(({ exitedAtMs }) => exitedAtMs === 0) ?? instances?.at(-1);
  }

  /**
   * Applies process events. Start and stop of one process may arrive in any order; those of a parent precede those of
   * its child.
   */
  applyEvents(events: readonly ProcessEventRecord[]): void {
    for (const event of events) {
      const { pid, createdAtMs, type } = event;
      // The name in a stop event is cut, so that other programs may have the same.
      const imageName = type === 'started' ? event.imageName : '';
      const isFull = this.#size >= MAX_INSTANCES;
      const instance =
        this.find(pid, createdAtMs) ?? (isFull ? undefined : this.#add(event, imageName, this.#earliestBirth(event)));
      if (!instance) this.dropped++;
      else if (type === 'started') {
        instance.imageName = imageName;
        instance.parent ??= this.#parentOf(instance, event.parentPid);
      } else if (!instance.stopEvent) {
        instance.stopEvent = event;
        this.#markExited(instance, event.atMs);
        instance.exitedAtMs = event.atMs;
        instance.exitedMonoMs = this.#clock.monoOf(event.atMs);
        this.#unattributedExits.push(instance);
      }
    }
  }

  /**
   * Applies a process list, with the time of its reading on both clocks. `treesByPid` has the containers by each pid of
   * their trees, `ownershipOf` the owner of a listed pid.
   */
  applyList(
    index: ProcessIndex,
    { readAtMs: listedAtMs, readAtMonoMs }: Pick<ProcessList, 'readAtMs' | 'readAtMonoMs'>,
    treesByPid: ReadonlyMap<number, readonly TreeOwner[]>,
    ownershipOf: (pid: number) => Ownership,
  ): void {
    const { table } = index;
    this.#listedAtMs = listedAtMs;
    this.#markMissing(index, listedAtMs);
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      // The list before this one lacked it.
      const instance =
        this.find(pid, createdAtMs) ?? this.#add({ pid, createdAtMs }, table.name[row]!, this.#listedMonoMs);
      // The process is still listed and no stop event arrived: undo the presumed exit.
      if (!instance.stopEvent && this.#exited.delete(instance)) instance.exitedAtMs = 0;
      instance.listed = true;
      instance.imageName = table.name[row]!;
      instance.containers = treesByPid.get(pid) ?? NONE;
      instance.ownership = ownershipOf(pid);
    }
    // A second pass, because a list may have a child before its parent.
    for (let row = 0; row < table.count; row++) {
      const instance = this.find(table.pid[row]!, table.createdAtMs[row]!)!;
      instance.parent ??= this.#parentOf(instance, table.parentPid[row]!);
    }
    this.#listedMonoMs = readAtMonoMs;
  }

  /** Removes processes that exited more than a minute ago. */
  expire(): void {
    const { monoMs } = this.#clock;
    const expired = new Set<ProcessInstance>();
    for (const instance of this.#exited) {
      if (monoMs - instance.exitedMonoMs <= RETENTION_MS) continue;
      this.#exited.delete(instance);
      // Instances that are still referenced keep their owner. The parent is released: otherwise a program that restarts
      // itself as its own child would keep every instance since the first.
      const listed = listedAncestor(instance);
      if (listed) instance.inheritFrom(listed, this.ownershipOf(instance));
      instance.parent = undefined;
      expired.add(instance);
    }
    for (const pid of new Set([...expired].map((instance) => instance.pid))) {
      const instances = this.#byPid.get(pid)!.filter((instance) => !expired.has(instance));
      if (instances.length > 0) this.#byPid.set(pid, instances);
      else this.#byPid.delete(pid);
    }
    this.#size -= expired.size;
  }

  /**
   * Adds what exited processes used since the last list to their containers. `lists` are the lists that the usage of
   * the containers is based on. `final` is true if no more owners become known in this tick. Returns the
   * number of exits that are not added because their owner is unknown.
   */
  attributeExited(lists: ListTimes, final: boolean): number {
    let unknown = 0;
    this.#unattributedExits = this.#unattributedExits.filter((instance) => {
      const listed = listedAncestor(instance);
      // It may still turn out to be a root process, or the child of one.
      if (!final && (!listed || (listed !== instance && listed.containers.length === 0))) return true;
      if (!listed) unknown++;
      for (const { usage } of listed?.containers ?? NONE) usage.addExited(instance.stopEvent!, lists);
      return false;
    });
    return unknown;
  }

  /**
   * Owner of a process. A process that no list has shown belongs to the owner of its closest listed ancestor. If that
   * ancestor has no owner the result is unknown, because the process may be the root of a service that has just
   * started.
   */
  ownershipOf(instance: ProcessInstance): Ownership {
    const listed = listedAncestor(instance);
    if (!listed) return UNKNOWN;
    const { ownership } = listed;
    return listed !== instance && ownership.kind === 'owners' && ownership.owners.length === 0 ? UNKNOWN : ownership;
  }

  /** Exited children of a process, ordered by creation time. */
  exitedChildren(parent: ProcessInstance): ProcessInstance[] {
    return [...this.#exited]
      .filter((instance) => instance.parent === parent)
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Milliseconds since the creation of a known process, by the monotonic clock; 0 for an unknown one. */
  ageMs(pid: number, createdAtMs: number): number {
    const instance = this.find(pid, createdAtMs);
    return instance ? this.#clock.monoMs - instance.createdMonoMs : 0;
  }

  /** Instances that are kept, running or exited. */
  get size(): number {
    return this.#size;
  }

  /** The process with this pid and creation time, running or exited; undefined if it is not known. */
  find(pid: number, createdAtMs: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    if (!instances) return undefined;
    const index = lastCreatedBy(instances, createdAtMs);
    return [instances[index], instances[index + 1]].find(
      (instance) => instance && sameBirth(instance.createdAtMs, createdAtMs),
    );
  }

  /** A start event comes right after the creation; of other events the creation may be long ago. */
  #earliestBirth({ type, atMs }: ProcessEventRecord): number {
    return type === 'started' ? this.#clock.monoOf(atMs) : Number.NEGATIVE_INFINITY;
  }

  /**
   * The clock may have been set since the creation: the process is not younger than now, and not older than
   * `earliestMonoMs`.
   */
  #add(
    { pid, createdAtMs }: Pick<ProcessInstance, 'pid' | 'createdAtMs'>,
    imageName: string,
    earliestMonoMs: number,
  ): ProcessInstance {
    const { monoMs, wallMs } = this.#clock;
    const createdMonoMs = Math.min(monoMs, Math.max(earliestMonoMs, monoMs - (wallMs - createdAtMs)));
    const instance = new ProcessInstance(pid, createdAtMs, createdMonoMs, imageName);
    this.#size++;
    const instances = this.#byPid.get(pid);
    if (!instances) {
      this.#byPid.set(pid, [instance]);
      return instance;
    }
    const index = lastCreatedBy(instances, createdAtMs) + 1;
    const [older, newer] = [instances[index - 1], instances[index]];
    instances.splice(index, 0, instance);
    // Windows reuses a pid after its process has exited. An instance with a later creation time may have exited as
    // well: then the clock was set back.
    if (older) this.#markExited(older, createdAtMs);
    if (newer && newer.exitedAtMs === 0) this.#markExited(instance, newer.createdAtMs);
    return instance;
  }

  /** The process that had the parent pid when the child was created: the pid may have been reused since. */
  #parentOf({ pid, createdAtMs }: ProcessInstance, parentPid: number | undefined): ProcessInstance | undefined {
    const instances = parentPid === undefined || parentPid === pid ? undefined : this.#byPid.get(parentPid);
    if (!instances) return undefined;
    const newest = instances.at(-1)!;
    const parent = this.#isAheadOfClock(newest) ? newest : instances[lastCreatedBy(instances, createdAtMs)];
    return parent && runsAt(parent, createdAtMs) ? parent : undefined;
  }

  /**
   * The creation time is later than the list that shows the process: the clock was set back, and times cannot be
   * compared.
   */
  #isAheadOfClock({ listed, exitedAtMs, createdAtMs }: ProcessInstance): boolean {
    return listed && exitedAtMs === 0 && createdAtMs > this.#listedAtMs + EARLY_MS;
  }

  #markMissing(index: ProcessIndex, listedAtMs: number): void {
    for (const instances of this.#byPid.values()) {
      for (const instance of instances) {
        // An instance that no list has shown yet may have been created after this list.
        if (!index.has(instance.pid, instance.createdAtMs) && (instance.listed || instance.createdAtMs < listedAtMs))
          this.#markExited(instance, listedAtMs);
      }
    }
  }

  #markExited(instance: ProcessInstance, atMs: number): void {
    if (instance.exitedAtMs !== 0) return;
    instance.exitedAtMs = atMs;
    instance.exitedMonoMs = this.#clock.monoMs;
    this.#exited.add(instance);
  }
}

/** Index of the last instance created at that time or before, -1 if there is none. */
function lastCreatedBy(instances: readonly ProcessInstance[], atMs: number): number {
  let low = 0;
  let high = instances.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instances[middle]!.createdAtMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
