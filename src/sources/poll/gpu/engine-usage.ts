// How much of the time each process used an adapter, from the running times of its engines.
import type { CounterValue } from './counter-array.ts';

const TICKS_PER_MS = 10_000;
/** An instance may be missing for some readings; its running time stays the baseline. */
const RETENTION_MS = 300_000;

interface Baseline {
  ticks: number;
  seenAtMs: number;
}

/** Percent by adapter and pid. */
export type AdapterUsage = ReadonlyMap<string, ReadonlyMap<number, number>>;

export class EngineUsage {
  readonly #baselines = new Map<string, Baseline>();
  #lastMs: number | undefined;

  /**
   * Applies running times in units of 100 ns, read at `nowMs` of a monotonic clock. The result is undefined for the
   * first reading. A process counts with its busiest engine, as in the Task Manager: engines work at the same time.
   */
  update(values: readonly CounterValue[], nowMs: number): AdapterUsage | undefined {
    const elapsedMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    const usage = new Map<string, Map<number, number>>();
    for (const { name, instance, value } of values) {
      const { pid, adapter } = instance;
      const ticks = this.#grow(name, value, nowMs, elapsedMs);
      if (pid === undefined) continue;
      let byPid = usage.get(adapter);
      if (!byPid) {
        byPid = new Map();
        usage.set(adapter, byPid);
      }
      const percent = elapsedMs > 0 ? Math.min(100, (ticks / TICKS_PER_MS / elapsedMs) * 100) : 0;
      byPid.set(pid, Math.max(byPid.get(pid) ?? 0, percent));
    }
    for (const [name, { seenAtMs }] of this.#baselines)
      if (nowMs - seenAtMs > RETENTION_MS) this.#baselines.delete(name);
    return elapsedMs > 0 ? usage : undefined;
  }

  /** Ticks since the last reading. */
  #grow(name: string, ticks: number, nowMs: number, elapsedMs: number): number {
    const known = this.#baselines.get(name);
    const before = known?.ticks;
    this.#baselines.set(name, { ticks, seenAtMs: nowMs });
    if (before !== undefined && ticks >= before) return ticks - before;
    // A new process, or another one with the same pid: all of it is new, unless it has run for longer than that.
    return ticks <= elapsedMs * TICKS_PER_MS ? ticks : 0;
  }
}
