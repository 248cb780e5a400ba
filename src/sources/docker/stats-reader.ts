// Reads in the background what containers use, a few at a time, so that a slow one delays no other for long.
import type { DockerStats } from '../host.ts';
import { AnswerError } from './answer-error.ts';
import type { OsType } from './parse-container.ts';
import { parseStats } from './parse-stats.ts';

/** Calls at the same time. One of them is left for containers that did not fail the last time. */
const LANES = 4;
/** Longest pause after failures of one container. */
const LONGEST_PAUSE_MS = 300_000;
const FIRST_PAUSE_MS = 15_000;

export interface StatsReaderOptions {
  readonly read: (id: string) => Promise<unknown>;
  readonly osType: OsType;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onDropped: (reason: string) => void;
}

interface Sample {
  readonly stats: Omit<DockerStats, 'ageMs'>;
  readonly readMs: number;
}

interface Failures {
  readonly count: number;
  /** Monotonic. */
  readonly nextMs: number;
}

export class StatsReader {
  readonly #options: StatsReaderOptions;
  /** Containers that wait for their turn in this round. */
  #waiting = new Set<string>();
  readonly #inFlight = new Set<string>();
  readonly #failures = new Map<string, Failures>();
  #samples = new Map<string, Sample>();

  constructor(options: StatsReaderOptions) {
    this.#options = options;
  }

  /** Starts a round. A container that still waits from the last round, or is being read, is not read twice. */
  readAll(ids: readonly string[]): void {
    const now = this.#options.now();
    const known = new Set(ids);
    for (const id of this.#failures.keys()) if (!known.has(id)) this.#failures.delete(id);
    const isDue = (id: string): boolean => !this.#inFlight.has(id) && (this.#failures.get(id)?.nextMs ?? 0) <= now;
    // Those that waited longest come first.
    const left = [...this.#waiting].filter((id) => known.has(id));
    this.#waiting = new Set([...left, ...ids.filter(isDue)]);
    this.#fill();
  }

  /** Answers since the last call, with their ages. */
  take(): DockerStats[] {
    const now = this.#options.now();
    const samples = [...this.#samples.values()];
    this.#samples = new Map();
    return samples.map(({ stats, readMs }) => ({ ...stats, ageMs: Math.max(0, now - readMs) }));
  }

  #fill(): void {
    for (const id of this.#waiting) {
      if (this.#inFlight.size >= LANES) return;
      const failing = [...this.#inFlight].filter((each) => this.#failures.has(each)).length;
      if (this.#failures.has(id) && failing >= LANES - 1) continue;
      this.#waiting.delete(id);
      this.#inFlight.add(id);
      this.#read(id).finally(() => {
        this.#inFlight.delete(id);
        this.#fill();
      });
    }
  }

  async #read(id: string): Promise<void> {
    const { read, osType, now, onDropped } = this.#options;
    try {
      const stats = parseStats(id, await read(id), osType);
      this.#failures.delete(id);
      if (stats) this.#samples.set(id, { stats, readMs: now() });
    } catch (error) {
      const failure = error instanceof AnswerError ? error.failure : 'malformed';
      // The container is gone, or the connection was closed: neither is a failure of this container.
      if (failure === 'closed' || (error instanceof AnswerError && error.statusCode === 404)) return;
      const count = (this.#failures.get(id)?.count ?? 0) + 1;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10));
      this.#failures.set(id, { count, nextMs: now() + pauseMs });
      onDropped(`statistics ${failure}`);
    }
  }
}
