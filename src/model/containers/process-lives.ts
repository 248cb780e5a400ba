// Processes by pid and birth, so that what happened in one goes to its container, even when it is dead or nobody has listed it yet.
import type { ProcessEventRecord } from '../../sources/host.ts';
import type { ContainerNetwork } from '../net/container-network.ts';
import type { Container } from './container.ts';
import type { ProcessIndex } from './process-index.ts';

/** Births from events and from process lists are the same FILETIME, but for rounding. */
const SAME_BIRTH_MS = 1;
/** Events may be stamped a little before the birth that the kernel notes. */
const EARLY_MS = 50;
/** How long a dead process is remembered: its last events come late, and its children may look for it. */
const REMEMBER_MS = 60_000;
/** Lives kept at the same time. */
const MAX_LIVES = 65_536;
const MAX_DEPTH = 64;

const NOBODY: readonly ContainerNetwork[] = [];
const NONE: readonly Container[] = [];

/** Whose a process is: networks, none for nobody; `shared` by several services, or not known yet. */
export type LifeOwners = readonly ContainerNetwork[] | 'shared' | undefined;

export class ProcessLife {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly parent: ProcessLife | undefined;
  readonly imageName: string;
  /** 0 while it lives. */
  endedAtMs = 0;
  /** A process list has shown it. */
  listed = false;
  /** Whose its connections are, by the last process list that had it. */
  owners: LifeOwners;
  /** Those in whose trees it was then. */
  containers: readonly Container[] = [];
  /** Its birth as process lists have it, which may differ from that of events by a rounding. */
  listedBirthMs: number;
  /** An older process of the same pid. */
  previous: ProcessLife | undefined;

  constructor(pid: number, createdAtMs: number, parent: ProcessLife | undefined, imageName: string) {
    this.pid = pid;
    this.createdAtMs = createdAtMs;
    this.listedBirthMs = createdAtMs;
    this.parent = parent;
    this.imageName = imageName;
  }
}

export class ProcessLives {
  /** The newest life of each pid. */
  readonly #byPid = new Map<number, ProcessLife>();
  #ended: ProcessLife[] = [];
  /** Ended, and what they used is not counted yet. */
  #unpaid: { readonly life: ProcessLife; readonly event: ProcessEventRecord }[] = [];
  /** Births and deaths that could not be kept, until somebody takes note and sets it to 0. */
  dropped = 0;

  /** The process that had this pid at that time; undefined when nobody has told of it. */
  at(pid: number, atMs: number): ProcessLife | undefined {
    for (let life = this.#byPid.get(pid); life; life = life.previous) if (life.createdAtMs <= atMs + EARLY_MS) return life;
    return undefined;
  }

  /** The newest process of this pid. */
  of(pid: number): ProcessLife | undefined {
    return this.#byPid.get(pid);
  }

  /** Events must come in the order of their time. */
  take(events: readonly ProcessEventRecord[]): void {
    for (const event of events) {
      const life = this.#life(event.pid, event.createdAtMs, event.parentPid, event.imageName);
      if (!life) this.dropped++;
      else if (event.type === 'stopped') {
        if (this.#unpaid.length < MAX_LIVES) this.#unpaid.push({ life, event });
        else this.dropped++;
        this.#end(life, event.atMs);
      }
    }
  }

  /** Brings the lives in step with a process list; `ownersOf` tells whose the connections of a pid of the list are. */
  settle(
    index: ProcessIndex,
    listedAtMs: number,
    byPid: ReadonlyMap<number, readonly Container[]>,
    ownersOf: (pid: number) => LifeOwners,
  ): void {
    const { table } = index;
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const life = this.#life(pid, table.createdAtMs[row]!, table.parentPid[row]!, table.name[row]!);
      if (!life) continue;
      life.listed = true;
      life.listedBirthMs = table.createdAtMs[row]!;
      life.containers = byPid.get(pid) ?? NONE;
      life.owners = ownersOf(pid) ?? NOBODY;
    }
    for (const life of this.#byPid.values()) {
      if (life.endedAtMs !== 0) continue;
      const row = index.row(life.pid);
      const listed = row !== undefined && sameBirth(table.createdAtMs[row]!, life.createdAtMs);
      if (!listed && life.createdAtMs < listedAtMs) this.#end(life, listedAtMs);
    }
  }

  /** Forgets who died long ago. */
  expire(nowMs: number): void {
    const kept: ProcessLife[] = [];
    for (const life of this.#ended) {
      if (nowMs - life.endedAtMs <= REMEMBER_MS) {
        kept.push(life);
        continue;
      }
      if (this.#byPid.get(life.pid) === life) {
        if (life.previous) this.#byPid.set(life.pid, life.previous);
        else this.#byPid.delete(life.pid);
      } else {
        for (let newer = this.#byPid.get(life.pid); newer; newer = newer.previous) {
          if (newer.previous === life) newer.previous = life.previous;
        }
      }
    }
    this.#ended = kept;
  }

  /**
   * Adds what ended processes used and no list has shown to their containers. `lastTableMs` is when the list was read that the
   * usage of the containers stands at; `last` is true when nobody will know more of whose they are.
   */
  payEnded(lastTableMs: number, last: boolean): void {
    this.#unpaid = this.#unpaid.filter(({ life, event }) => {
      const containers = this.#containersOf(life);
      if (!containers) return !last;
      const { pid, listedBirthMs: createdAtMs } = life;
      for (const { usage } of containers) usage.addEnded({ pid, createdAtMs, cpuMs: event.cpuMs ?? 0 }, lastTableMs);
      return false;
    });
  }

  /**
   * Whose a process is. One that no list has shown yet is its parent's, if that is a container's; else nobody knows: it may be the
   * root of a service that just began.
   */
  ownersOf(life: ProcessLife): LifeOwners {
    if (life.listed) return life.owners;
    let parent = life.parent;
    for (let depth = 0; parent && depth < MAX_DEPTH; depth++) {
      if (parent.listed) return parent.owners === 'shared' || (parent.owners?.length ?? 0) > 0 ? parent.owners : undefined;
      parent = parent.parent;
    }
    return undefined;
  }

  /** As ownersOf, for what the process uses. */
  #containersOf(life: ProcessLife): readonly Container[] | undefined {
    let each: ProcessLife | undefined = life;
    for (let depth = 0; each && depth < MAX_DEPTH; depth++) {
      if (each.listed) return each === life || each.containers.length > 0 ? each.containers : undefined;
      each = each.parent;
    }
    return undefined;
  }

  /** Dead processes of this program and parent, born between the two and ended before the second was born. */
  between(first: ProcessLife, second: ProcessLife): number {
    let count = 0;
    for (const life of this.#ended) {
      const between = life.createdAtMs > first.createdAtMs && life.createdAtMs < second.createdAtMs && life !== first;
      if (between && life.parent === second.parent && sameImage(life.imageName, second.imageName)) count++;
    }
    return count;
  }

  get size(): number {
    return this.#byPid.size;
  }

  #life(pid: number, createdAtMs: number, parentPid: number | undefined, imageName: string): ProcessLife | undefined {
    const newest = this.#byPid.get(pid);
    for (let life = newest; life; life = life.previous) if (sameBirth(life.createdAtMs, createdAtMs)) return life;
    // Older than what is known: a death that was told late, of somebody whom nobody asks for any more.
    if (newest && createdAtMs < newest.createdAtMs) return undefined;
    if (!newest && this.#byPid.size >= MAX_LIVES) return undefined;
    const parent = parentPid === undefined || parentPid === pid ? undefined : this.at(parentPid, createdAtMs);
    const life = new ProcessLife(pid, createdAtMs, parent, imageName);
    if (newest) {
      if (newest.endedAtMs === 0) this.#end(newest, createdAtMs);
      life.previous = newest;
    }
    this.#byPid.set(pid, life);
    return life;
  }

  #end(life: ProcessLife, atMs: number): void {
    if (life.endedAtMs !== 0) return;
    life.endedAtMs = atMs;
    this.#ended.push(life);
  }
}

function sameBirth(a: number, b: number): boolean {
  return Math.abs(a - b) < SAME_BIRTH_MS;
}

/** Stops cut names at 14 characters. */
function sameImage(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(0, length).toLowerCase() === b.slice(0, length).toLowerCase();
}
