// Names of the service, and fixed values that its installation and its process share.

export { SERVICE_NAME } from '../base/service-name.ts';

export const DISPLAY_NAME = 'Coroot Agent';
export const DESCRIPTION =
  'Observes services, containers, connections and logs of this machine for Coroot, Prometheus and OpenTelemetry. ' +
  'Changes no setting of it; loads no driver.';

/** The service of Coroot's own Windows agent, which must not observe the same host. */
export const OTHER_SERVICE_NAME = 'coroot-windows-agent';

/** How long Windows waits for this service at shutdown. */
export const PRESHUTDOWN_TIMEOUT_MS = 15_000;

/** The service control dispatcher blocks one thread of libuv's pool; four remain for everything else. */
export const THREAD_POOL_SIZE = 5;
