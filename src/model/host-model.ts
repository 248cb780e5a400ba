// The state of the host: a list of parts that apply observations and act in the phases of each tick.
import type { ParserSettings } from '../logs/parser-settings.ts';
import type { Observation, ObservationKind, ProcessTable, Unavailability } from '../sources/host.ts';
import { Clock } from './clock.ts';
import type { CloudOverrides } from './cloud.ts';
import { Discovery, type DiscoveryOptions } from './containers/discovery.ts';
import { Docker } from './containers/docker.ts';
import { ContainerRegistry } from './containers/registry.ts';
import { Sockets } from './containers/sockets.ts';
import { UnobservedRestarts } from './containers/unobserved-restarts.ts';
import { DnsTracker } from './dns/dns-tracker.ts';
import { NameCache } from './dns/name-cache.ts';
import { NameNormaliser } from './dns/name-normaliser.ts';
import { EventSession } from './event-session.ts';
import { Gpus } from './gpus.ts';
import { EventRouter } from './logs/event-router.ts';
import { HostLogs } from './logs/host-logs.ts';
import { Connections } from './net/connections.ts';
import { DestinationFilter, type DestinationFilterOptions } from './net/destination-filter.ts';
import { TcpScan } from './net/scan.ts';
import { Node } from './node.ts';
import { containerPart } from './parts/containers.ts';
import { dnsPart } from './parts/dns.ts';
import { eventCoveragePart, eventSessionPart } from './parts/event-session.ts';
import { gpuPart } from './parts/gpus.ts';
import { logPart } from './parts/logs.ts';
import { networkPart } from './parts/network.ts';
import { nodePart } from './parts/node.ts';
import type { Part } from './parts/part.ts';
import { eachPhase } from './parts/phases.ts';
import { processPart } from './parts/processes.ts';
import { ProcessInstances } from './processes/process-instances.ts';
import { ProcessList } from './processes/process-list.ts';
import { Readings } from './readings.ts';
import { UnattributedCounts } from './unattributed.ts';

export interface ModelOptions extends DiscoveryOptions {
  readonly minContainerAgeMs: number;
  readonly network?: NetworkOptions;
  /** How messages of events are parsed, as in Coroot by default; `off` ignores all logs. */
  readonly logs?: ParserSettings | 'off';
  readonly cloud?: CloudOverrides;
}

const DEFAULT_LOGS: ParserSettings = {
  rules: 'coroot',
  json: true,
  patternsPerLevel: 256,
  maxSampleBytes: 4096,
  recordsPerSecond: 0,
};

export interface NetworkOptions extends DestinationFilterOptions {
  /** Destinations of one container that are counted separately. */
  readonly maxDestinations?: number;
  /** DNS domains of one container that are counted separately. */
  readonly maxDomains?: number;
}

export class HostModel {
  /** Time of the last observation; ages are differences of its monotonic time. */
  readonly clock = new Clock();
  readonly node: Node;
  readonly readings = new Readings();
  readonly eventSession = new EventSession();
  readonly gpus = new Gpus();
  readonly docker = new Docker();
  readonly containers: ContainerRegistry;
  readonly connections: Connections;
  readonly dns: DnsTracker;
  readonly logs: HostLogs;
  readonly names = new NameCache();
  readonly unattributed = new UnattributedCounts();
  /** Time of the last tick in milliseconds since 1970, for display. */
  nowMs = 0;
  /** Planned time between two ticks, 0 before the first. */
  intervalMs = 0;
  readonly #discovery: Discovery;
  readonly #sockets = new Sockets();
  readonly #list = new ProcessList();
  readonly #instances = new ProcessInstances(this.clock);
  /** Parts in the order in which they apply an observation and act in a phase. */
  readonly #parts: readonly Part[];
  readonly #byKind = new Map<ObservationKind, Part[]>();

  constructor({ minContainerAgeMs, network = {}, cloud, logs = DEFAULT_LOGS, ...discoveryOptions }: ModelOptions) {
    const node = new Node(cloud);
    this.node = node;
    const { clock, names, unattributed } = this;
    const discovery = new Discovery(discoveryOptions);
    const containers = new ContainerRegistry({ minAgeMs: minContainerAgeMs });
    const instances = this.#instances;
    const filter = new DestinationFilter(network);
    const { maxDestinations = 500, maxDomains = 50 } = network;
    const shared = { clock, names, unattributed, instances, normaliser: new NameNormaliser() };
    const connections = new Connections({ ...shared, filter, rules: { names, maxDestinations } });
    const dns = new DnsTracker({ ...shared, maxDomains });
    const scan = new TcpScan(connections, filter);
    const restarts = new UnobservedRestarts();
    this.#discovery = discovery;
    this.containers = containers;
    this.connections = connections;
    this.dns = dns;
    this.logs = new HostLogs({
      ...(logs === 'off' ? DEFAULT_LOGS : logs),
      containers,
      router: new EventRouter({ clock, containers, instances, services: discovery, list: this.#list }),
      now: clock,
    });
    const context = { node, discovery, containers, instances, list: this.#list, sockets: this.#sockets, unattributed };
    this.#parts = [
      nodePart(node),
      eventSessionPart(this.eventSession),
      eventCoveragePart(connections.coverage),
      processPart(context),
      containerPart({
        ...context,
        restarts,
        docker: this.docker,
        isExcludedPort: (port) => filter.excludesPort(port),
      }),
      networkPart({ ...context, scan, connections }),
      dnsPart({ ...context, dns, names }),
      ...(logs === 'off' ? [] : [logPart({ logs: this.logs })]),
      gpuPart({ ...context, gpus: this.gpus }),
    ];
    for (const part of this.#parts)
      for (const kind of part.kinds) this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), part]);
  }

  /** One decision for each service. */
  get decisions(): Discovery['decisions'] {
    return this.#discovery.decisions;
  }

  /** Processes that several running services share, by pid. */
  get groups(): Sockets['groups'] {
    return this.#sockets.groups;
  }

  /** Sockets of the System process. */
  get system(): Sockets['system'] {
    return this.#sockets.system;
  }

  /** Whether the last TCP tables have the services of sockets of shared processes. */
  get socketsByService(): boolean {
    return this.#sockets.byService;
  }

  /** The last process list; undefined before the first. */
  get processes(): ProcessTable | undefined {
    return this.#list.index?.table;
  }

  /** Milliseconds since the creation of a listed process, 0 while unknown. */
  processAgeMs(pid: number, createdAtMs: number): number {
    return createdAtMs === 0 ? 0 : this.#instances.ageMs(pid, createdAtMs);
  }

  /**
   * Applies one observation; returns problems that are new. After a failed reading the model keeps the last data,
   * marked as stale.
   */
  observe(observation: Observation): readonly Unavailability[] {
    this.clock.advance(observation.tMono, observation.tWall);
    const problems = this.readings.update(observation);
    for (const part of this.#byKind.get(observation.kind) ?? []) {
      if (observation.unavailable) part.fail?.(observation.unavailable);
      else part.apply(observation);
    }
    if (observation.kind === 'tick' && !observation.unavailable) {
      this.intervalMs = observation.data.intervalMs;
      this.nowMs = observation.tWall;
      this.#tick();
    }
    return problems;
  }

  #tick(): void {
    eachPhase(
      () => this.#discovery.services !== undefined,
      (phase) => {
        for (const { tick } of this.#parts) tick?.[phase]?.(this.clock);
      },
    );
  }
}
