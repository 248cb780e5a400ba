// Answers about connections.
import { boolean, integer, list, number, object, string } from './json.ts';

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

export const connectionsSchema = object({
  observedAtMs: number,
  connections: list(
    object({ containerId: string, containerName: string, destination: string, actualDestination: string, active: integer }),
  ),
  truncated: boolean,
});
