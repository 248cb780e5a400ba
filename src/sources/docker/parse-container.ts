// Parses the answers of the daemon: the list of containers, and the inspect of one.
import { canonicalIp, isLinkLocalOrMulticast } from '../../base/ip.ts';
import { entriesOf, type JsonRecord, listOf, objectOf, textOf, timeOf, wholeOf } from '../../base/json-values.ts';
import type { DockerContainer, DockerLimits, DockerNetwork, DockerPort } from '../host.ts';
import { MAX_DOCKER_ENTRIES } from '../records/docker.ts';

/** Docker's own rule: https://github.com/moby/moby/blob/master/daemon/names/names.go */
const containerName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const containerId = /^[0-9a-f]{64}$/;
/** An image has no white space and no control characters. */
const imageName = /^[\x21-\x7e]{1,512}$/;
const MAX_PATH = 1024;
const MAX_PORT = 65_535;
/** Variables of a container that are searched. */
const MAX_VARIABLES = 10_000;

export function isContainerId(value: unknown): value is string {
  return typeof value === 'string' && containerId.test(value);
}

/** Isolation of a container whose inspect names none: that of `info`, as far as its daemon has Windows containers. */
export type DefaultIsolation = DockerContainer['isolation'];

/** The container of an inspect. Undefined for one that is not running and was never started, or without id or name. */
export function parseContainer(answer: unknown, defaultIsolation: DefaultIsolation): DockerContainer | undefined {
  const inspect = objectOf(answer);
  const state = objectOf(inspect.State);
  const config = objectOf(inspect.Config);
  const hostConfig = objectOf(inspect.HostConfig);
  const id = inspect.Id;
  const name = textOf(inspect.Name).replace(/^\//, '');
  const startedAtMs = timeOf(state.StartedAt);
  const running = stateOf(state);
  if (!isContainerId(id) || !containerName.test(name) || (running === 'exited' && startedAtMs === 0)) return undefined;
  const isolation = isolationOf(inspect, hostConfig, defaultIsolation);
  const pid = isolation === 'process' && running !== 'exited' ? wholeOf(state.Pid, 1, 0xffff_ffff) : undefined;
  const code = running === 'exited' ? wholeOf(state.ExitCode, -0x8000_0000, 0xffff_ffff) : undefined;
  const health = objectOf(state.Health).Status;
  const finishedAtMs = timeOf(state.FinishedAt);
  const logDriver = textOf(objectOf(hostConfig.LogConfig).Type).slice(0, MAX_DOCKER_ENTRIES);
  const logPath = textOf(inspect.LogPath);
  const image = textOf(config.Image);
  return {
    id,
    name,
    image: imageName.test(image) ? image : '',
    isolation,
    state: running,
    ...(pid === undefined ? {} : { pid }),
    startedAtMs,
    restartCount: wholeOf(inspect.RestartCount, 0, Number.MAX_SAFE_INTEGER) ?? 0,
    ...(code === undefined ? {} : { lastExit: { code, atMs: finishedAtMs } }),
    ...(finishedAtMs === 0 ? {} : { finishedAtMs }),
    ...(health === 'starting' || health === 'healthy' || health === 'unhealthy' ? { health } : {}),
    networks: networksOf(inspect),
    ports: portsOf(objectOf(inspect.NetworkSettings).Ports),
    limits: limitsOf(hostConfig),
    logDriver,
    // Other drivers write no file, or one of another format.
    ...(logDriver === 'json-file' && logPath !== '' && logPath.length <= MAX_PATH ? { logPath } : {}),
    logMonitoring: !listOf(config.Env, MAX_VARIABLES).some(disablesLogs),
  };
}

function stateOf(state: JsonRecord): DockerContainer['state'] {
  if (state.Restarting === true) return 'restarting';
  if (state.Paused === true) return 'paused';
  return state.Running === true ? 'running' : 'exited';
}

/** Windows has no letter case in the names of variables. */
function disablesLogs(variable: unknown): boolean {
  return /^COROOT_LOG_MONITORING=\s*disabled\s*$/i.test(textOf(variable));
}

function isolationOf(inspect: JsonRecord, hostConfig: JsonRecord, byDefault: DefaultIsolation): DefaultIsolation {
  const isolation = textOf(hostConfig.Isolation).toLowerCase();
  if (isolation === 'process' || isolation === 'hyperv') return isolation;
  // A Linux container has no processes on this host, whatever the default of its daemon is.
  if ((isolation !== '' && isolation !== 'default') || inspect.Platform === 'linux') return 'unknown';
  return byDefault;
}

function networksOf(inspect: JsonRecord): DockerNetwork[] {
  const networks = objectOf(inspect.NetworkSettings).Networks;
  return entriesOf(networks, MAX_DOCKER_ENTRIES).map(([name, value]) => {
    const network = objectOf(value);
    const addresses = [network.IPAddress, network.GlobalIPv6Address].flatMap((ip) => reachable(textOf(ip)) ?? []);
    return { name: name.slice(0, 255), endpoint: endpointId(network.EndpointID), addresses };
  });
}

/** An id of the Host Networking Service, without braces and in lower case: statistics and inspects differ in both. */
export function endpointId(value: unknown): string {
  return textOf(value)
    .replace(/^\{(.*)\}$/, '$1')
    .toLowerCase()
    .slice(0, 64);
}

/** The address if another machine, or another container, can reach it. */
function reachable(text: string): string | undefined {
  const ip = canonicalIp(text);
  if (ip === undefined || isLinkLocalOrMulticast(ip) || ip === '::' || ip === '0.0.0.0' || ip === '::1')
    return undefined;
  return ip.startsWith('127.') ? undefined : ip;
}

/** Published ports by `80/tcp`; an exposed port that is not published has null. */
function portsOf(value: unknown): DockerPort[] {
  const ports: DockerPort[] = [];
  for (const [key, bindings] of entriesOf(value, MAX_DOCKER_ENTRIES)) {
    const [, port = '', protocol = ''] = /^(\d{1,5})\/(tcp|udp)$/.exec(key) ?? [];
    if (protocol !== 'tcp' && protocol !== 'udp') continue;
    for (const each of listOf(bindings, MAX_DOCKER_ENTRIES - ports.length)) {
      const binding = objectOf(each);
      const hostPort = portNumber(binding.HostPort);
      const containerPort = portNumber(port);
      // An empty address stands for all.
      const hostIp = textOf(binding.HostIp) === '' ? '0.0.0.0' : canonicalIp(textOf(binding.HostIp));
      if (hostIp === undefined || hostPort === undefined || containerPort === undefined) continue;
      ports.push({ protocol, hostIp, hostPort, containerPort });
    }
  }
  return ports;
}

function portNumber(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  return /^\d{1,5}$/.test(text) ? wholeOf(Number(text), 1, MAX_PORT) : undefined;
}

/** 0 stands for a limit that was not set. */
function limitsOf(hostConfig: JsonRecord): DockerLimits {
  const positive = (name: string, max: number): number | undefined => wholeOf(hostConfig[name], 1, max);
  const memoryBytes = positive('Memory', Number.MAX_SAFE_INTEGER);
  const nanoCpus = positive('NanoCpus', Number.MAX_SAFE_INTEGER);
  const cpuCount = positive('CpuCount', 0xffff);
  const cpuPercent = positive('CpuPercent', 100);
  return {
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(nanoCpus === undefined ? {} : { nanoCpus }),
    ...(cpuCount === undefined ? {} : { cpuCount }),
    ...(cpuPercent === undefined ? {} : { cpuPercent }),
  };
}

/** What the list says about one container; it changes when an inspect may have changed. */
export interface ListedContainer {
  readonly id: string;
  readonly fingerprint: string;
}

/** Ids in the answer of `containers/json`, at most `max`; entries without an id are left out. */
export function parseList(answer: unknown, max: number): ListedContainer[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  return listOf(answer, max).flatMap((entry) => {
    const { Id, Names, ImageID, State, Ports, NetworkSettings } = objectOf(entry);
    if (!isContainerId(Id)) return [];
    return [{ id: Id, fingerprint: JSON.stringify([Names, ImageID, State, Ports, NetworkSettings]) }];
  });
}

/** Version of the daemon by its answer to `version`. */
export interface DaemonVersion {
  readonly version: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
}

export function parseVersion(answer: unknown): DaemonVersion {
  const { Version, ApiVersion, MinAPIVersion } = objectOf(answer);
  return {
    version: textOf(Version).slice(0, 64),
    apiVersion: textOf(ApiVersion).slice(0, 16),
    minApiVersion: textOf(MinAPIVersion).slice(0, 16),
  };
}

/** Operating system of the containers of a daemon. */
export type OsType = 'windows' | 'linux';

/** Facts about the daemon by its answer to `info`. */
export interface DaemonInfo {
  /** Name of its machine; empty if unknown. */
  readonly machine: string;
  readonly isolation: DefaultIsolation;
  readonly osType: OsType;
}

export function parseInfo(answer: unknown): DaemonInfo {
  const { Name, OSType, Isolation } = objectOf(answer);
  const isolation = OSType === 'windows' && (Isolation === 'process' || Isolation === 'hyperv') ? Isolation : 'unknown';
  return { machine: textOf(Name).slice(0, 255), isolation, osType: OSType === 'linux' ? 'linux' : 'windows' };
}
