// The parts of a diagnostics bundle, and its manifest.

/** Largest uncompressed part; larger ones are left out. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Each part with its file in the bundle. */
export const PARTS = {
  environment: { file: 'environment.json', holds: 'versions, system, time zone and rights of this command' },
  settings: {
    file: 'settings.json',
    holds: 'each setting with its value and its origin as this command resolves them, secrets masked',
  },
  status: {
    file: 'status.json',
    holds: 'the agent, its host and its sources; what cannot be read, and the right that would permit it',
  },
  services: {
    file: 'services.json',
    holds: 'every Windows service with the rule by which it is or is not a container',
  },
  serviceGroups: {
    file: 'service-groups.json',
    holds: 'processes that several services share, with the sockets of each service',
  },
  listeners: { file: 'listeners.json', holds: 'every listening address with its owner' },
  containers: { file: 'containers.json', holds: 'containers with their processes and resource use' },
  connections: { file: 'connections.json', holds: 'destinations of each container' },
  dnsRequests: { file: 'dns-requests.json', holds: 'DNS requests of each container' },
  node: { file: 'node.json', holds: 'processors, memory, disks, adapters' },
  gpus: { file: 'gpus.json', holds: 'GPUs with the processes on them' },
  logPatterns: { file: 'log-patterns.json', holds: 'patterns of log messages with their counts' },
  logs: { file: 'logs.json', holds: 'recent log messages of containers and of the node' },
  processes: { file: 'processes.json', holds: 'every process by its image, without its arguments' },
  metrics: { file: 'metrics.prom', holds: 'the last pass as Prometheus text' },
  tape: { file: 'host.tape.gz', holds: 'a recording of the host, for `run --host tape:FILE`' },
  crashes: { file: 'crashes.json', holds: 'the crash reports of the agent' },
  log: { file: 'log', holds: 'log messages of the agent' },
} as const satisfies Record<string, { readonly file: string; readonly holds: string }>;

export type Part = keyof typeof PARTS;

/** The parts that are answers of a control plane. */
export const ANSWERED_PARTS = [
  'status',
  'services',
  'serviceGroups',
  'listeners',
  'containers',
  'connections',
  'dnsRequests',
  'node',
  'gpus',
  'logPatterns',
  'logs',
  'processes',
  'metrics',
] as const satisfies readonly Part[];

export type AnsweredPart = (typeof ANSWERED_PARTS)[number];

export interface Manifest {
  readonly schema: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly agentVersion: string;
  readonly redacted: boolean;
  /** What was replaced, in words. */
  readonly redaction: string;
  /** Which agent answered, in words. */
  readonly answersFrom: string;
  readonly files: readonly { readonly file: string; readonly holds: string; readonly bytes: number }[];
  readonly leftOut: readonly { readonly part: string; readonly holds: string; readonly reason: string }[];
}

export const REDACTION =
  'Texts keep listed words (technical words, names of Windows and of widely used software), small numbers, versions and ' +
  'error codes. All other names, every address, id and path, and the values of command lines and of changed settings are ' +
  'replaced by the same stand-ins in every file; times and sizes are kept. A name that is made of listed words is kept ' +
  'where it is not known as the name of a host, user or domain.';
export const NO_REDACTION =
  'NOTHING WAS REPLACED (--no-redact): this bundle contains the names, addresses and paths of the host.';
