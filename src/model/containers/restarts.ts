// Restarts of a container, counted by cause, and its last end, from what single looks and events tell.
import { causeByProcess, isFailure, type LastExit, lastExit, RESTART_CAUSES, type RestartCause, type ServiceExit } from './exit.ts';

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

/** Births of one process from two sources differ by less than this. */
const SAME_BIRTH_MS = 1;

export class Restarts {
  total = 0;
  readonly byCause: readonly CauseCount[] = RESTART_CAUSES.map((cause) => ({ cause, count: 0 }));
  /** When the last restart was seen, 0 for never. */
  lastAtMs = 0;
  /** Undefined while no end was seen. */
  lastExit: LastExit | undefined;
  #root: Root | undefined;
  /** What the manager said while the service was stopped. */
  #exit: ServiceExit | undefined;
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
      this.total++;
      this.lastAtMs = nowMs;
      const cause = this.#cause();
      for (const each of this.byCause) if (each.cause === cause) each.count++;
      this.#forgetEnd();
    }
    // A birth that cannot be read now does not forget the one that was.
    if (startedAtMs !== 0 || this.#root?.pid !== pid) this.#root = root;
    this.#stopping = stopping;
    this.#exit = undefined;
  }

  /** Restarts that came and went between two looks: nobody saw how they ended. */
  missed(count: number, nowMs: number): void {
    if (count === 0) return;
    this.total += count;
    this.lastAtMs = nowMs;
    for (const each of this.byCause) if (each.cause === 'unknown') each.count += count;
  }

  /** A look that shows the service stopped, with what the manager says of it. */
  stopped(exit: ServiceExit, nowMs: number): void {
    const news = this.#exit?.win32ExitCode !== exit.win32ExitCode || this.#exit.serviceExitCode !== exit.serviceExitCode;
    this.#exit = exit;
    if (news) this.lastExit = lastExit(nowMs, exit, this.#processExitCode);
  }

  /** An event that tells the end of a process; counts when it is the root. */
  processEnded(pid: number, createdAtMs: number, exitCode: number, atMs: number): void {
    if (this.#root?.pid !== pid) return;
    const { startedAtMs } = this.#root;
    if (startedAtMs !== 0 && Math.abs(startedAtMs - createdAtMs) >= SAME_BIRTH_MS) return;
    this.#processExitCode = exitCode;
    this.lastExit = lastExit(atMs, this.#exit, exitCode);
  }

  /** The manager's word about the whole end comes first; without it the exit code, and that somebody asked it to stop. */
  #cause(): RestartCause {
    if (this.#exit) return isFailure(this.#exit) ? 'crash' : 'planned';
    const byProcess = causeByProcess(this.#processExitCode);
    return byProcess === 'unknown' && this.#stopping ? 'planned' : byProcess;
  }

  #forgetEnd(): void {
    this.#stopping = false;
    this.#exit = undefined;
    this.#processExitCode = undefined;
  }
}

function isAnother(before: Root, now: Root): boolean {
  if (before.pid !== now.pid) return true;
  return before.startedAtMs !== 0 && now.startedAtMs !== 0 && before.startedAtMs !== now.startedAtMs;
}
