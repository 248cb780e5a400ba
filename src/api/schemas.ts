// The shapes of the control plane's answers: TypeScript types for clients and JSON schemas that fastify serialises by.

/** GET /health */
export interface HealthAnswer {
  status: 'ok';
}

/** GET /ready */
export interface ReadyAnswer {
  ready: boolean;
  /** Why not, or nothing. */
  reason: string;
}

/** What one kind of observation is worth at the moment. */
export interface SourceStatus {
  kind: string;
  available: boolean;
  /** Milliseconds since 1970 of the last good reading, 0 when there was none. */
  lastReadAtMs: number;
  /** Seconds that the last reading took. */
  seconds: number;
  readings: number;
  failures: number;
  /** Why it is unavailable, or what is missing of it. */
  problems: string[];
}

/** GET /api/v1/status */
export interface StatusAnswer {
  agent: { version: string; pid: number; startedAtMs: number; node: string; listen: string; consoleMode: boolean };
  host: {
    /** `windows` or `tape`. */
    kind: string;
    hostname: string;
    kernelVersion: string;
    machineId: string;
    systemUuid: string;
    platform: string;
    /** Clock of the host, which is the tape's on a replay. */
    timeMs: number;
    uptimeSeconds: number;
    elevated: boolean;
    /** e.g. a tape's file, position and whether it has ended. */
    detail: Record<string, string | number | boolean>;
    /** Parts that something stood in for when the tape was recorded. */
    standIns: { part: string; by: string }[];
    problem: string;
  };
  passes: { count: number; lastAtMs: number; lastSeconds: number; intervalSeconds: number; series: number };
  containers: number;
  services: number;
  connections: number;
  sources: SourceStatus[];
  /** Every part of the host that cannot be read; `right` and `lost` are empty where no right would help. */
  missing: { part: string; reason: string; right: string; lost: string }[];
  /** `lastError` is empty when the last run was good. */
  collectors: { name: string; failures: number; lastError: string }[];
  /** The agent's own counters, e.g. `coroot_agent_series_dropped_total{reason="duplicate"}`. */
  counters: Record<string, number>;
}

export interface ListenerView {
  /** `ip:port`, IPv6 in brackets. */
  address: string;
  /** `dockerd` for a published port, else empty. */
  proxy: string;
}

/** One container, as GET /api/v1/containers lists it. */
export interface ContainerView {
  /** e.g. `/win/orders-api`. */
  id: string;
  name: string;
  /** `service` or `docker`. */
  kind: string;
  displayName: string;
  image: string;
  /** `running`, `young` (not reported yet), `shared` (several services in one process) or `gone`. */
  state: string;
  /** 0 when gone. */
  pid: number;
  /** The process tree, the root first. */
  pids: number[];
  /** Kinds of application that are recognised among them, e.g. `mssql`. */
  applicationTypes: string[];
  /** Milliseconds since 1970 when the root process began, 0 when unknown. */
  startedAtMs: number;
  restarts: number;
  cpuSeconds: number;
  rssBytes: number;
  /** Whether rssBytes is the private working set or, where the system tells none, the whole one. */
  rssSource: 'private working set' | 'working set';
  listeners: ListenerView[];
  activeConnections: number;
}

/** GET /api/v1/containers */
export interface ContainersAnswer {
  observedAtMs: number;
  containers: ContainerView[];
}

/** One destination of a container, as GET /api/v1/connections lists it. */
export interface ConnectionView {
  containerId: string;
  containerName: string;
  destination: string;
  actualDestination: string;
  /** Established connections at the moment. */
  active: number;
}

/** GET /api/v1/connections */
export interface ConnectionsAnswer {
  observedAtMs: number;
  connections: ConnectionView[];
  /** True when `limit` cut the list off. */
  truncated: boolean;
}

/** One Windows service, as GET /api/v1/services lists it. */
export interface ServiceView {
  name: string;
  displayName: string;
  /** `running`, `stopped`, `paused`, ... */
  state: string;
  /** `automatic`, `automatic (delayed)`, `manual`, ... or `unknown`. */
  startType: string;
  pid: number;
  /** The container's id, or empty. */
  containerId: string;
  /** The rule that decided, e.g. `selected`, `manual-start`. */
  rule: string;
  /** That rule in words. */
  explanation: string;
  /** SERVICE_* type bits. */
  serviceType: number;
  /** Empty when the configuration could not be read, as is the next. */
  account: string;
  binaryPath: string;
}

/** GET /api/v1/services */
export interface ServicesAnswer {
  observedAtMs: number;
  /** True when the last poll failed and the list is the one before. */
  stale: boolean;
  services: ServiceView[];
}

/** A volume of the node; counters are 0 where its driver keeps none. */
export interface DiskView {
  device: string;
  mountPoint: string;
  /** 0 when unknown. */
  sizeBytes: number;
  freeBytes: number;
  /** Whether its driver keeps counters. */
  counted: boolean;
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
  /** `own`, `below` (a device below it counts the same frames) or `unknown`. */
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

/** Every answer with a status of 400 or above. */
export interface ErrorAnswer {
  error: { code: string; message: string; hint: string };
}

const string = { type: 'string' } as const;
const number = { type: 'number' } as const;
const integer = { type: 'integer' } as const;
const boolean = { type: 'boolean' } as const;
const list = (items: object) => ({ type: 'array', items }) as const;
const map = (values: object) => ({ type: 'object', additionalProperties: values }) as const;

function object(properties: Record<string, object>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } as const;
}

export const healthSchema = object({ status: string });
export const readySchema = object({ ready: boolean, reason: string });

export const statusSchema = object({
  agent: object({ version: string, pid: integer, startedAtMs: number, node: string, listen: string, consoleMode: boolean }),
  host: object({
    kind: string,
    hostname: string,
    kernelVersion: string,
    machineId: string,
    systemUuid: string,
    platform: string,
    timeMs: number,
    uptimeSeconds: number,
    elevated: boolean,
    detail: map({ type: ['string', 'number', 'boolean'] }),
    standIns: list(object({ part: string, by: string })),
    problem: string,
  }),
  passes: object({ count: integer, lastAtMs: number, lastSeconds: number, intervalSeconds: number, series: integer }),
  containers: integer,
  services: integer,
  connections: integer,
  sources: list(
    object({
      kind: string,
      available: boolean,
      lastReadAtMs: number,
      seconds: number,
      readings: integer,
      failures: integer,
      problems: list(string),
    }),
  ),
  missing: list(object({ part: string, reason: string, right: string, lost: string })),
  collectors: list(object({ name: string, failures: integer, lastError: string })),
  counters: map(number),
});

export const containersSchema = object({
  observedAtMs: number,
  containers: list(
    object({
      id: string,
      name: string,
      kind: string,
      displayName: string,
      image: string,
      state: string,
      pid: integer,
      pids: list(integer),
      applicationTypes: list(string),
      startedAtMs: number,
      restarts: integer,
      cpuSeconds: number,
      rssBytes: number,
      rssSource: string,
      listeners: list(object({ address: string, proxy: string })),
      activeConnections: integer,
    }),
  ),
});

export const connectionsSchema = object({
  observedAtMs: number,
  connections: list(
    object({ containerId: string, containerName: string, destination: string, actualDestination: string, active: integer }),
  ),
  truncated: boolean,
});

export const servicesSchema = object({
  observedAtMs: number,
  stale: boolean,
  services: list(
    object({
      name: string,
      displayName: string,
      state: string,
      startType: string,
      pid: integer,
      containerId: string,
      rule: string,
      explanation: string,
      serviceType: integer,
      account: string,
      binaryPath: string,
    }),
  ),
});

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
  memory: object({ totalBytes: number, availableBytes: number, freeBytes: number, cachedBytes: number, source: string }),
  disks: list(
    object({
      device: string,
      mountPoint: string,
      sizeBytes: number,
      freeBytes: number,
      counted: boolean,
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
