// Answers about containers.
import { boolean, integer, list, number, object, string } from './json.ts';

export interface ListenerView {
  /** `ip:port`, IPv6 in brackets. */
  address: string;
  /** `dockerd` for a published port, else empty. */
  proxy: string;
  /** False on a port of `ephemeral-port-range`: it is in no metric. */
  inMetrics: boolean;
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
  /**
   * `running`, `pending` (not reported yet), `shared` (several services in one process), `restarting` (stopped with an error, and it
   * came back before within the last minutes), `failed` (stopped with an error), `stopped` (in order) or `gone` (not listed).
   */
  state: string;
  /** 0 when it has no process. */
  pid: number;
  /** The process tree, the root first. */
  pids: number[];
  /** Kinds of application that are recognised among them, e.g. `mssql`. */
  applicationTypes: string[];
  /** Milliseconds since 1970 when the root process began, 0 when unknown. */
  startedAtMs: number;
  restarts: number;
  restartsByCause: { crash: number; planned: number; unknown: number };
  /** Its last end that was seen; `atMs` is 0 when none was. */
  lastExit: LastExitView;
  cpuSeconds: number;
  rssBytes: number;
  /** Whether rssBytes is the private working set or, where the system tells none, the whole one. */
  rssSource: 'private working set' | 'working set';
  limits: LimitsView;
  threads: number;
  handles: number;
  /** Page faults since the container was seen first, both 0 where the list of processes lacks them; ends of processes tell hard ones only. */
  pageFaults: { hard: number; soft: number };
  /** Full path of the root's image; empty while unknown. */
  imagePath: string;
  io: IoView;
  listeners: ListenerView[];
  activeConnections: number;
}

export interface LastExitView {
  /** Milliseconds since 1970 when it was seen. */
  atMs: number;
  /** The service's own code, else that of its process where an event told it, else the manager's Win32 error. */
  code: number;
  /** In words. */
  meaning: string;
}

/** By the job objects that its root process is in. */
export interface LimitsView {
  /** Committed memory, 0 for no known limit. */
  memoryBytes: number;
  /** 0 for no known limit. */
  cpuCores: number;
  /** Full names of the jobs, e.g. `\\Container_0123abcd`. */
  jobs: string[];
  /** The root is in a job without a name: whether that limits anything cannot be read. */
  hasUnnamedJob: boolean;
}

/** What the processes read and wrote since the container was seen first. */
export interface IoView {
  /**
   * `disk`: requests that reached a disk; `all requests`: those of files, network and pipes, where Windows tells no other. Only these have
   * what a process did after the last list that showed it: its end does not tell by disk.
   */
  source: 'disk' | 'all requests';
  /** The volume that the program lies on, e.g. `C:`; empty while unknown. */
  device: string;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
}

/** GET /api/v1/containers */
export interface ContainersAnswer {
  observedAtMs: number;
  containers: ContainerView[];
}

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
      restartsByCause: object({ crash: integer, planned: integer, unknown: integer }),
      lastExit: object({ atMs: number, code: integer, meaning: string }),
      cpuSeconds: number,
      rssBytes: number,
      rssSource: string,
      limits: object({ memoryBytes: number, cpuCores: number, jobs: list(string), hasUnnamedJob: boolean }),
      threads: integer,
      handles: integer,
      pageFaults: object({ hard: number, soft: number }),
      imagePath: string,
      io: object({
        source: string,
        device: string,
        reads: number,
        writes: number,
        readBytes: number,
        writtenBytes: number,
      }),
      listeners: list(object({ address: string, proxy: string, inMetrics: boolean })),
      activeConnections: integer,
    }),
  ),
});
