// Everything that a round reads, in the order in which it is read.
import { createAdapterPoll } from './adapters.ts';
import { ThreadCompartment } from './compartment.ts';
import { createCpuPoll } from './cpu.ts';
import { createDiskPoll } from './disks.ts';
import { createGpuPoll } from './gpu/gpus.ts';
import { createUrlReservationPoll } from './http-sys/url-reservations.ts';
import { createIdentityPoll } from './identity.ts';
import { createInterfacePoll } from './interfaces.ts';
import { createJobPoll } from './jobs.ts';
import { createMemoryPoll } from './memory.ts';
import type { AnyPoll } from './poll.ts';
import { createProcessPoll } from './processes.ts';
import { createServicePoll } from './services.ts';
import { createSystemPoll } from './system.ts';
import { createTcpPoll } from './tcp.ts';
import { createTcpStatisticsPoll } from './tcp-statistics.ts';

export interface PlanOptions {
  /** Read the counters of connections that stay open, which must be turned on for each of them. */
  readonly connectionStatistics: boolean;
  /** Read GPUs. */
  readonly gpus: boolean;
  /** Time between two rounds. */
  readonly intervalMs: number;
}

/** Polls for one thread; their readers keep buffers. */
export function createPlan({ connectionStatistics, gpus, intervalMs }: PlanOptions): AnyPoll[] {
  const compartment = new ThreadCompartment();
  return [
    createIdentityPoll(),
    createSystemPoll(),
    createServicePoll(),
    createProcessPoll(),
    createJobPoll(),
    createCpuPoll(),
    createMemoryPoll(),
    createDiskPoll(),
    createAdapterPoll(compartment),
    createInterfacePoll(compartment),
    ...(gpus ? [createGpuPoll({ intervalMs })] : []),
    createUrlReservationPoll(),
    createTcpPoll(compartment),
    ...(connectionStatistics ? [createTcpStatisticsPoll(compartment)] : []),
  ];
}
