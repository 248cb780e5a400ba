// Answers about the node and its processes.
import { boolean, integer, list, number, object, string } from './json.ts';

/** A volume of the node; counters are 0 where its driver keeps none. */
export interface DiskView {
  device: string;
  mountPoint: string;
  /** 0 when unknown. */
  sizeBytes: number;
  freeBytes: number;
  /** Whether its driver keeps counters. */
  hasCounters: boolean;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  readSeconds: number;
  writeSeconds: number;
  /** Time with at least one request under way. */
  busySeconds: number;
}

/** An Ethernet or wireless adapter of the node. */
export interface InterfaceView {
  name: string;
  up: boolean;
  addresses: string[];
  /** `own`, `lower-device` (a device below it counts the same frames) or `unknown`. */
  traffic: string;
  receivedBytes: number;
  receivedPackets: number;
  receivedErrors: number;
  receivedDrops: number;
  transmittedBytes: number;
  transmittedPackets: number;
  transmittedErrors: number;
  transmittedDrops: number;
}

/** GET /api/v1/node */
export interface NodeAnswer {
  observedAtMs: number;
  hostname: string;
  kernelVersion: string;
  machineId: string;
  systemUuid: string;
  uptimeSeconds: number;
  /** Zeros when unknown. */
  cpu: { logicalProcessors: number; userSeconds: number; systemSeconds: number; idleSeconds: number };
  /** Zeros, and an empty source, when unknown. */
  memory: { totalBytes: number; availableBytes: number; freeBytes: number; cachedBytes: number; source: string };
  disks: DiskView[];
  interfaces: InterfaceView[];
}

/** One process, as GET /api/v1/processes lists it. */
export interface ProcessView {
  pid: number;
  parentPid: number;
  name: string;
  /** Full path of its image; empty where it has none or it could not be read. */
  imagePath: string;
  /** Ids of the containers whose trees it is in. */
  containerIds: string[];
  /** Milliseconds since 1970, 0 when unknown. */
  startedAtMs: number;
  cpuSeconds: number;
  workingSetBytes: number;
  /** 0 where the system tells none. */
  privateWorkingSetBytes: number;
  threads: number;
  handles: number;
}

/** GET /api/v1/processes */
export interface ProcessesAnswer {
  observedAtMs: number;
  /** True when the last reading failed and the list is the one before. */
  stale: boolean;
  processes: ProcessView[];
}

const traffic = {
  receivedBytes: number,
  receivedPackets: number,
  receivedErrors: number,
  receivedDrops: number,
  transmittedBytes: number,
  transmittedPackets: number,
  transmittedErrors: number,
  transmittedDrops: number,
};

export const nodeSchema = object({
  observedAtMs: number,
  hostname: string,
  kernelVersion: string,
  machineId: string,
  systemUuid: string,
  uptimeSeconds: number,
  cpu: object({ logicalProcessors: integer, userSeconds: number, systemSeconds: number, idleSeconds: number }),
  memory: object({
    totalBytes: number,
    availableBytes: number,
    freeBytes: number,
    cachedBytes: number,
    source: string,
  }),
  disks: list(
    object({
      device: string,
      mountPoint: string,
      sizeBytes: number,
      freeBytes: number,
      hasCounters: boolean,
      reads: number,
      writes: number,
      readBytes: number,
      writtenBytes: number,
      readSeconds: number,
      writeSeconds: number,
      busySeconds: number,
    }),
  ),
  interfaces: list(object({ name: string, up: boolean, addresses: list(string), traffic: string, ...traffic })),
});

export const processesSchema = object({
  observedAtMs: number,
  stale: boolean,
  processes: list(
    object({
      pid: integer,
      parentPid: integer,
      name: string,
      imagePath: string,
      containerIds: list(string),
      startedAtMs: number,
      cpuSeconds: number,
      workingSetBytes: number,
      privateWorkingSetBytes: number,
      threads: integer,
      handles: integer,
    }),
  ),
});
