// Answers about processes that several services share, and about who listens where.
import { boolean, integer, list, number, object, string } from './json.ts';

/** Sockets of a shared process that one of its services has, or none that is known. */
export interface GroupSocketsView {
  /** `ip:port`, IPv6 in brackets. */
  listeners: string[];
  /** Outbound connections by destination. */
  connections: { destination: string; actualDestination: string; active: number }[];
}

export interface GroupServiceView extends GroupSocketsView {
  name: string;
  displayName: string;
  /** The rule by which it is or is not a container. */
  rule: string;
  /** Empty when it is no container. */
  containerId: string;
}

/** One process that several running services share. */
export interface ServiceGroupView {
  pid: number;
  /** Name of the svchost group, e.g. `netsvcs`; empty for another program. */
  group: string;
  /** What the process uses as a whole: it cannot be divided among its services. */
  process: {
    /** Empty, and zeros, while no process list shows it. */
    image: string;
    startedAtMs: number;
    cpuSeconds: number;
    workingSetBytes: number;
    /** 0 where the system tells none. */
    privateWorkingSetBytes: number;
    threads: number;
    handles: number;
  };
  services: GroupServiceView[];
  /** Sockets that no service is known for, those of child processes among them. */
  unattributed: GroupSocketsView;
}

/** GET /api/v1/service-groups */
export interface ServiceGroupsAnswer {
  observedAtMs: number;
  /** True when the last poll failed and the groups are those before. */
  stale: boolean;
  /** Whether the system tells which service a socket belongs to; if not, the status says why. */
  socketsByService: boolean;
  groups: ServiceGroupView[];
}

/** One listening address of one service, or of nobody who is known. */
export interface ListenerRowView {
  /** `ip:port`, IPv6 in brackets. */
  address: string;
  /** `dockerd` for a published port, else empty. */
  proxy: string;
  /** Empty for a service that is no container, and for unattributed listeners. */
  containerId: string;
  /** Key name; empty when it is no service, or unattributed. */
  service: string;
  /** The container's root process, the shared process, or 4 for the system. */
  pid: number;
  /**
   * How the owner is known: `process`, `service tag` (kept with the socket), `iis binding`, `url reservation` (may have the URL),
   * `published port`, or `unattributed`.
   */
  detectedBy: string;
  /** URLs of http.sys, or who shares the process. */
  detail: string;
}

/** GET /api/v1/listeners */
export interface ListenersAnswer {
  observedAtMs: number;
  listeners: ListenerRowView[];
}

const sockets = {
  listeners: list(string),
  connections: list(object({ destination: string, actualDestination: string, active: integer })),
};

export const serviceGroupsSchema = object({
  observedAtMs: number,
  stale: boolean,
  socketsByService: boolean,
  groups: list(
    object({
      pid: integer,
      group: string,
      process: object({
        image: string,
        startedAtMs: number,
        cpuSeconds: number,
        workingSetBytes: number,
        privateWorkingSetBytes: number,
        threads: integer,
        handles: integer,
      }),
      services: list(object({ name: string, displayName: string, rule: string, containerId: string, ...sockets })),
      unattributed: object(sockets),
    }),
  ),
});

export const listenersSchema = object({
  observedAtMs: number,
  listeners: list(
    object({
      address: string,
      proxy: string,
      containerId: string,
      service: string,
      pid: integer,
      detectedBy: string,
      detail: string,
    }),
  ),
});
