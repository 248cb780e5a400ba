// Job objects that have a name: what the processes in them may use.

export interface JobRecord {
  /** In the object namespace, e.g. `\\Container_0123abcd` or `\\BaseNamedObjects\\wrapper`. */
  readonly name: string;
  /** Processes in it and in the jobs within it. */
  readonly pids: readonly number[];
  /** Memory that its processes may commit together. */
  readonly memoryLimitBytes?: number;
  /** Memory that each of its processes may commit. */
  readonly processMemoryLimitBytes?: number;
  /** Share of all processors, or of what the job around it may use, that it cannot exceed; above 0, up to 1. */
  readonly cpuShare?: number;
}
