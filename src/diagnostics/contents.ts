// What a diagnostics bundle can hold, part by part, and what it says of itself.

/** Largest part, unpacked; what is larger is left out and named. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Each part with its file in the bundle. */
export const PARTS = {
  environment: { file: 'environment.json', holds: 'versions, system, time zone and rights of this command' },
  settings: {
    file: 'settings.json',
    holds: 'each setting with its value and its origin as this command finds them, secrets masked',
  },
  status: {
    file: 'status.json',
    holds: 'the agent, its host and its sources; what is missing, and the right that would give it',
  },
  services: {
    file: 'services.json',
    holds: 'every Windows service with the rule by which it is or is not a container',
  },
  serviceGroups: {
    file: 'service-groups.json',
    holds: 'processes that several services share, with the sockets of each',
  },
  listeners: { file: 'listeners.json', holds: 'every listening address with who has it' },
  containers: { file: 'containers.json', holds: 'containers with their processes and what they use' },
  connections: { file: 'connections.json', holds: 'destinations of each container' },
  dnsRequests: { file: 'dns-requests.json', holds: 'DNS requests of each container' },
  node: { file: 'node.json', holds: 'processors, memory, disks, adapters' },
  processes: { file: 'processes.json', holds: 'every process by its image, without its arguments' },
  metrics: { file: 'metrics.prom', holds: 'the last pass as Prometheus reads it' },
  tape: { file: 'host.tape.gz', holds: 'a recording of the host, for `run --host tape:FILE`' },
  crashes: { file: 'crashes.json', holds: 'the crash reports of the agent' },
  log: { file: 'log', holds: 'messages of the agent' },
} as const satisfies Record<string, { readonly file: string; readonly holds: string }>;

export type Part = keyof typeof PARTS;

/** The parts that a control plane answers. */
export const ANSWERED = [
  'status',
  'services',
  'serviceGroups',
  'listeners',
  'containers',
  'connections',
  'dnsRequests',
  'node',
  'processes',
  'metrics',
] as const satisfies readonly Part[];

export type Answered = (typeof ANSWERED)[number];

export interface Manifest {
  readonly schema: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly agentVersion: string;
  readonly redacted: boolean;
  /** What was replaced, or that nothing was. */
  readonly redaction: string;
  /** Who gave the answers. */
  readonly answersFrom: string;
  readonly files: readonly { readonly file: string; readonly holds: string; readonly bytes: number }[];
  readonly leftOut: readonly { readonly part: string; readonly holds: string; readonly why: string }[];
}

export const REDACTION =
  'Names of users, domains and hosts, addresses, machine ids, volumes, values of command lines and of settings that were changed have stand-ins, the same ones in every file. Names of services, programs, adapters and containers, paths, times and sizes are as they are.';
export const NO_REDACTION =
  'NOTHING WAS REPLACED (--no-redact): this bundle holds names, addresses and paths of the host as they are.';
