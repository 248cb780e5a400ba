// Restarts of a container by cause, and its last exit, from ticks and stop events.
import type { DockerExit } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import { sameBirth } from '../processes/birth.ts';
import {
  causeByProcess,
  isContainerFailure,
  isFailure,
  type LastExit,
  lastExit,
  RESTART_CAUSES,
  type RestartCause,
  type ServiceExit,
} from './exit.ts';

/** More restarts than this between two ticks are not possible; a daemon may report anything. */
const MAX_POLICY_RESTARTS = 1000;

/** A root process. */
interface Root {
  readonly pid: number;
  /** Milliseconds since 1970, 0 while unknown. */
  readonly startedAtMs: number;
}

/** A separate object for each cause, so that its label set can be stored with it. */
export interface CauseCount {
  readonly cause: RestartCause;
  count: number;
}

/** The exit of a root process that ran between two ticks. */
export interface UnobservedExit {
  /** Undefined without a stop event. */
  readonly exitCode: number | undefined;
  readonly atMs: number;
}

export class Restarts {
  total = 0;
  readonly byCause: readonly CauseCount[] = RESTART_CAUSES.map((cause) => ({ cause, count: 0 }));
  /** When the last restart was observed, on the monotonic clock; undefined for never. */
  lastMonoMs: number | undefined;
  /** Undefined before the first exit. */
  lastExit: LastExit | undefined;
  #root: Root | undefined;
  /** Exit status by the SCM while the service is stopped, in this tick and in the one before. */
  #exit: ServiceExit | undefined;
  #exitBefore: ServiceExit | undefined;
  /** It was stopping in the last tick: a stop was requested. */
  #stopping = false;
  /** `lastExit` is that of the current root, which is later than those of roots before it. */
  #rootExited = false;
  /** The last exit that Docker reported, and whether it is that of the current run. */
  #containerExit: DockerExit | undefined;
  #isContainerExitNew = false;
  /** Exit code of the root by its stop event. */
  #processExitCode: number | undefined;

  /** Creation time of the root, 0 while unknown. */
  get startedAtMs(): number {
    return this.#root?.startedAtMs ?? 0;
  }

  count(cause: RestartCause): number {
    return this.byCause.find((each) => each.cause === cause)!.count;
  }

  /**
   * Applies a tick with a root process; another pid or creation time is a restart. Returns whether the root or its
   * creation time is new.
   */
  observeRunning(pid: number, startedAtMs: number, stopping: boolean, now: Now): boolean {
    const root = { pid, startedAtMs };
    const before = this.#root;
    if (before && isOtherProcess(before, root)) {
      this.#restarted(this.#cause(this.#exit), now);
      this.#processExitCode = undefined;
      this.#rootExited = false;
    }
    // If the creation time cannot be read now the known one is kept.
    if (startedAtMs !== 0 || before?.pid !== pid) this.#root = root;
    this.#stopping = stopping;
    this.#exit = undefined;
    return before?.pid !== this.#root!.pid || before.startedAtMs !== this.#root!.startedAtMs;
  }

  /** Applies an exit that Docker reports; it reports the same one until the next. */
  observeContainerExit(exit: DockerExit): void {
    const before = this.#containerExit;
    if (before?.code === exit.code && before.atMs === exit.atMs) return;
    this.#containerExit = exit;
    this.#isContainerExitNew = true;
    // Docker Engine writes an exit code as a signed or an unsigned number.
    this.lastExit = lastExit(exit.atMs, undefined, exit.code >>> 0);
  }

  /**
   * Applies a tick with a running container; another start is a restart. `policyRestarts` is how many of them Docker's
   * restart policy has counted since the last tick. Returns whether the start is new.
   */
  observeContainerRunning(startedAtMs: number, policyRestarts: number, now: Now): boolean {
    const before = this.#root;
    const isNew = before?.startedAtMs !== startedAtMs;
    const isOther = before !== undefined && isNew && startedAtMs !== 0 && before.startedAtMs !== 0;
    // Only the exit of the last one is known.
    for (let i = 1; i < Math.min(policyRestarts, MAX_POLICY_RESTARTS); i++) this.#restarted('unknown', now);
    if (isOther || policyRestarts > 0) this.#restarted(this.#containerCause(), now);
    this.#root = { pid: 0, startedAtMs };
    return isNew;
  }

  /** An exit is the cause of one restart. */
  #containerCause(): RestartCause {
    const exit = this.#isContainerExitNew ? this.#containerExit : undefined;
    this.#isContainerExitNew = false;
    if (!exit) return 'unknown';
    return isContainerFailure(exit.code) ? 'crash' : 'planned';
  }

  /**
   * Adds exits of root processes that ran between two ticks, before the current root, in order. Each is one more
   * restart.
   */
  addEarlierExits(exits: readonly UnobservedExit[], now: Now): void {
    for (const { exitCode } of exits) this.#restarted(causeByProcess(exitCode), now);
    const last = exits.at(-1);
    // Times are not compared, because the clock may have been set in between.
    if (!last || this.#rootExited) return;
    this.lastExit = lastExit(last.atMs, undefined, last.exitCode) ?? this.lastExit;
  }

  /**
   * Adds exits of root processes that ran between two ticks of a stopped service, in order. The exit status by the SCM
   * is that of the last one.
   */
  addExitsBeforeStop(exits: readonly UnobservedExit[], now: Now): void {
    for (const { exitCode, atMs } of exits) {
      this.#restarted(this.#cause(this.#exitBefore), now);
      this.#exitBefore = undefined;
      this.#stopping = false;
      this.#processExitCode = exitCode;
      this.lastExit = lastExit(atMs, this.#exit, exitCode) ?? this.lastExit;
    }
  }

  /** Applies a tick in which the service is stopped, with its exit status. */
  observeStopped(exit: ServiceExit, now: Now): void {
    const changed =
      this.#exit?.win32ExitCode !== exit.win32ExitCode || this.#exit.serviceExitCode !== exit.serviceExitCode;
    this.#exitBefore = this.#exit;
    this.#exit = exit;
    this.#rootExited = true;
    if (changed) this.lastExit = lastExit(now.wallMs, exit, this.#processExitCode);
  }

  /** Applies a stop event; ignored for any process but the root. */
  processExited(pid: number, createdAtMs: number, exitCode: number, atMs: number): void {
    if (this.#root?.pid !== pid) return;
    const { startedAtMs } = this.#root;
    if (startedAtMs !== 0 && !sameBirth(startedAtMs, createdAtMs)) return;
    this.#processExitCode = exitCode;
    this.#rootExited = true;
    this.lastExit = lastExit(atMs, this.#exit, exitCode);
  }

  /** The status of the SCM decides; without it the exit code, and whether a stop was requested. */
  #cause(exit: ServiceExit | undefined): RestartCause {
    if (exit) return isFailure(exit) ? 'crash' : 'planned';
    const byProcess = causeByProcess(this.#processExitCode);
    return byProcess === 'unknown' && this.#stopping ? 'planned' : byProcess;
  }

  #restarted(cause: RestartCause, now: Now): void {
    this.total++;
    this.lastMonoMs = now.monoMs;
    for (const each of this.byCause) if (each.cause === cause) each.count++;
  }
}

function isOtherProcess(before: Root, now: Root): boolean {
  if (before.pid !== now.pid) return true;
  return before.startedAtMs !== 0 && now.startedAtMs !== 0 && before.startedAtMs !== now.startedAtMs;
}
