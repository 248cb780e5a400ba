// One container: a Windows service or a Docker container, with what is known of its processes.
import { ContainerNetwork } from '../net/container-network.ts';
import type { ContainerDisk } from './container-disk.ts';
import { Usage } from './usage.ts';

/** A kind of application that runs in the container; an object of its own, so that series can hang on it. */
export interface ApplicationType {
  readonly type: string;
}

/** A kind of page fault, for the same reason. */
export interface FaultKind {
  readonly kind: 'hard' | 'soft';
}

/** A container as discovery found it in one pass. */
export interface Discovered {
  readonly id: string;
  readonly kind: 'service' | 'docker';
  readonly name: string;
  readonly displayName: string;
  readonly image: string;
  readonly pid: number;
}

export type ContainerState = 'running' | 'young' | 'shared' | 'gone';

export class Container {
  readonly id: string;
  readonly kind: Discovered['kind'];
  readonly name: string;
  readonly firstSeenAtMs: number;
  displayName: string;
  image: string;
  /** Root process, 0 when gone. */
  pid = 0;
  /** When the root process began, 0 while unknown. */
  startedAtMs = 0;
  restarts = 0;
  /** When it was missed first, 0 while it is there. */
  goneAtMs = 0;
  /** Several live containers have this root process. */
  shared = false;
  /** It has reached the minimal age once; a restart does not hide it again. */
  mature = false;
  /** The process tree, the root first; the root alone while no process list shows it. */
  pids: number[] = [];
  /** Whether the last process list had its root, so that its usage is known. */
  measured = false;
  /** Full path of the root's image; empty while unknown. */
  imagePath = '';
  /** Where its program lies; undefined while unknown, and for shares. */
  disk: ContainerDisk | undefined;
  /** Kinds of application among its processes, by type. */
  applicationTypes = new Map<string, ApplicationType>();
  readonly faultKinds: readonly FaultKind[] = [{ kind: 'hard' }, { kind: 'soft' }];
  readonly usage = new Usage();
  readonly network = new ContainerNetwork();
  #lastRoot: { pid: number; startedAtMs: number } | undefined;

  constructor(found: Discovered, nowMs: number) {
    this.id = found.id;
    this.kind = found.kind;
    this.name = found.name;
    this.firstSeenAtMs = nowMs;
    this.displayName = found.displayName;
    this.image = found.image;
  }

  /** Takes in what discovery says now; a root process of another pid or birth is a restart. */
  seen(found: Discovered, startedAtMs: number): void {
    const root = { pid: found.pid, startedAtMs };
    if (this.#lastRoot && isRestart(this.#lastRoot, root)) this.restarts++;
    // A birth that cannot be read now does not forget the one that was.
    if (startedAtMs !== 0 || this.#lastRoot?.pid !== found.pid) this.#lastRoot = root;
    this.pid = found.pid;
    this.startedAtMs = this.#lastRoot!.startedAtMs;
    this.displayName = found.displayName;
    this.image = found.image;
    this.goneAtMs = 0;
  }

  missed(nowMs: number): void {
    if (this.goneAtMs === 0) this.goneAtMs = nowMs;
    this.pid = 0;
    this.pids = [];
    this.measured = false;
    this.applicationTypes = new Map();
    this.shared = false;
    this.usage.clear();
    this.network.clear();
  }

  get state(): ContainerState {
    if (this.goneAtMs !== 0) return 'gone';
    if (this.shared) return 'shared';
    return this.mature ? 'running' : 'young';
  }

  /** Old enough to be reported, and with a process of its own; still so for a while after it is gone. */
  get reported(): boolean {
    return this.mature && !this.shared;
  }
}

function isRestart(before: { pid: number; startedAtMs: number }, now: { pid: number; startedAtMs: number }): boolean {
  if (before.pid !== now.pid) return true;
  return before.startedAtMs !== 0 && now.startedAtMs !== 0 && before.startedAtMs !== now.startedAtMs;
}
