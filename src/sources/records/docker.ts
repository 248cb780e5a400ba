// Containers of Docker, and what the Docker daemon measures of them.
import { domain } from '../../redaction/network-rules.ts';
import { formed, id } from '../../redaction/rules.ts';
import {
  amount,
  boolean,
  type Field,
  instant,
  integer,
  oneOf,
  path,
  safeInteger,
  serviceName,
  text,
  textBy,
  u16,
  u32,
} from './field.ts';
import { dictionary, list, optional, type RecordOf, record } from './record.ts';

/** Most containers of a daemon that are read. */
export const MAX_DOCKER_CONTAINERS = 2000;
/** Most networks, and most ports, of one container. */
export const MAX_DOCKER_ENTRIES = 256;

const networkFields = {
  /** Name of the Docker network, e.g. `nat`. */
  name: text,
  /** Id of the endpoint in the Host Networking Service, by which statistics name the network; empty if unknown. */
  endpoint: textBy(id),
  /** Addresses of the container in this network, without loopback and link-local ones. */
  addresses: list(text, MAX_DOCKER_ENTRIES),
};

/** A network that a container is in. */
export interface DockerNetwork extends RecordOf<typeof networkFields> {}
const network: Field<DockerNetwork> = record(networkFields);

const portFields = {
  protocol: oneOf('tcp', 'udp'),
  /** Address of the host that the port is published on, `0.0.0.0` for all. */
  hostIp: text,
  hostPort: u16,
  containerPort: u16,
};

/** A published port. */
export interface DockerPort extends RecordOf<typeof portFields> {}
const port: Field<DockerPort> = record(portFields);

const limitFields = {
  memoryBytes: optional(amount),
  /** Billionths of a processor. */
  nanoCpus: optional(amount),
  cpuCount: optional(u32),
  /** Percent of the processors of the host. */
  cpuPercent: optional(u32),
};

/** Limits as they were set; one that was not set is absent. */
export interface DockerLimits extends RecordOf<typeof limitFields> {}

const exitFields = {
  /** Exit code of the first process of the container. */
  code: integer(-0x8000_0000, 0xffff_ffff),
  /** Milliseconds since 1970. */
  atMs: instant,
};

/** How a container exited. */
export interface DockerExit extends RecordOf<typeof exitFields> {}

/** Docker's own log drivers: https://docs.docker.com/engine/logging/configure/#supported-logging-drivers */
const logDriver = /^(?:none|local|json-file|syslog|journald|gelf|fluentd|awslogs|splunk|etwlogs|gcplogs)$/;

const containerFields = {
  /** 64 hexadecimal digits. */
  id: textBy(id),
  /** Without the leading slash. */
  name: serviceName,
  /** As it was named when the container was created, e.g. `registry.example.com/shop/web:1.2`. */
  image: text,
  /** By an inspect of this container; `unknown` where the answer has none. */
  isolation: oneOf('process', 'hyperv', 'unknown'),
  /** `exited` only for a container that ran before. */
  state: oneOf('running', 'paused', 'restarting', 'exited'),
  /**
   * First process of a container with process isolation. Absent for any other container: the pid that Docker reports of
   * a Hyper-V container is one inside its virtual machine, and any process of the host may have the same.
   */
  pid: optional(u32),
  /** Milliseconds since 1970; 0 while unknown. */
  startedAtMs: instant,
  /** How often Docker's restart policy has restarted it. */
  restartCount: safeInteger,
  /** The exit before the last start, or that of an exited container; absent while none is known. */
  lastExit: optional(record(exitFields) as Field<DockerExit>),
  /** When it last exited, also while it runs again, in milliseconds since 1970; absent before its first exit. */
  finishedAtMs: optional(instant),
  /** Only with a health check. */
  health: optional(oneOf('starting', 'healthy', 'unhealthy')),
  networks: list(network, MAX_DOCKER_ENTRIES),
  ports: list(port, MAX_DOCKER_ENTRIES),
  limits: record(limitFields) as Field<DockerLimits>,
  /** Name of the log driver, e.g. `json-file`. */
  logDriver: textBy(formed(logDriver)),
  /** Log file of the driver `json-file`. */
  logPath: optional(path),
  /** False if the environment of the container has `COROOT_LOG_MONITORING=disabled`. */
  logMonitoring: boolean,
};

/** One container. A value that the answer lacks, or that is not of its type, is absent or its neutral value. */
export interface DockerContainer extends RecordOf<typeof containerFields> {}
const container: Field<DockerContainer> = record(containerFields);

/** `npipe`, or the scheme and the address of `DOCKER_HOST`. */
const endpointForm = /^npipe:\/{4}\.\/pipe\/docker_engine$/;
const version = textBy(formed(/^\d{1,3}(?:\.\d{1,5}){0,2}(?:-(?:ce|ee|rc)[.\d-]{0,8})?$/));

const daemonFields = {
  /** `running`: the list is current. `retrying`: the daemon does not answer, and the list is the last one. */
  state: oneOf('running', 'retrying'),
  /** Why it is `retrying`; empty when it is not. */
  reason: text,
  /** Start of the state, in milliseconds since 1970. */
  sinceMs: instant,
  /** Next attempt, in milliseconds since 1970; absent while it is `running`. */
  nextAttemptAtMs: optional(instant),
  /** Where the daemon listens, e.g. `npipe:////./pipe/docker_engine`. */
  endpoint: textBy((value, scrubber) => (endpointForm.test(value) ? value : domainOfEndpoint(value, scrubber))),
  /** Version of the daemon, and of the API that the agent and it use; empty while unknown. */
  version,
  apiVersion: version,
  /** Running containers, and those that have exited a short time ago. */
  containers: list(container, MAX_DOCKER_CONTAINERS),
  /** Answers that failed or were cut, since the start of the agent, by reason. */
  dropped: dictionary(safeInteger),
};

/** The Docker daemon with its containers. */
export interface DockerDaemon extends RecordOf<typeof daemonFields> {}
export const dockerContainers: Field<DockerDaemon> = record(daemonFields);

function domainOfEndpoint(value: string, scrubber: Parameters<typeof domain>[1]): string {
  const [, scheme = '', host = '', port = ''] = /^([a-z]+:\/\/)([^/:]*)(:\d+)?$/.exec(value) ?? [];
  return host === '' ? scrubber.text(value) : `${scheme}${scrubber.text(domain(host, scrubber))}${port}`;
}

const networkStatsFields = {
  /** Id of the endpoint, as in DockerNetwork. */
  endpoint: textBy(id),
  receivedBytes: amount,
  receivedPackets: amount,
  receivedDrops: amount,
  transmittedBytes: amount,
  transmittedPackets: amount,
  transmittedDrops: amount,
};

/** Traffic of a container in one network. */
export interface DockerNetworkStats extends RecordOf<typeof networkStatsFields> {}
const networkStats: Field<DockerNetworkStats> = record(networkStatsFields);

const statsFields = {
  /** Id of the container. */
  id: textBy(id),
  /** Milliseconds between the answer of the daemon and this observation. */
  ageMs: amount,
  /** Processor time of all processes since the container was started, in milliseconds. */
  cpuMs: optional(amount),
  privateWorkingSetBytes: optional(amount),
  commitBytes: optional(amount),
  peakCommitBytes: optional(amount),
  /** Requests to the disk of the container since it was started, and their bytes. */
  reads: optional(amount),
  readBytes: optional(amount),
  writes: optional(amount),
  writtenBytes: optional(amount),
  networks: list(networkStats, MAX_DOCKER_ENTRIES),
};

/** One answer about the use of resources. A value that the answer lacks is absent. */
export interface DockerStats extends RecordOf<typeof statsFields> {}
const stats: Field<DockerStats> = record(statsFields);

/** Answers since the last observation, at most one a container. */
export const dockerStats: Field<readonly DockerStats[]> = list(stats, MAX_DOCKER_CONTAINERS);
