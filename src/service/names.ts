// What the service is called, and the fixed values that its installation and its process share.

export const SERVICE_NAME = 'CorootAgent';
export const DISPLAY_NAME = 'Coroot Agent';
export const DESCRIPTION =
  'Observes services, containers, connections and logs of this machine for Coroot, Prometheus and OpenTelemetry. Reads only; loads no driver.';

/** The service of Coroot's own Windows agent, which must not watch the same host. */
export const OTHER_SERVICE_NAME = 'coroot-windows-agent';

/** How long Windows waits at shutdown until this service has ended. */
export const PRESHUTDOWN_TIMEOUT_MS = 15_000;

/** The dispatcher takes one of libuv's threads for as long as the service runs; four are left for everything else. */
export const THREAD_POOL_SIZE = 5;
