// One container: a Windows service or a Docker container, with what is known of its processes.
import { Owner } from '../owner/owner.ts';
import type { ContainerDisk } from './container-disk.ts';
import type { ServiceExit } from './exit.ts';
import { type ContainerLimits, NO_LIMITS } from './limits.ts';
import { Restarts } from './restarts.ts';
import { Usage } from './usage.ts';

/** A kind of application that runs in the container; an object of its own, so that series can hang on it. */
export interface ApplicationType {
  readonly type: string;
}

/** A kind of page fault, for the same reason. */
export interface FaultKind {
  readonly kind: 'hard' | 'soft';
}

/** The image of a container; an object that is replaced and never changed, so that labels can be kept with it. */
export interface ContainerInfo {
  readonly image: string;
}

/** A container as discovery found it in one pass. */
export interface Discovered {
  readonly id: string;
  readonly kind: 'service' | 'docker';
  readonly name: string;
  readonly displayName: string;
  readonly image: string;
  /** 0 for a service that has stopped with an error. */
  readonly pid: number;
  /** It has been asked to stop and still runs. */
  readonly stopping?: boolean;
  /** What the manager says of it; with pid 0 only. */
  readonly exit?: ServiceExit;
}

/**
 * `failed`: stopped with an error; `restarting`: the same, and it has come back before within the last minutes; `stopped`: in
 * order; `gone`: there is no such service, or it counts no more.
 */
export type ContainerState = 'running' | 'pending' | 'shared' | 'restarting' | 'failed' | 'stopped' | 'gone';

/** How long a container that disappeared keeps its identity and its counters, as in Coroot's agent. */
export const RETENTION_MS = 5 * 60 * 1000;

export class Container extends Owner {
  readonly id: string;
  readonly kind: Discovered['kind'];
  readonly name: string;
  readonly firstSeenAtMs: number;
  displayName: string;
  info: ContainerInfo;
  /** Root process, 0 when gone. */
  pid = 0;
  /** When the root process began, 0 while unknown. */
  startedAtMs = 0;
  readonly history = new Restarts();
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
  limits: ContainerLimits = NO_LIMITS;
  /** Kinds of application among its processes, by type. */
  applicationTypes = new Map<string, ApplicationType>();
  readonly faultKinds: readonly FaultKind[] = [{ kind: 'hard' }, { kind: 'soft' }];
  readonly usage = new Usage();
  /** Why it has no process. */
  #down: 'failed' | 'stopped' | 'gone' = 'gone';
  /** When it was seen without a process last. */
  #downAtMs = 0;

  constructor(found: Discovered, nowMs: number) {
    super('container');
    this.id = found.id;
    this.kind = found.kind;
    this.name = found.name;
    this.firstSeenAtMs = nowMs;
    this.displayName = found.displayName;
    this.info = { image: found.image };
  }

  get image(): string {
    return this.info.image;
  }

  get restarts(): number {
    return this.history.total;
  }

  /** Takes in what discovery says now; a root process of another pid or birth is a restart. */
  seen(found: Discovered, startedAtMs: number, nowMs: number): void {
    this.displayName = found.displayName;
    if (found.image !== this.image) this.info = { image: found.image };
    this.goneAtMs = 0;
    if (found.pid === 0) {
      if (found.exit) this.history.stopped(found.exit, nowMs);
      this.#empty('failed', nowMs);
      return;
    }
    this.history.running(found.pid, startedAtMs, found.stopping ?? false, nowMs);
    this.pid = found.pid;
    this.startedAtMs = this.history.startedAtMs;
  }

  /** `exit` is what the manager says of a service that is still listed. */
  missed(nowMs: number, exit?: ServiceExit): void {
    if (this.goneAtMs === 0) this.goneAtMs = nowMs;
    if (exit) this.history.stopped(exit, nowMs);
    this.#empty(exit ? 'stopped' : 'gone', nowMs);
  }

  #empty(down: 'failed' | 'stopped' | 'gone', nowMs: number): void {
    this.#down = down;
    this.#downAtMs = nowMs;
    this.pid = 0;
    this.pids = [];
    this.measured = false;
    this.applicationTypes = new Map();
    this.shared = false;
    this.usage.clear();
    this.network.clear();
  }

  get state(): ContainerState {
    if (this.pid === 0) return this.#down === 'failed' && this.#cameBack ? 'restarting' : this.#down;
    if (this.shared) return 'shared';
    return this.mature ? 'running' : 'pending';
  }

  get #cameBack(): boolean {
    const { lastAtMs } = this.history;
    return lastAtMs !== 0 && this.#downAtMs - lastAtMs <= RETENTION_MS;
  }

  /** Old enough to be reported, and with a process of its own; still so for a while after it is gone. */
  get reported(): boolean {
    return this.mature && !this.shared;
  }
}
