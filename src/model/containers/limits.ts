// Limits of containers, by the jobs that their root processes are in.
import type { JobRecord } from '../../sources/host.ts';

/** Limits of one container; undefined means no known limit. */
export interface ContainerLimits {
  readonly memoryBytes: number | undefined;
  readonly cpuCores: number | undefined;
  /** Names of the jobs that its root is in. */
  readonly jobs: readonly string[];
  /** Windows reports that the root is in a job, but no named job lists it. Limits of an unnamed job cannot be read. */
  readonly hasUnnamedJob: boolean;
}

export const NO_LIMITS: ContainerLimits = {
  memoryBytes: undefined,
  cpuCores: undefined,
  jobs: [],
  hasUnnamedJob: false,
};

/** A container whose root process may be in a job. */
interface LimitedContainer {
  readonly pid: number;
  readonly pids: readonly number[];
  readonly startedMonoMs: number;
  limits: ContainerLimits;
}

/** The jobs of one reading, by the processes in them. */
export class JobIndex {
  /** On the monotonic clock. */
  readonly readAtMs: number;
  readonly #byPid = new Map<number, JobRecord[]>();

  constructor(jobs: readonly JobRecord[], readAtMs: number) {
    this.readAtMs = readAtMs;
    for (const job of jobs) {
      for (const pid of job.pids) {
        const others = this.#byPid.get(pid);
        if (others) others.push(job);
        else this.#byPid.set(pid, [job]);
      }
    }
  }

  jobsOf(pid: number): readonly JobRecord[] {
    return this.#byPid.get(pid) ?? [];
  }
}

/**
 * Sets the limits of each container. `jobIdOf` returns the number by which Windows identifies the job of a process, 0
 * for no job, undefined if unknown.
 */
export function applyLimits(
  containers: readonly LimitedContainer[],
  index: JobIndex,
  processors: number | undefined,
  jobIdOf: (pid: number) => number | undefined,
): void {
  for (const container of containers) {
    if (container.pid === 0) container.limits = NO_LIMITS;
    // Jobs are read less often than processes: the last reading lacks a root that started later.
    else if (container.startedMonoMs < index.readAtMs)
      container.limits = limitsOf(container, index.jobsOf(container.pid), processors, jobIdOf);
  }
}

function limitsOf(
  { pid, pids }: LimitedContainer,
  jobs: readonly JobRecord[],
  processors: number | undefined,
  jobIdOf: (pid: number) => number | undefined,
): ContainerLimits {
  const hasUnnamedJob = jobs.length === 0 && (jobIdOf(pid) ?? 0) !== 0;
  if (jobs.length === 0) return hasUnnamedJob ? { ...NO_LIMITS, hasUnnamedJob } : NO_LIMITS;
  const memory = jobs.flatMap(({ memoryLimitBytes = 0, processMemoryLimitBytes = 0 }) => {
    // The limit of each process is the limit of the container while it has one process.
    return [memoryLimitBytes, pids.length === 1 ? processMemoryLimitBytes : 0].filter((bytes) => bytes > 0);
  });
  // A nested job has a share of the outer job's share, so shares multiply.
  const shares = jobs.flatMap(({ cpuShare }) => cpuShare ?? []);
  return {
    memoryBytes: memory.length > 0 ? Math.min(...memory) : undefined,
    cpuCores:
      shares.length > 0 && processors ? shares.reduce((product, share) => product * share, processors) : undefined,
    jobs: jobs.map(({ name }) => name),
    hasUnnamedJob,
  };
}
