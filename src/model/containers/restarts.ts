// Restarts of a container, counted by cause, and its last end, from what single looks and events tell.
import { sameBirth } from '../processes/birth.ts';
import {
  causeByProcess,
  isFailure,
  type LastExit,
  lastExit,
  RESTART_CAUSES,
  type RestartCause,
  type ServiceExit,
} from './exit.ts';

/** The root process of one life. */
interface Root {
  readonly pid: number;
  /** Milliseconds since 1970, 0 while unknown. */
  readonly startedAtMs: number;
}

/** A number of one cause; an object of its own, so that a series can hang on it. */
export interface CauseCount {
  readonly cause: RestartCause;
  count: number;
}

/** The end of a root process that no look has seen. */
export interface MissedEnd {
  /** Undefined where no event told it. */
  readonly exitCode: number | undefined;
  readonly atMs: number;
}

export class Restarts {
  total = 0;
  readonly byCause: readonly CauseCount[] = RESTART_CAUSES.map((cause) => ({ cause, count: 0 }));
  /** When the last restart was seen, 0 for never. */
  lastAtMs = 0;
  /** Undefined while no end was seen. */
  lastExit: LastExit | undefined;
  #root: Root | undefined;
  /** What the manager said while the service was stopped, at this look and at the one before. */
  #exit: ServiceExit | undefined;
  #exitBefore: ServiceExit | undefined;
  /** It was seen stopping: somebody asked it to. */
  #stopping = false;
  /** The exit code of the root, where an event told it. */
  #processExitCode: number | undefined;

  /** Birth of the root, 0 while unknown. */
  get startedAtMs(): number {
    return this.#root?.startedAtMs ?? 0;
  }

  count(cause: RestartCause): number {
    return this.byCause.find((each) => each.cause === cause)!.count;
  }

  /** A look that shows the root; another pid or another birth is a restart. */
  running(pid: number, startedAtMs: number, stopping: boolean, nowMs: number): void {
    const root = { pid, startedAtMs };
    if (this.#root && isAnother(this.#root, root)) {
      this.#restarted(this.#cause(this.#exit), nowMs);
      this.#processExitCode = undefined;
    }
    // A birth that cannot be read now does not forget the one that was.
    if (startedAtMs !== 0 || this.#root?.pid !== pid) this.#root = root;
    this.#stopping = stopping;
    this.#exit = undefined;
  }

  /** Root processes that began and ended before the one of the last look, in this order: each end is the cause of one more restart. */
  missed(ends: readonly MissedEnd[], nowMs: number): void {
    for (const { exitCode } of ends) this.#restarted(causeByProcess(exitCode), nowMs);
    const last = ends.at(-1);
    if (!last || (this.lastExit && this.lastExit.atMs >= last.atMs)) return;
    this.lastExit = lastExit(last.atMs, undefined, last.exitCode) ?? this.lastExit;
  }

  /**
   * A look that shows the service stopped, and in between it ran again, with these root processes: what is known of its end is
   * that of the last one.
   */
  ranAgain(ends: readonly MissedEnd[], nowMs: number): void {
    for (const { exitCode, atMs } of ends) {
      this.#restarted(this.#cause(this.#exitBefore), nowMs);
      this.#exitBefore = undefined;
      this.#stopping = false;
      this.#processExitCode = exitCode;
      this.lastExit = lastExit(atMs, this.#exit, exitCode) ?? this.lastExit;
    }
  }

  /** A look that shows the service stopped, with what the manager says of it. */
  stopped(exit: ServiceExit, nowMs: number): void {
    const news =
      this.#exit?.win32ExitCode !== exit.win32ExitCode || this.#exit.serviceExitCode !== exit.serviceExitCode;
    this.#exitBefore = this.#exit;
    this.#exit = exit;
    if (news) this.lastExit = lastExit(nowMs, exit, this.#processExitCode);
  }

  /** An event that tells the end of a process; counts when it is the root. */
  processEnded(pid: number, createdAtMs: number, exitCode: number, atMs: number): void {
    if (this.#root?.pid !== pid) return;
    const { startedAtMs } = this.#root;
    if (startedAtMs !== 0 && !sameBirth(startedAtMs, createdAtMs)) return;
    this.#processExitCode = exitCode;
    this.lastExit = lastExit(atMs, this.#exit, exitCode);
  }

  /** The manager's word about the whole end comes first; without it the exit code, and that somebody asked it to stop. */
  #cause(exit: ServiceExit | undefined): RestartCause {
    if (exit) return isFailure(exit) ? 'crash' : 'planned';
    const byProcess = causeByProcess(this.#processExitCode);
    return byProcess === 'unknown' && this.#stopping ? 'planned' : byProcess;
  }

  #restarted(cause: RestartCause, nowMs: number): void {
    this.total++;
    this.lastAtMs = nowMs;
    for (const each of this.byCause) if (each.cause === cause) each.count++;
  }
}

function isAnother(before: Root, now: Root): boolean {
  if (before.pid !== now.pid) return true;
  return before.startedAtMs !== 0 && now.startedAtMs !== 0 && before.startedAtMs !== now.startedAtMs;
}
