// Answers about Windows services.
import { boolean, integer, list, number, object, string } from './json.ts';

/** One Windows service, as GET /api/v1/services lists it. */
export interface ServiceView {
  name: string;
  displayName: string;
  /** `running`, `stopped`, `paused`, ... */
  state: string;
  /** `automatic`, `automatic (delayed)`, `manual`, ... or `unknown`. */
  startType: string;
  pid: number;
  /** Other running services in its process. */
  sharedWith: string[];
  /** Name of the svchost group that it shares a process in, else empty. */
  group: string;
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
      sharedWith: list(string),
      group: string,
      containerId: string,
      rule: string,
      explanation: string,
      serviceType: integer,
      account: string,
      binaryPath: string,
    }),
  ),
});
