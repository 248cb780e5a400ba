// One process from its creation to its exit, with its owner.
import type { ProcessEventRecord } from '../../sources/host.ts';
import { type Owner, type Ownership, UNKNOWN } from '../owner/owner.ts';
import type { ListTimes } from './list-times.ts';

/** Events may carry a time slightly before the creation time that the kernel records. */
export const EARLY_MS = 50;
const MAX_DEPTH = 64;

/** A container in whose process tree a process was: it receives what the process had used when it exited. */
export interface TreeOwner extends Owner {
  readonly usage: { addExited(stop: ProcessEventRecord, lists: ListTimes): void };
}

export class ProcessInstance {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The same on the monotonic clock, as far as the clock was not set before it became known. */
  readonly createdMonoMs: number;
  /** Full file name of the program; empty while only a stop event has shown the process. */
  imageName: string;
  /** Undefined while unknown, and after this instance has expired. */
  parent: ProcessInstance | undefined;
  /** 0 while it runs. */
  exitedAtMs = 0;
  /** When its exit became known, on the monotonic clock; 0 while it runs. */
  exitedMonoMs = 0;
  /** The stop event; undefined before it arrives. */
  stopEvent: ProcessEventRecord | undefined;
  /** A process list has shown it, or its owner is known without a list. */
  listed = false;
  /** Owner by the last process list that showed it. */
  ownership: Ownership = UNKNOWN;
  /** Containers whose trees it was in, by the same list. */
  containers: readonly TreeOwner[] = [];

  constructor(pid: number, createdAtMs: number, createdMonoMs: number, imageName: string) {
    this.pid = pid;
    this.createdAtMs = createdAtMs;
    this.createdMonoMs = createdMonoMs;
    this.imageName = imageName;
  }

  /** Copies the ownership of an ancestor. */
  inheritFrom({ containers }: ProcessInstance, ownership: Ownership): void {
    this.listed = ownership.kind !== 'unknown';
    this.containers = containers;
    this.ownership = ownership;
  }

  /** It was the root process of that container between two lists. */
  assignTo(container: TreeOwner): void {
    this.listed = true;
    this.containers = [container];
    this.ownership = container.alone;
  }
}

export function runsAt({ exitedAtMs }: ProcessInstance, atMs: number): boolean {
  return exitedAtMs === 0 || exitedAtMs >= atMs - EARLY_MS;
}

/** The process itself or its closest ancestor that a process list has shown. */
export function listedAncestor(instance: ProcessInstance): ProcessInstance | undefined {
  let each: ProcessInstance | undefined = instance;
  for (let depth = 0; each && depth < MAX_DEPTH; depth++) {
    if (each.listed) return each;
    each = each.parent;
  }
  return undefined;
}
