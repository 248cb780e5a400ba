// Processes by pid and birth, so that what happened in one goes to its container, even when it is dead or nobody has listed it yet.
import type { ProcessEventRecord } from '../../sources/host.ts';
import { sameBirth } from './birth.ts';
import type { Container } from '../containers/container.ts';
import type { ProcessIndex } from './process-index.ts';
import { type LifeOwners, ProcessLife } from './process-instance.ts';
import type { ListTimes } from '../containers/usage.ts';

export type { LifeOwners, ProcessLife } from './process-instance.ts';

/** Events may be stamped a little before the birth that the kernel notes. */
const EARLY_MS = 50;
/** How long a dead process is remembered: its last events come late, and its children may look for it. */
const REMEMBER_MS = 60_000;
/** Lives kept at the same time; those of a process list are kept in any case. */
const MAX_LIVES = 65_536;
const MAX_DEPTH = 64;

const NONE: readonly Container[] = [];

export class ProcessLives {
  /** All of one pid, in the order of their births. */
  readonly #byPid = new Map<number, ProcessLife[]>();
  readonly #ended = new Set<ProcessLife>();
  /** Their ends were told, and what they used is not counted yet. */
  #unpaid: ProcessLife[] = [];
  #size = 0;
  /** When the last list was read. */
  #listedAtMs = 0;
  /** Births and deaths that could not be kept, until somebody takes note and sets it to 0. */
  dropped = 0;

  /** The process that had this pid at that time; undefined when nobody has told of it. */
  at(pid: number, atMs: number): ProcessLife | undefined {
    const lives = this.#byPid.get(pid);
    if (!lives) return undefined;
    const newest = lives.at(-1)!;
    if (this.#isAhead(newest)) return newest;
    const place = bornBy(lives, atMs);
    const there = lives[place];
    const next = lives[place + 1];
    if (!next || next.createdAtMs > atMs + EARLY_MS) return there;
    return there && livesAt(there, atMs) ? there : next;
  }

  /** The process that has this pid, or had it last. */
  of(pid: number): ProcessLife | undefined {
    const lives = this.#byPid.get(pid);
    return lives?.findLast(({ endedAtMs }) => endedAtMs === 0) ?? lives?.at(-1);
  }

  /** Starts and ends of one process may come in any order; those of a parent come before those of its child. */
  take(events: readonly ProcessEventRecord[]): void {
    for (const event of events) {
      const { pid, createdAtMs, imageName } = event;
      const life =
        this.#known(pid, createdAtMs) ?? (this.#size < MAX_LIVES ? this.#add(pid, createdAtMs, imageName) : undefined);
      if (!life) this.dropped++;
      else if (event.type === 'started') {
        // An end that came first told less.
        life.imageName = imageName;
        life.parent ??= this.#parentOf(life, event.parentPid);
      } else if (!life.stop) {
        life.stop = event;
        this.#end(life, event.atMs);
        life.endedAtMs = event.atMs;
        this.#unpaid.push(life);
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
    this.#listedAtMs = listedAtMs;
    this.#endMissing(index, listedAtMs);
    for (let row = 0; row < table.count; row++) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      const life = this.#known(pid, createdAtMs) ?? this.#add(pid, createdAtMs, table.name[row]!);
      // Nobody has told its end, and here it is.
      if (!life.stop && this.#ended.delete(life)) life.endedAtMs = 0;
      life.listed = true;
      life.imageName = table.name[row]!;
      life.containers = byPid.get(pid) ?? NONE;
      life.owners = ownersOf(pid) ?? [];
    }
    // A list has its processes in any order.
    for (let row = 0; row < table.count; row++) {
      const life = this.#known(table.pid[row]!, table.createdAtMs[row]!)!;
      life.parent ??= this.#parentOf(life, table.parentPid[row]!);
    }
  }

  /** Forgets who died long ago. */
  expire(nowMs: number): void {
    const forgotten = new Set<ProcessLife>();
    for (const life of this.#ended) {
      // The clock may have been set back.
      life.endedAtMs = Math.min(life.endedAtMs, nowMs);
      if (nowMs - life.endedAtMs <= REMEMBER_MS) continue;
      this.#ended.delete(life);
      // Else a program that hands over to its child again and again would be remembered from the first on. Who still holds it finds
      // whose it was.
      const listed = listedOf(life);
      if (listed) life.inherit(listed, this.ownersOf(life));
      life.parent = undefined;
      forgotten.add(life);
    }
    for (const pid of new Set([...forgotten].map((life) => life.pid))) {
      const lives = this.#byPid.get(pid)!.filter((life) => !forgotten.has(life));
      if (lives.length > 0) this.#byPid.set(pid, lives);
      else this.#byPid.delete(pid);
    }
    this.#size -= forgotten.size;
  }

  /**
   * Adds what ended processes used and no list has shown to their containers. `lists` are those that the usage of the containers
   * stands at, or the ones before; `last` is true when nobody will know more of whose they are. Returns how many were left out because
   * nobody knows whose they were.
   */
  payEnded(lists: ListTimes, last: boolean): number {
    let unknown = 0;
    this.#unpaid = this.#unpaid.filter((life) => {
      const listed = listedOf(life);
      // It may still turn out to be a root process, or the child of one.
      if (!last && (!listed || (listed !== life && listed.containers.length === 0))) return true;
      if (!listed) unknown++;
      for (const { usage } of listed?.containers ?? NONE) usage.addEnded(life.stop!, lists);
      return false;
    });
    return unknown;
  }

  /**
   * Whose a process is. One that no list has shown yet is its parent's, if that is a container's; else nobody knows: it may be the
   * root of a service that just began.
   */
  ownersOf(life: ProcessLife): LifeOwners {
    const listed = listedOf(life);
    if (!listed || listed === life) return listed?.owners;
    return listed.owners === 'shared' || (listed.owners?.length ?? 0) > 0 ? listed.owners : undefined;
  }

  /** Dead processes that this one has started, in the order of their births. */
  endedChildren(parent: ProcessLife): ProcessLife[] {
    return [...this.#ended].filter((life) => life.parent === parent).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** How many are remembered, dead or alive. */
  get size(): number {
    return this.#size;
  }

  #known(pid: number, createdAtMs: number): ProcessLife | undefined {
    const lives = this.#byPid.get(pid);
    if (!lives) return undefined;
    const place = bornBy(lives, createdAtMs);
    return [lives[place], lives[place + 1]].find((life) => life && sameBirth(life.createdAtMs, createdAtMs));
  }

  #add(pid: number, createdAtMs: number, imageName: string): ProcessLife {
    const life = new ProcessLife(pid, createdAtMs, imageName);
    this.#size++;
    const lives = this.#byPid.get(pid);
    if (!lives) {
      this.#byPid.set(pid, [life]);
      return life;
    }
    const place = bornBy(lives, createdAtMs) + 1;
    const [older, newer] = [lives[place - 1], lives[place]];
    lives.splice(place, 0, life);
    // A pid is handed on when its process is dead. One with a later birth may be dead as well: then the clock was set back.
    if (older) this.#end(older, createdAtMs);
    if (newer && newer.endedAtMs === 0) this.#end(life, newer.createdAtMs);
    return life;
  }

  /** Its parent was there when it was born: who has that pid now may be somebody else. */
  #parentOf({ pid, createdAtMs }: ProcessLife, parentPid: number | undefined): ProcessLife | undefined {
    const lives = parentPid === undefined || parentPid === pid ? undefined : this.#byPid.get(parentPid);
    if (!lives) return undefined;
    const newest = lives.at(-1)!;
    const parent = this.#isAhead(newest) ? newest : lives[bornBy(lives, createdAtMs)];
    return parent && livesAt(parent, createdAtMs) ? parent : undefined;
  }

  /** Its birth is later than the list that had it: the clock was set back, and it is there whatever its birth says. */
  #isAhead({ listed, endedAtMs, createdAtMs }: ProcessLife): boolean {
    return listed && endedAtMs === 0 && createdAtMs > this.#listedAtMs + EARLY_MS;
  }

  #endMissing(index: ProcessIndex, listedAtMs: number): void {
    for (const lives of this.#byPid.values()) {
      for (const life of lives) {
        // One that no list has shown yet may have begun after this one.
        if (!index.has(life.pid, life.createdAtMs) && (life.listed || life.createdAtMs < listedAtMs))
          this.#end(life, listedAtMs);
      }
    }
  }

  #end(life: ProcessLife, atMs: number): void {
    if (life.endedAtMs !== 0) return;
    life.endedAtMs = atMs;
    this.#ended.add(life);
  }
}

/** The place of the last one that was born until then, -1 when there is none. */
function bornBy(lives: readonly ProcessLife[], atMs: number): number {
  let low = 0;
  let high = lives.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lives[middle]!.createdAtMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function livesAt({ endedAtMs }: ProcessLife, atMs: number): boolean {
  return endedAtMs === 0 || endedAtMs >= atMs - EARLY_MS;
}

/** The process itself or its closest ancestor that a process list has shown. */
function listedOf(life: ProcessLife): ProcessLife | undefined {
  let each: ProcessLife | undefined = life;
  for (let depth = 0; each && depth < MAX_DEPTH; depth++) {
    if (each.listed) return each;
    each = each.parent;
  }
  return undefined;
}
