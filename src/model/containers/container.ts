// One container: a Windows service or a Docker container, with the state of its processes.
import type { DockerContainer } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import { ContainerGpus } from '../owner/gpu-use.ts';
import { Owner } from '../owner/owner.ts';
import type { Listener } from '../owner/owner-network.ts';
import type { ContainerDisk } from './container-disk.ts';
import { DockerState } from './docker-state.ts';
import { isContainerFailure, type ServiceExit } from './exit.ts';
import { type ContainerLimits, NO_LIMITS } from './limits.ts';
import { Restarts } from './restarts.ts';
import { Usage } from './usage.ts';

/** A separate object for each type, so that its label set can be stored with it. */
export interface ApplicationType {
  readonly type: string;
}

/** A separate object for each kind, for the same reason. */
export interface FaultKind {
  readonly kind: 'hard' | 'soft';
}

/** The image of a container. Replaced, never changed, so that label sets can be stored with it. */
export interface ContainerInfo {
  readonly image: string;
}

/** A container as discovery found it in one tick. */
export interface Discovered {
  readonly id: string;
  readonly kind: 'service' | 'docker';
  readonly name: string;
  readonly displayName: string;
  readonly image: string;
  /** 0 for a service that has stopped with an error, and for a Hyper-V container. */
  readonly pid: number;
  /** A stop was requested and it still runs. */
  readonly stopping?: boolean;
  /** Exit status by the SCM; only with pid 0. */
  readonly exit?: ServiceExit;
  /** Only for a Docker container. */
  readonly docker?: DockerContainer;
}

/** Whether it has processes, be they listed or not. */
export function isRunning({ pid, docker }: Discovered): boolean {
  return docker ? isDockerRunning(docker) : pid !== 0;
}

/** Whether it has processes: one that waits for its next restart has none. */
function isDockerRunning({ state }: DockerContainer): boolean {
  return state === 'running' || state === 'paused';
}

/**
 * `pending`: younger than the minimum age. `shared`: other containers have the same root process. `failed`: stopped
 * with an error. `restarting`: the same, and it was restarted in the minutes before. `stopped`: stopped normally.
 * `gone`: not discovered any more.
 */
export type ContainerState = 'running' | 'pending' | 'shared' | 'restarting' | 'failed' | 'stopped' | 'gone';

/** How long a container that is not discovered any more keeps its identity and counters, as in Coroot's agent. */
export const RETENTION_MS = 5 * 60 * 1000;

export class Container extends Owner {
  readonly id: string;
  readonly kind: Discovered['kind'];
  name: string;
  /** Milliseconds since 1970. */
  readonly firstSeenAtMs: number;
  /** The same on the monotonic clock. */
  readonly firstSeenMonoMs: number;
  displayName: string;
  info: ContainerInfo;
  /** It has processes; those of a Hyper-V container are not listed. */
  isRunning = false;
  /** Root process, 0 when gone. */
  pid = 0;
  /** Creation time of the root process in milliseconds since 1970, 0 while unknown. */
  startedAtMs = 0;
  /** When the root process was created on the monotonic clock; as of the first list that had it. */
  startedMonoMs = 0;
  readonly history = new Restarts();
  /** When it was first not discovered, on the monotonic clock; undefined while it is. */
  goneMonoMs: number | undefined;
  /** Other containers have the same root process. */
  shared = false;
  /** It has reached the minimum age once; a restart does not make it pending again. */
  mature = false;
  /** The process tree, the root first; the root alone while no process list shows it. */
  pids: number[] = [];
  /** The last process list had its root. */
  hasListedRoot = false;
  /** Only for a Docker container. */
  docker: DockerState | undefined;
  /** Full path of the root's image; empty while unknown. */
  imagePath = '';
  /** The disk of its program; undefined while unknown, and for network shares. */
  disk: ContainerDisk | undefined;
  limits: ContainerLimits = NO_LIMITS;
  /** Kinds of application among its processes, by type. */
  applicationTypes = new Map<string, ApplicationType>();
  readonly faultKinds: readonly FaultKind[] = [{ kind: 'hard' }, { kind: 'soft' }];
  /** Usage by process lists; of a Docker container Docker reports most of it. */
  readonly usage = new Usage();
  readonly gpus = new ContainerGpus();
  /** Why it has no process. */
  #down: 'failed' | 'stopped' | 'gone' = 'gone';
  /** When it last had no process, on the monotonic clock. */
  #downMonoMs = 0;

  constructor(found: Discovered, now: Now) {
    super('container');
    this.id = found.id;
    this.kind = found.kind;
    this.name = found.name;
    this.firstSeenAtMs = now.wallMs;
    this.firstSeenMonoMs = now.monoMs;
    this.displayName = found.displayName;
    this.info = { image: found.image };
    if (found.docker) this.docker = new DockerState(found.docker);
  }

  get cpuSeconds(): number {
    return this.docker ? this.docker.cpuMs / 1000 : this.usage.cpuSeconds;
  }

  get rssBytes(): number {
    return this.docker ? (this.docker.rssBytes ?? 0) : this.usage.rssBytes;
  }

  /** Requests to disks, or all requests of its processes. */
  get io(): Pick<Usage, 'reads' | 'writes' | 'readBytes' | 'writtenBytes'> {
    return this.docker ?? this.usage;
  }

  /** Addresses that it listens on or is published at. */
  get listeners(): Listener[] {
    return [...this.network.listeners.values(), ...(this.docker?.listeners.values() ?? [])];
  }

  /** Its usage is known. */
  isMeasured(monoMs: number): boolean {
    return this.docker ? this.isRunning && this.docker.isMeasured(monoMs) : this.hasListedRoot;
  }

  /** Path on the disk that its requests are reported for. */
  get diskPath(): string {
    return this.docker ? (this.docker.record.logPath ?? '') : this.imagePath;
  }

  get image(): string {
    return this.info.image;
  }

  /** Milliseconds since the creation of the root process; 0 without one, or while its creation time is unknown. */
  ageMs({ monoMs }: Now): number {
    return !this.isRunning || this.startedAtMs === 0 ? 0 : monoMs - this.startedMonoMs;
  }

  get restarts(): number {
    return this.history.total;
  }

  /**
   * Applies the result of discovery; a root process with another pid or creation time is a restart. `startedMonoMs` is
   * the creation time on the monotonic clock.
   */
  applyDiscovered(found: Discovered, startedAtMs: number, startedMonoMs: number, now: Now): void {
    // A service that is installed again may be written in other letter case.
    this.name = found.name;
    this.displayName = found.displayName;
    if (found.image !== this.image) this.info = { image: found.image };
    this.goneMonoMs = undefined;
    if (found.docker) {
      this.#applyDocker(found.docker, startedMonoMs, now);
      return;
    }
    if (found.pid === 0) {
      if (found.exit) this.history.observeStopped(found.exit, now);
      this.#clearProcesses('failed', now);
      return;
    }
    const isOther = this.history.observeRunning(found.pid, startedAtMs, found.stopping ?? false, now);
    // Estimated once: the clock that it is derived from may be set.
    if (isOther) this.startedMonoMs = startedMonoMs;
    this.isRunning = true;
    this.pid = found.pid;
    this.startedAtMs = this.history.startedAtMs;
  }

  /** A start at another time is a restart: the pid may be the same, above all in a virtual machine. */
  #applyDocker(record: DockerContainer, startedMonoMs: number, now: Now): void {
    const { lastExit, restartCount, startedAtMs, pid = 0 } = record;
    this.docker ??= new DockerState(record);
    const { docker } = this;
    const isSame = docker.record.id === record.id;
    const unseen = isSame ? restartCount - docker.record.restartCount : 0;
    docker.record = record;
    if (lastExit) this.history.observeContainerExit(lastExit);
    if (!isDockerRunning(record)) {
      this.#clearProcesses(lastExit && isContainerFailure(lastExit.code) ? 'failed' : 'stopped', now);
      return;
    }
    const isOther = this.history.observeContainerRunning(startedAtMs, unseen, now);
    if (isOther) this.startedMonoMs = startedMonoMs;
    this.isRunning = true;
    this.pid = pid;
    this.startedAtMs = startedAtMs;
  }

  /** Discovery did not find it. `exit` is the status by the SCM if the service still exists. */
  applyMissing(now: Now, exit?: ServiceExit): void {
    this.goneMonoMs ??= now.monoMs;
    if (exit) this.history.observeStopped(exit, now);
    this.#clearProcesses(exit ? 'stopped' : 'gone', now);
  }

  #clearProcesses(down: 'failed' | 'stopped' | 'gone', { monoMs }: Now): void {
    this.#down = down;
    this.#downMonoMs = monoMs;
    this.isRunning = false;
    this.pid = 0;
    this.pids = [];
    this.hasListedRoot = false;
    this.docker?.clear();
    this.applicationTypes = new Map();
    this.shared = false;
    this.usage.clear();
    this.network.clear();
  }

  get state(): ContainerState {
    if (!this.isRunning) return this.#down === 'failed' && this.#restartedRecently ? 'restarting' : this.#down;
    if (this.shared) return 'shared';
    return this.mature ? 'running' : 'pending';
  }

  get #restartedRecently(): boolean {
    const { lastMonoMs } = this.history;
    return lastMonoMs !== undefined && this.#downMonoMs - lastMonoMs <= RETENTION_MS;
  }

  /** It has the minimum age and its own process; also during retention. */
  get reported(): boolean {
    return this.mature && !this.shared;
  }
}
