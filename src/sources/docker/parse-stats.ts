// Parses the answer of the daemon about the use of resources of one container.

import { countOf, entriesOf, type JsonRecord, objectOf } from '../../base/json-values.ts';
import type { DockerNetworkStats, DockerStats } from '../host.ts';
import { MAX_DOCKER_ENTRIES } from '../records/docker.ts';
import { endpointId, type OsType } from './parse-container.ts';

/** Processor times have units of 100 ns on Windows and of 1 ns on Linux: api/types/container/stats.go of moby. */
const TICKS_PER_MS = { windows: 10_000, linux: 1_000_000 } as const;

/** Undefined for a container that is not running: its answer has no value at all. */
export function parseStats(id: string, answer: unknown, osType: OsType): Omit<DockerStats, 'ageMs'> | undefined {
  const stats = objectOf(answer);
  const cpuTicks = countOf(objectOf(objectOf(stats.cpu_stats).cpu_usage).total_usage);
  const memory = objectOf(stats.memory_stats);
  const storage = objectOf(stats.storage_stats);
  const values = {
    // A running container has used some time; 0 is the answer for one that is not running.
    cpuMs: cpuTicks === undefined || cpuTicks === 0 ? undefined : cpuTicks / TICKS_PER_MS[osType],
    privateWorkingSetBytes: countOf(memory.privateworkingset) ?? linuxMemory(memory),
    commitBytes: countOf(memory.commitbytes),
    peakCommitBytes: countOf(memory.commitpeakbytes),
    reads: countOf(storage.read_count_normalized),
    readBytes: countOf(storage.read_size_bytes),
    writes: countOf(storage.write_count_normalized),
    writtenBytes: countOf(storage.write_size_bytes),
  };
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  if (Object.keys(known).length === 0) return undefined;
  return { id, ...known, networks: entriesOf(stats.networks, MAX_DOCKER_ENTRIES).map(networkStats) };
}

/** Memory of a Linux container without page cache that can be dropped, as `docker stats` shows it. */
function linuxMemory(memory: JsonRecord): number | undefined {
  const usage = countOf(memory.usage);
  const details = objectOf(memory.stats);
  const cache = countOf(details.inactive_file) ?? countOf(details.total_inactive_file) ?? 0;
  return usage === undefined ? undefined : Math.max(0, usage - cache);
}

function networkStats([endpoint, value]: [string, unknown]): DockerNetworkStats {
  const traffic = objectOf(value);
  const count = (name: string): number => countOf(traffic[name]) ?? 0;
  return {
    endpoint: endpointId(endpoint),
    receivedBytes: count('rx_bytes'),
    receivedPackets: count('rx_packets'),
    receivedDrops: count('rx_dropped'),
    transmittedBytes: count('tx_bytes'),
    transmittedPackets: count('tx_packets'),
    transmittedDrops: count('tx_dropped'),
  };
}
