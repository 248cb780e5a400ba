// Answers about connections.
import { boolean, integer, list, map, number, object, string } from './json.ts';

/** One destination of a container, as GET /api/v1/connections lists it. */
export interface ConnectionView {
  containerId: string;
  containerName: string;
  destination: string;
  actualDestination: string;
  /** What the resolver calls it; empty when nobody asked. */
  destinationName: string;
  /** Established connections at the moment. */
  active: number;
  /** Since the agent knows the destination, as all counts here. */
  successfulConnects: number;
  /** Those of them that no event told: they showed up in the TCP tables. */
  inferredConnects: number;
  failedConnects: number;
  /** Failures by reason, e.g. `refused`. */
  failures: Record<string, number>;
  /** The last failure; time 0 and an empty reason when there was none. */
  lastFailureAtMs: number;
  lastFailure: string;
  /** Mean time of a handshake, 0 while unknown. */
  meanConnectSeconds: number;
  /** Round-trip time to the address, 0 while unknown. */
  rttSeconds: number;
  sentBytes: number;
  receivedBytes: number;
  /** Segments. */
  retransmits: number;
  resets: number;
}

/** GET /api/v1/connections */
export interface ConnectionsAnswer {
  observedAtMs: number;
  connections: ConnectionView[];
  /** True when `limit` cut the list off. */
  truncated: boolean;
}

export const connectionsSchema = object({
  observedAtMs: number,
  connections: list(
    object({
      containerId: string,
      containerName: string,
      destination: string,
      actualDestination: string,
      destinationName: string,
      active: integer,
      successfulConnects: integer,
      inferredConnects: integer,
      failedConnects: integer,
      failures: map(integer),
      lastFailureAtMs: number,
      lastFailure: string,
      meanConnectSeconds: number,
      rttSeconds: number,
      sentBytes: number,
      receivedBytes: number,
      retransmits: integer,
      resets: integer,
    }),
  ),
  truncated: boolean,
});
