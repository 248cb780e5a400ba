// The Docker daemon: its containers for discovery, their statistics, and whether it answers.
import type { DockerContainer, DockerDaemon, DockerStats } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { Retry } from '../gpus.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { type Container, type Discovered, RETENTION_MS } from './container.ts';
import type { TimedStats } from './docker-state.ts';
import { type ContainerLimits, NO_LIMITS } from './limits.ts';

const NANO = 1e9;

export class Docker {
  /** Undefined while no endpoint of Docker was found. */
  record: DockerDaemon | undefined;
  /** Wall time of the first record: containers that were started later are new to the agent. */
  #firstAtMs = 0;
  /** When the daemon stopped answering, on the monotonic clock. */
  #lostMonoMs: number | undefined;
  #stats = new Map<string, TimedStats>();
  /** The limits that were set here. */
  readonly #limits = new WeakMap<Container, ContainerLimits>();

  update(record: DockerDaemon, { monoMs, wallMs }: Now): void {
    if (record.state === 'running') {
      this.#firstAtMs ||= wallMs;
      this.#lostMonoMs = undefined;
    } else this.#lostMonoMs ??= monoMs;
    this.record = record;
  }

  /** Statistics that were pushed at these times. */
  addStats(all: readonly DockerStats[], { monoMs, wallMs }: Now): void {
    for (const stats of all)
      this.#stats.set(stats.id, { stats, readMonoMs: monoMs - stats.ageMs, readWallMs: wallMs - stats.ageMs });
  }

  /**
   * Containers that run or have exited. While the daemon does not answer its last list stays, without those whose
   * process has exited; after five minutes nothing is known any more.
   */
  containers({ index }: ProcessList, { monoMs }: Now): readonly DockerContainer[] {
    const { containers = [] } = this.record ?? {};
    if (this.#lostMonoMs === undefined) return containers;
    if (monoMs - this.#lostMonoMs > RETENTION_MS) return [];
    return containers.filter(({ pid }) => pid === undefined || !index || index.row(pid) !== undefined);
  }

  /** Adds statistics and limits to the containers of Docker, whose limits by jobs may have changed. */
  describe(
    containers: readonly Container[],
    processors: number | undefined,
    isExcluded: (port: number) => boolean,
  ): void {
    for (const container of containers) {
      const { docker, isRunning } = container;
      if (!docker) continue;
      if (!isRunning) {
        container.limits = NO_LIMITS;
        docker.jobLimits = NO_LIMITS;
        continue;
      }
      docker.updateListeners(isExcluded);
      const stats = this.#stats.get(docker.record.id);
      if (stats) docker.addStats(stats, docker.record.startedAtMs > this.#firstAtMs);
      if (container.limits !== this.#limits.get(container)) docker.jobLimits = container.limits;
      container.limits = limitsOf(docker.record, processors, docker.jobLimits);
      this.#limits.set(container, container.limits);
    }
    this.#stats = new Map();
  }

  /** Why the daemon is tried again; undefined while it answers, and without one. */
  get retry(): Retry | undefined {
    const { state, reason = '', sinceMs = 0, nextAttemptAtMs = 0 } = this.record ?? {};
    return state === 'retrying' ? { part: 'Docker', reason, sinceMs, nextAttemptAtMs } : undefined;
  }
}

/** The container as discovery found it. */
export function discoveredDocker(docker: DockerContainer): Discovered {
  const { name, image, pid = 0 } = docker;
  return { id: dockerContainerId(name), kind: 'docker', name, displayName: name, image, pid, docker };
}

export function dockerContainerId(name: string): string {
  return `/docker/${name}`;
}

/**
 * Limits that were set for Docker; of processors the first that was set, as in Docker:
 * https://docs.docker.com/reference/cli/docker/container/run/ (--cpus, --cpu-count, --cpu-percent). Without any, those
 * of its jobs. A Hyper-V container without limits has those of its virtual machine, which are not known.
 */
function limitsOf(
  { limits, isolation }: DockerContainer,
  processors: number | undefined,
  byJobs: ContainerLimits,
): ContainerLimits {
  const { memoryBytes, nanoCpus, cpuCount, cpuPercent } = limits;
  const cpuCores =
    nanoCpus !== undefined
      ? nanoCpus / NANO
      : (cpuCount ?? (cpuPercent !== undefined && processors ? (cpuPercent / 100) * processors : undefined));
  const others = isolation === 'process' ? byJobs : NO_LIMITS;
  return {
    ...others,
    memoryBytes: memoryBytes ?? others.memoryBytes,
    cpuCores: cpuCores ?? others.cpuCores,
    // Docker names the limits, so an unnamed job hides none.
    hasUnnamedJob: false,
  };
}
