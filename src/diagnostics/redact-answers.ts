// Redaction of what the control plane answers: a rule for each field, and a field without one does not compile.
import type {
  ConnectionsAnswer,
  ConnectionView,
  ContainersAnswer,
  ContainerView,
  DiskView,
  DnsRequestsAnswer,
  GroupServiceView,
  GroupSocketsView,
  InterfaceView,
  IoView,
  LastExitView,
  LimitsView,
  ListenerRowView,
  ListenersAnswer,
  ListenerView,
  NodeAnswer,
  ProcessesAnswer,
  ProcessView,
  ServiceGroupsAnswer,
  ServiceGroupView,
  ServicesAnswer,
  ServiceView,
  SourceStatus,
  StatusAnswer,
} from '../api/schemas.ts';
import { endpoint, urls } from '../redaction/network-rules.ts';
import {
  account,
  commandLine,
  each,
  figures,
  hostname,
  id,
  keep,
  objectName,
  oneOf,
  type Rule,
  record,
  text,
} from '../redaction/rules.ts';
import type { Scrubber } from '../redaction/scrub.ts';
import { dnsRequests } from './redact-dns.ts';

/** The answers as JSON, by part. */
export interface JsonAnswers {
  status: StatusAnswer;
  services: ServicesAnswer;
  serviceGroups: ServiceGroupsAnswer;
  listeners: ListenersAnswer;
  containers: ContainersAnswer;
  connections: ConnectionsAnswer;
  dnsRequests: DnsRequestsAnswer;
  node: NodeAnswer;
  processes: ProcessesAnswer;
}

const source = record<SourceStatus>({
  kind: text,
  available: keep,
  lastReadAtMs: keep,
  lastReadSeconds: keep,
  readings: keep,
  failures: keep,
  problems: each(text),
});

const status = record<StatusAnswer>({
  agent: record<StatusAnswer['agent']>({
    version: text,
    pid: keep,
    startedAtMs: keep,
    nodeVersion: text,
    listen: endpoint,
    consoleMode: keep,
  }),
  host: record<StatusAnswer['host']>({
    kind: text,
    hostname,
    kernelVersion: text,
    machineId: id,
    systemUuid: id,
    platform: text,
    timeMs: keep,
    uptimeSeconds: keep,
    elevated: keep,
    detail,
    standIns: each(record<StatusAnswer['host']['standIns'][number]>({ part: text, replacement: text })),
    problem: text,
  }),
  passes: figures,
  containers: keep,
  services: keep,
  connections: keep,
  connectDetection: record<StatusAnswer['connectDetection']>({ source: oneOf('events', 'tables'), reason: text }),
  events: record<StatusAnswer['events']>({
    state: text,
    reason: text,
    providers: each(text),
    restarts: keep,
    events: keep,
    eventsLost: keep,
    buffersLost: keep,
    realTimeBuffersLost: keep,
    dropped: counts,
  }),
  sources: each(source),
  missing: each(
    record<StatusAnswer['missing'][number]>({ part: text, reason: text, requiredRight: text, consequence: text }),
  ),
  collectors: each(record<StatusAnswer['collectors'][number]>({ name: text, failures: keep, lastError: text })),
  counters: counts,
});

/** Numbers by free texts. */
function counts(values: Record<string, number>, scrubber: Scrubber): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, count]) => [scrubber.text(name), count]));
}

/** Where a tape lies is a path of somebody's. */
function detail(facts: StatusAnswer['host']['detail'], scrubber: Scrubber): StatusAnswer['host']['detail'] {
  const entries = Object.entries(facts).map(([name, value]) => {
    if (typeof value !== 'string') return [scrubber.text(name), value];
    return [scrubber.text(name), name === 'file' ? '*' : scrubber.text(value)];
  });
  return Object.fromEntries(entries);
}

const service = record<ServiceView>({
  name: text,
  displayName: text,
  state: text,
  startType: text,
  pid: keep,
  sharedWith: each(text),
  group: text,
  containerId: text,
  rule: text,
  explanation: text,
  serviceType: keep,
  account,
  binaryPath: commandLine,
});

const destination = record<GroupSocketsView['connections'][number]>({
  destination: endpoint,
  actualDestination: endpoint,
  active: keep,
});
const sockets = { listeners: each(endpoint), connections: each(destination) };

const group = record<ServiceGroupView>({
  pid: keep,
  group: text,
  process: record<ServiceGroupView['process']>({
    image: text,
    startedAtMs: keep,
    cpuSeconds: keep,
    workingSetBytes: keep,
    privateWorkingSetBytes: keep,
    threads: keep,
    handles: keep,
  }),
  services: each(
    record<GroupServiceView>({ name: text, displayName: text, rule: text, containerId: text, ...sockets }),
  ),
  unattributed: record<GroupSocketsView>(sockets),
});

const listener = record<ListenerRowView>({
  address: endpoint,
  proxy: text,
  containerId: text,
  service: text,
  pid: keep,
  detectedBy: text,
  detail: urls,
});

const container = record<ContainerView>({
  id: text,
  name: text,
  kind: text,
  displayName: text,
  image: text,
  state: text,
  pid: keep,
  pids: each(keep),
  applicationTypes: each(text),
  startedAtMs: keep,
  restarts: keep,
  restartsByCause: figures,
  lastExit: record<LastExitView>({ atMs: keep, code: keep, meaning: text }),
  cpuSeconds: keep,
  rssBytes: keep,
  rssSource: oneOf('private working set', 'working set'),
  limits: record<LimitsView>({ memoryBytes: keep, cpuCores: keep, jobs: each(objectName), hasUnnamedJob: keep }),
  threads: keep,
  handles: keep,
  pageFaults: figures,
  imagePath: text,
  io: record<IoView>({
    source: oneOf('disk', 'all requests'),
    device: text,
    reads: keep,
    writes: keep,
    readBytes: keep,
    writtenBytes: keep,
  }),
  listeners: each(record<ListenerView>({ address: endpoint, proxy: text, inMetrics: keep })),
  activeConnections: keep,
});

const disk = record<DiskView>({
  device: text,
  mountPoint: text,
  sizeBytes: keep,
  freeBytes: keep,
  hasCounters: keep,
  reads: keep,
  writes: keep,
  readBytes: keep,
  writtenBytes: keep,
  readSeconds: keep,
  writeSeconds: keep,
  busySeconds: keep,
});

const adapter = record<InterfaceView>({
  name: text,
  up: keep,
  addresses: each(text),
  traffic: text,
  receivedBytes: keep,
  receivedPackets: keep,
  receivedErrors: keep,
  receivedDrops: keep,
  transmittedBytes: keep,
  transmittedPackets: keep,
  transmittedErrors: keep,
  transmittedDrops: keep,
});

const process = record<ProcessView>({
  pid: keep,
  parentPid: keep,
  name: text,
  imagePath: text,
  containerIds: each(text),
  startedAtMs: keep,
  cpuSeconds: keep,
  workingSetBytes: keep,
  privateWorkingSetBytes: keep,
  threads: keep,
  handles: keep,
});

export const ANSWER_RULES: { readonly [P in keyof JsonAnswers]: Rule<JsonAnswers[P]> } = {
  status,
  services: record<ServicesAnswer>({ observedAtMs: keep, stale: keep, services: each(service) as Rule<ServiceView[]> }),
  serviceGroups: record<ServiceGroupsAnswer>({
    observedAtMs: keep,
    stale: keep,
    socketsByService: keep,
    groups: each(group),
  }),
  listeners: record<ListenersAnswer>({ observedAtMs: keep, listeners: each(listener) }),
  containers: record<ContainersAnswer>({ observedAtMs: keep, containers: each(container) as Rule<ContainerView[]> }),
  connections: record<ConnectionsAnswer>({
    observedAtMs: keep,
    connections: each(
      record<ConnectionView>({
        containerId: text,
        containerName: text,
        destination: endpoint,
        actualDestination: endpoint,
        destinationName: (name, scrubber) => (name === '' ? '' : endpoint(name, scrubber)),
        active: keep,
        successfulConnects: keep,
        inferredConnects: keep,
        failedConnects: keep,
        failures: (counts, scrubber) =>
          Object.fromEntries(Object.entries(counts).map(([reason, count]) => [scrubber.text(reason), count])),
        lastFailureAtMs: keep,
        lastFailure: text,
        meanConnectSeconds: keep,
        rttSeconds: keep,
        sentBytes: keep,
        receivedBytes: keep,
        retransmits: keep,
        resets: keep,
      }),
    ),
    truncated: keep,
  }),
  dnsRequests,
  node: record<NodeAnswer>({
    observedAtMs: keep,
    hostname,
    kernelVersion: text,
    machineId: id,
    systemUuid: id,
    uptimeSeconds: keep,
    cpu: figures,
    memory: record<NodeAnswer['memory']>({
      totalBytes: keep,
      availableBytes: keep,
      freeBytes: keep,
      cachedBytes: keep,
      source: text,
    }),
    disks: each(disk),
    interfaces: each(adapter),
  }),
  processes: record<ProcessesAnswer>({
    observedAtMs: keep,
    stale: keep,
    processes: each(process) as Rule<ProcessView[]>,
  }),
};

/** Learns the names of people and machines that answers tell, before any text is gone through. */
export function learnAnswers(
  scrubber: Scrubber,
  { status, node, services, containers, processes }: Partial<JsonAnswers>,
): void {
  for (const each of [status?.host, node]) if (each) scrubber.learnHost(each.hostname);
  for (const { account, binaryPath } of services?.services ?? []) {
    scrubber.learnAccount(account);
    scrubber.learnPath(binaryPath);
  }
  for (const { imagePath } of [...(containers?.containers ?? []), ...(processes?.processes ?? [])])
    scrubber.learnPath(imagePath);
  for (const { mountPoint } of node?.disks ?? []) scrubber.learnPath(mountPoint);
}
