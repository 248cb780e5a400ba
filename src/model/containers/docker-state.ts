// What Docker reports about one container: its record, its use of resources, and addresses it is reached at.
import { endpointText } from '../../base/ip.ts';
import type { DockerContainer, DockerNetworkStats, DockerStats } from '../../sources/host.ts';
import type { Listener } from '../owner/owner-network.ts';
import { NO_LIMITS } from './limits.ts';

/** Older statistics say nothing about the present. */
const MAX_STATS_AGE_MS = 120_000;

const counted = ['cpuMs', 'reads', 'readBytes', 'writes', 'writtenBytes'] as const;
type Counted = (typeof counted)[number];

/** An answer with the times at which the daemon gave it. */
export interface TimedStats {
  readonly stats: DockerStats;
  readonly readMonoMs: number;
  readonly readWallMs: number;
}

export class DockerState {
  record: DockerContainer;
  /** Sums over all runs of the container; none of them decreases. */
  cpuMs = 0;
  reads = 0;
  readBytes = 0;
  writes = 0;
  writtenBytes = 0;
  /** Private working set of all processes; undefined while unknown. */
  rssBytes: number | undefined;
  /** The statistics have requests to disks. */
  hasIo = false;
  networks: readonly DockerNetworkStats[] = [];
  /** Limits by its jobs, as of the last reading of them. */
  jobLimits = NO_LIMITS;
  /** Published ports, and the addresses of a Hyper-V container; the same objects while they exist. */
  listeners: ReadonlyMap<string, Listener> = new Map();
  /** When the last statistics were read, on the monotonic clock; undefined before the first. */
  #readMonoMs: number | undefined;
  /** The run that the marks belong to. */
  #run: string | undefined;
  readonly #marks: Record<Counted, number> = { cpuMs: 0, reads: 0, readBytes: 0, writes: 0, writtenBytes: 0 };

  constructor(record: DockerContainer) {
    this.record = record;
  }

  /** Milliseconds since the last statistics were read; undefined before the first. */
  statsAgeMs(monoMs: number): number | undefined {
    return this.#readMonoMs === undefined ? undefined : Math.max(0, monoMs - this.#readMonoMs);
  }

  isMeasured(monoMs: number): boolean {
    const ageMs = this.statsAgeMs(monoMs);
    return this.rssBytes !== undefined && ageMs !== undefined && ageMs <= MAX_STATS_AGE_MS;
  }

  /**
   * Adds what was used since the last statistics. The first ones of a container count whole if it was started after the
   * agent (`isNew`), those of a later run always do: Docker counts from the start of the run.
   */
  addStats({ stats, readMonoMs, readWallMs }: TimedStats, isNew: boolean): void {
    const { id, startedAtMs } = this.record;
    // They are of the run before.
    if (stats.id !== id || readWallMs < startedAtMs) return;
    const run = `${id} ${startedAtMs}`;
    const isFirst = this.#run === undefined;
    if (run !== this.#run) for (const name of counted) this.#marks[name] = isFirst && !isNew ? (stats[name] ?? 0) : 0;
    this.#run = run;
    for (const name of counted) {
      const value = stats[name] ?? 0;
      // A lower value within a run is a wrong one.
      if (value <= this.#marks[name]) continue;
      this[name] += value - this.#marks[name];
      this.#marks[name] = value;
    }
    this.#readMonoMs = readMonoMs;
    this.rssBytes = stats.privateWorkingSetBytes;
    this.hasIo ||= stats.readBytes !== undefined || stats.writtenBytes !== undefined;
    this.networks = stats.networks;
  }

  /** It does not run. */
  clear(): void {
    this.#readMonoMs = undefined;
    this.rssBytes = undefined;
    this.networks = [];
    this.listeners = new Map();
  }

  /** Derives the listeners. `isExcluded` returns whether a setting excludes a port from the metrics. */
  updateListeners(isExcluded: (port: number) => boolean): void {
    const { ports, isolation, networks } = this.record;
    const next = new Map<string, Listener>();
    const add = (address: string, proxy: string, reported: boolean): void => {
      const key = `${address}|${proxy}`;
      if (!next.has(key)) next.set(key, this.listeners.get(key) ?? { address, proxy, reported });
    };
    for (const { protocol, hostIp, hostPort } of ports)
      if (protocol === 'tcp') add(endpointText(hostIp, hostPort), 'dockerd', !isExcluded(hostPort));
    // The ports that it listens on are known inside its virtual machine only; 0 stands for all.
    if (isolation === 'hyperv')
      for (const { addresses } of networks) for (const ip of addresses) add(endpointText(ip, 0), '', true);
    this.listeners = next;
  }
}
