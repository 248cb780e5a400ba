// Processes by pid and birth, so that what happened in one goes to its container, even when it is dead or nobody has listed it yet.
import type { ProcessEventRecord } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';
import type { ListTimes } from '../containers/usage.ts';
import { sameBirth } from './birth.ts';
import type { ProcessIndex } from './process-index.ts';
import { ProcessInstance, type ProcessOwners } from './process-instance.ts';

export type { ProcessInstance, ProcessOwners } from './process-instance.ts';

/** Events may be stamped a little before the birth that the kernel notes. */
const EARLY_MS = 50;
/** How long a dead process is remembered: its last events come late, and its children may look for it. */
const REMEMBER_MS = 60_000;
/** Lives kept at the same time; those of a process list are kept in any case. */
const MAX_LIVES = 65_536;
const MAX_DEPTH = 64;

const NONE: readonly Container[] = [];

export class ProcessInstances {
  /** All of one pid, in the order of their births. */
  readonly #byPid = new Map<number, ProcessInstance[]>();
  readonly #ended = new Set<ProcessInstance>();
  /** Their ends were told, and what they used is not counted yet. */
  #unpaid: ProcessInstance[] = [];
  #size = 0;
  /** When the last list was read. */
  #listedAtMs = 0;
  /** Births and deaths that could not be kept, until somebody takes note and sets it to 0. */
  dropped = 0;

  /** The process that had this pid at that time; undefined when nobody has told of it. */
  at(pid: number, atMs: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    if (!instances) return undefined;
    const newest = instances.at(-1)!;
    if (this.#isAhead(newest)) return newest;
    const place = bornBy(instances, atMs);
    const there = instances[place];
    const next = instances[place + 1];
    if (!next || next.createdAtMs > atMs + EARLY_MS) return there;
    return there && livesAt(there, atMs) ? there : next;
  }

  /** The process that has this pid, or had it last. */
  of(pid: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    return instances?.findLast(({ endedAtMs }) => endedAtMs === 0) ?? instances?.at(-1);
  }

  /** Starts and ends of one process may come in any order; those of a parent come before those of its child. */
  take(events: readonly ProcessEventRecord[]): void {
    for (const event of events) {
      const { pid, createdAtMs, imageName } = event;
      const instance =
        this.#known(pid, createdAtMs) ?? (this.#size < MAX_LIVES ? this.#add(pid, createdAtMs, imageName) : undefined);
      if (!instance) this.dropped++;
      else if (event.type === 'started') {
        // An end that came first told less.
        instance.imageName = imageName;
        instance.parent ??= this.#parentOf(instance, event.parentPid);
      } else if (!instance.stop) {
        instance.stop = event;
        this.#end(instance, event.atMs);
        instance.endedAtMs = event.atMs;
        this.#unpaid.push(instance);
      }
    }
  }

  /** Brings the lives in step with a process list; `ownersOf` tells whose the connections of a pid of the list are. */
  settle(
    index: ProcessIndex,
    listedAtMs: number,
    byPid: ReadonlyMap<number, readonly Container[]>,
    ownersOf: (pid: number) => ProcessOwners,
  ): void {
    const { table } = index;
    this.#listedAtMs = listedAtMs;
    this.#endMissing(index, listedAtMs);
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      const instance = this.#known(pid, createdAtMs) ?? this.#add(pid, createdAtMs, table.name[row]!);
      // Nobody has told its end, and here it is.
      if (!instance.stop && this.#ended.delete(instance)) instance.endedAtMs = 0;
      instance.listed = true;
      instance.imageName = table.name[row]!;
      instance.containers = byPid.get(pid) ?? NONE;
      instance.owners = ownersOf(pid) ?? [];
    }
    // A list has its processes in any order.
    for (let row = 0; row < table.count; row++) {
      const instance = this.#known(table.pid[row]!, table.createdAtMs[row]!)!;
      instance.parent ??= this.#parentOf(instance, table.parentPid[row]!);
    }
  }

  /** Forgets who died long ago. */
  expire(nowMs: number): void {
    const forgotten = new Set<ProcessInstance>();
    for (const instance of this.#ended) {
      // The clock may have been set back.
      instance.endedAtMs = Math.min(instance.endedAtMs, nowMs);
      if (nowMs - instance.endedAtMs <= REMEMBER_MS) continue;
      this.#ended.delete(instance);
      // Else a program that hands over to its child again and again would be remembered from the first on. Who still holds it finds
      // whose it was.
      const listed = listedOf(instance);
      if (listed) instance.inherit(listed, this.ownersOf(instance));
      instance.parent = undefined;
      forgotten.add(instance);
    }
    for (const pid of new Set([...forgotten].map((instance) => instance.pid))) {
      const instances = this.#byPid.get(pid)!.filter((instance) => !forgotten.has(instance));
      if (instances.length > 0) this.#byPid.set(pid, instances);
      else this.#byPid.delete(pid);
    }
    this.#size -= forgotten.size;
  }

  /**
   * Adds what ended processes used and no list has shown to their containers. `lists` are those that the usage of the containers
   * stands at, or the ones before; `last` is true when nobody will know more of whose they are. Returns how many were left out because
   * nobody knows whose they were.
   */
  attributeExited(lists: ListTimes, last: boolean): number {
    let unknown = 0;
    this.#unpaid = this.#unpaid.filter((instance) => {
      const listed = listedOf(instance);
      // It may still turn out to be a root process, or the child of one.
      if (!last && (!listed || (listed !== instance && listed.containers.length === 0))) return true;
      if (!listed) unknown++;
      for (const { usage } of listed?.containers ?? NONE) usage.addEnded(instance.stop!, lists);
      return false;
    });
    return unknown;
  }

  /**
   * Whose a process is. One that no list has shown yet is its parent's, if that is a container's; else nobody knows: it may be the
   * root of a service that just began.
   */
  ownersOf(instance: ProcessInstance): ProcessOwners {
    const listed = listedOf(instance);
    if (!listed || listed === instance) return listed?.owners;
    return listed.owners === 'shared' || (listed.owners?.length ?? 0) > 0 ? listed.owners : undefined;
  }

  /** Dead processes that this one has started, in the order of their births. */
  endedChildren(parent: ProcessInstance): ProcessInstance[] {
    return [...this.#ended]
      .filter((instance) => instance.parent === parent)
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** How many are remembered, dead or alive. */
  get size(): number {
    return this.#size;
  }

  #known(pid: number, createdAtMs: number): ProcessInstance | undefined {
    const instances = this.#byPid.get(pid);
    if (!instances) return undefined;
    const place = bornBy(instances, createdAtMs);
    return [instances[place], instances[place + 1]].find(
      (instance) => instance && sameBirth(instance.createdAtMs, createdAtMs),
    );
  }

  #add(pid: number, createdAtMs: number, imageName: string): ProcessInstance {
    const instance = new ProcessInstance(pid, createdAtMs, imageName);
    this.#size++;
    const instances = this.#byPid.get(pid);
    if (!instances) {
      this.#byPid.set(pid, [instance]);
      return instance;
    }
    const place = bornBy(instances, createdAtMs) + 1;
    const [older, newer] = [instances[place - 1], instances[place]];
    instances.splice(place, 0, instance);
    // A pid is handed on when its process is dead. One with a later birth may be dead as well: then the clock was set back.
    if (older) this.#end(older, createdAtMs);
    if (newer && newer.endedAtMs === 0) this.#end(instance, newer.createdAtMs);
    return instance;
  }

  /** Its parent was there when it was born: who has that pid now may be somebody else. */
  #parentOf({ pid, createdAtMs }: ProcessInstance, parentPid: number | undefined): ProcessInstance | undefined {
    const instances = parentPid === undefined || parentPid === pid ? undefined : this.#byPid.get(parentPid);
    if (!instances) return undefined;
    const newest = instances.at(-1)!;
    const parent = this.#isAhead(newest) ? newest : instances[bornBy(instances, createdAtMs)];
    return parent && livesAt(parent, createdAtMs) ? parent : undefined;
  }

  /** Its birth is later than the list that had it: the clock was set back, and it is there whatever its birth says. */
  #isAhead({ listed, endedAtMs, createdAtMs }: ProcessInstance): boolean {
    return listed && endedAtMs === 0 && createdAtMs > this.#listedAtMs + EARLY_MS;
  }

  #endMissing(index: ProcessIndex, listedAtMs: number): void {
    for (const instances of this.#byPid.values()) {
      for (const instance of instances) {
        // One that no list has shown yet may have begun after this one.
        if (!index.has(instance.pid, instance.createdAtMs) && (instance.listed || instance.createdAtMs < listedAtMs))
          this.#end(instance, listedAtMs);
      }
    }
  }

  #end(instance: ProcessInstance, atMs: number): void {
    if (instance.endedAtMs !== 0) return;
    instance.endedAtMs = atMs;
    this.#ended.add(instance);
  }
}

/** The place of the last one that was born until then, -1 when there is none. */
function bornBy(instances: readonly ProcessInstance[], atMs: number): number {
  let low = 0;
  let high = instances.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instances[middle]!.createdAtMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function livesAt({ endedAtMs }: ProcessInstance, atMs: number): boolean {
  return endedAtMs === 0 || endedAtMs >= atMs - EARLY_MS;
}

/** The process itself or its closest ancestor that a process list has shown. */
function listedOf(instance: ProcessInstance): ProcessInstance | undefined {
  let each: ProcessInstance | undefined = instance;
  for (let depth = 0; each && depth < MAX_DEPTH; depth++) {
    if (each.listed) return each;
    each = each.parent;
  }
  return undefined;
}
