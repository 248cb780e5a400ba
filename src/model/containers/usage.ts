// What the processes of a container have used: counters that only grow, whatever processes come and go.
import type { ProcessTable } from '../../sources/host.ts';

interface Baseline {
  createdAtMs: number;
  cpuMs: number;
}

/** Adds up the growth of each (pid, creation time); a total never goes back. */
export class Usage {
  rssBytes = 0;
  /** Whether the system told private working sets; the whole working set counts shared pages for every process. */
  rssSource: 'private working set' | 'working set' = 'private working set';
  /** In the system's own steps, so that sums stay exact. */
  #cpuMs = 0;
  #baselines = new Map<number, Baseline>();

  get cpuSeconds(): number {
    return this.#cpuMs / 1000;
  }

  /** Takes in the rows of the container's tree. `previousMs` is when the table before this one was read, 0 for the first. */
  update(table: ProcessTable, rows: readonly number[], previousMs: number): void {
    const baselines = new Map<number, Baseline>();
    let privateBytes = 0;
    let workingSetBytes = 0;
    for (const row of rows) {
      const pid = table.pid[row]!;
      const createdAtMs = table.createdAtMs[row]!;
      const cpuMs = table.userMs[row]! + table.kernelMs[row]!;
      this.#cpuMs += growth(this.#baselines.get(pid), createdAtMs, cpuMs, previousMs);
      baselines.set(pid, { createdAtMs, cpuMs });
      privateBytes += table.privateWorkingSetBytes[row]!;
      workingSetBytes += table.workingSetBytes[row]!;
    }
    this.#baselines = baselines;
    this.rssSource = privateBytes > 0 ? 'private working set' : 'working set';
    this.rssBytes = privateBytes > 0 ? privateBytes : workingSetBytes;
  }

  /** Nothing runs any more; totals stay. */
  clear(): void {
    this.#baselines.clear();
    this.rssBytes = 0;
  }
}

function growth(before: Baseline | undefined, createdAtMs: number, cpuMs: number, previousMs: number): number {
  if (before?.createdAtMs === createdAtMs) return Math.max(0, cpuMs - before.cpuMs);
  // A process that began after the last look has used all of its time since then; an older one is new to us only.
  return previousMs > 0 && createdAtMs > previousMs ? cpuMs : 0;
}
