// What the agent believes about the host: fed with observations, brought up to date at each tick.
import type {
  Observation,
  ProcessTable,
  ServiceRecord,
  TcpTable,
  Unavailability,
  UrlOwnerRecord,
} from '../sources/host.ts';
import type { Container, Discovered } from './containers/container.ts';
import { locate } from './containers/container-disk.ts';
import type { ServiceExit } from './containers/exit.ts';
import { JobIndex, limit } from './containers/limits.ts';
import { ContainerRegistry } from './containers/registry.ts';
import { type ServiceGroup, serviceGroups } from './containers/service-groups.ts';
import {
  type ContainerFilter,
  decideServices,
  exitOf,
  isContainer,
  type ServiceDecision,
  stops,
} from './containers/services.ts';
import { SocketOwners } from './containers/socket-owners.ts';
import { SystemSockets } from './containers/system-sockets.ts';
import { UnobservedRestarts } from './containers/unobserved-restarts.ts';
import { DnsTracker } from './dns/dns-tracker.ts';
import { NameCache } from './dns/name-cache.ts';
import { NameNormaliser } from './dns/name-normaliser.ts';
import { EventSession } from './event-session.ts';
import { attribute } from './net/attribution.ts';
import { Connections } from './net/connections.ts';
import { DestinationFilter, type DestinationFilterOptions } from './net/destination-filter.ts';
import { Node } from './node.ts';
import type { Owner } from './owner/owner.ts';
import { ProcessIndex } from './processes/process-index.ts';
import { ProcessInstances } from './processes/process-instances.ts';
import { Readings } from './readings.ts';
import { UnattributedCounts } from './unattributed.ts';

export interface ModelOptions {
  readonly minContainerAgeMs: number;
  readonly filter: ContainerFilter;
  /** Names of services that count although they are started by hand or by triggers, as long as they run. */
  readonly includeService?: (serviceName: string) => boolean;
  readonly network?: NetworkOptions;
}

export interface NetworkOptions extends DestinationFilterOptions {
  /** Destinations of one container that are counted separately. */
  readonly maxDestinations?: number;
  /** DNS domains of one container that are counted separately. */
  readonly maxDomains?: number;
}

export class HostModel {
  readonly node = new Node();
  readonly readings = new Readings();
  readonly eventSession = new EventSession();
  readonly containers: ContainerRegistry;
  readonly names = new NameCache();
  readonly connections: Connections;
  readonly dns: DnsTracker;
  readonly unattributed = new UnattributedCounts();
  decisions: readonly ServiceDecision[] = [];
  /** Processes that several running services share, by pid. */
  groups: ReadonlyMap<number, ServiceGroup> = new Map();
  /** Whether the last TCP tables tell which service of a shared process has a socket. */
  socketsByService = false;
  /** Sockets of the System process. */
  system = new SystemSockets([], [], []);
  /** Time of the last tick, on the clock of the host. */
  nowMs = 0;
  /** Time between two ticks as the host plans it, 0 before the first. */
  intervalMs = 0;
  readonly #filter: ContainerFilter;
  readonly #destinationFilter: DestinationFilter;
  readonly #includeService: (serviceName: string) => boolean;
  #services: readonly ServiceRecord[] | undefined;
  #processes: { index: ProcessIndex; atMs: number } | undefined;
  #tcp: readonly TcpTable[] | undefined;
  #jobs: JobIndex | undefined;
  /** Whether `#tcp` was read since the last look. */
  #tcpFresh = false;
  readonly #instances = new ProcessInstances();
  readonly #fastRestarts = new UnobservedRestarts();
  #urlOwners: readonly UrlOwnerRecord[] = [];

  constructor(options: ModelOptions) {
    this.containers = new ContainerRegistry({ minAgeMs: options.minContainerAgeMs });
    const { maxDestinations = 500, maxDomains = 50 } = options.network ?? {};
    this.#destinationFilter = new DestinationFilter(options.network);
    const { names, unattributed } = this;
    const parts = { names, unattributed, normaliser: new NameNormaliser(), instances: this.#instances };
    this.connections = new Connections({
      ...parts,
      filter: this.#destinationFilter,
      rules: { names, maxDestinations },
    });
    this.dns = new DnsTracker({ ...parts, maxDomains });
    this.#filter = options.filter;
    this.#includeService = options.includeService ?? (() => false);
  }

  /** Every process of the last list, undefined before the first. */
  get processes(): ProcessTable | undefined {
    return this.#processes?.index.table;
  }

  /** Takes one observation in; returns problems that are new. A failed reading leaves what was known, marked stale. */
  observe(observation: Observation): readonly Unavailability[] {
    const news = this.readings.take(observation);
    this.eventSession.take(observation);
    if (observation.unavailable) {
      if (observation.kind === 'etw') this.connections.coverage.unavailable(observation.unavailable);
      return news;
    }
    switch (observation.kind) {
      case 'identity':
        this.node.takeIdentity(observation.data, (observation.degraded ?? []).length === 0);
        break;
      case 'system':
        this.node.uptimeMs = observation.data.uptimeMs;
        break;
      case 'services':
        this.#services = observation.data;
        break;
      case 'processes':
        this.#processes = {
          index: new ProcessIndex(observation.data),
          atMs: observation.tWall - observation.seconds * 1000,
        };
        break;
      case 'jobs':
        this.#jobs = new JobIndex(observation.data, observation.tWall - observation.seconds * 1000);
        break;
      case 'adapters':
        this.node.takeAdapters(observation.data);
        break;
      case 'cpu':
        this.node.cpu = observation.data;
        break;
      case 'memory':
        this.node.memory = observation.data;
        break;
      case 'disks':
        this.node.disks.take(observation.data);
        break;
      case 'interfaces':
        this.node.interfaces.takeCounters(observation.data);
        break;
      case 'tcp':
        this.#tcp = observation.data;
        this.#tcpFresh = true;
        break;
      case 'tcpEvents':
        this.connections.events.add(observation.data);
        break;
      case 'dnsEvents':
        this.dns.applyEvents(observation.data);
        break;
      case 'processEvents':
        this.#instances.applyEvents(observation.data);
        for (const event of observation.data) if (event.type === 'stopped') this.containers.processEnded(event);
        break;
      case 'tcpStatistics':
        this.connections.setStatistics(observation.data);
        break;
      case 'etw':
        this.connections.coverage.take(observation.data);
        break;
      case 'urlOwners':
        this.#urlOwners = observation.data;
        break;
      case 'tick':
        this.intervalMs = observation.data.intervalMs;
        this.#update(observation.tWall);
        break;
    }
    return news;
  }

  #update(nowMs: number): void {
    this.nowMs = nowMs;
    // Before the first answer of the SCM nothing is known to be gone.
    if (!this.#services) {
      this.unattributed.add('process', 'no services yet', this.#instances.attributeExited(this.containers.lists, true));
      this.#expire(nowMs);
      return;
    }
    this.decisions = decideServices(this.#services, this.#filter, this.#includeService);
    const found = this.decisions.filter(({ rule }) => isContainer(rule)).map(discovered);
    const stopped = new Map(this.decisions.filter(({ rule }) => rule === 'not-running').flatMap(exitsById));
    const index = this.#processes?.index;
    const listedAtMs = this.#processes?.atMs ?? 0;
    // The lists before the one that this look takes in.
    const { lists } = this.containers;
    this.#instances.attributeExited(lists, false);
    this.containers.merge(found, stopped, index, listedAtMs, nowMs);
    const containers = this.containers.all();
    locate(containers, this.node.disks.all());
    this.#limit(containers);
    this.groups = serviceGroups(this.decisions, containers);
    this.system = new SystemSockets(this.#urlOwners, this.decisions, containers);
    const byPid = this.containers.byPid();
    if (this.#tcp) this.socketsByService = this.#tcp.some(({ services }) => services !== undefined);
    const owners = new SocketOwners(this.#tcp ?? [], byPid, this.groups, this.system);
    if (index) this.#instances.applyList(index, listedAtMs, byPid, (pid) => owners.ofProcess(pid));
    this.#fastRestarts.take(containers, this.#services, this.#instances, nowMs);
    this.unattributed.add('process', 'unknown parent', this.#instances.attributeExited(lists, true));
    this.#look(nowMs, listedAtMs, containers, owners);
    this.#expire(nowMs);
  }

  #expire(nowMs: number): void {
    this.#instances.expire(nowMs);
    this.unattributed.add('process', 'too many', this.#instances.dropped);
    this.#instances.dropped = 0;
    this.names.expire(nowMs);
  }

  #limit(containers: readonly Container[]): void {
    if (!this.#jobs) return;
    const index = this.#processes?.index;
    const jobIdOf = (pid: number): number | undefined => {
      const row = index?.row(pid);
      return row === undefined ? undefined : index?.table.jobId?.[row];
    };
    limit(containers, this.#jobs, this.node.cpu?.logicalProcessors, jobIdOf);
  }

  /** Goes through the TCP tables, and gives what waited for a look at tables and processes to its owners. */
  #look(nowMs: number, listedAtMs: number, containers: readonly Container[], owners: SocketOwners): void {
    const sharedOwners = (pid: number, tagged = this.socketsByService): readonly Owner[] =>
      (this.groups.get(pid)?.ownersOf(undefined, tagged) ?? []).filter(({ role }) => role === 'container');
    this.connections.begin(nowMs, this.#tcpFresh);
    if (this.#tcp) {
      const all = [...this.#owners(containers)];
      const hidden = (port: number) => this.#destinationFilter.excludesPort(port);
      attribute(this.#tcp, all, owners, this.node.addresses, hidden, this.connections);
      this.connections.end(listedAtMs, sharedOwners);
      for (const { network } of all) network.end(nowMs);
    } else this.connections.settle(listedAtMs, sharedOwners);
    this.#tcpFresh = false;
    this.dns.settle(nowMs, listedAtMs, (pid) => sharedOwners(pid, false));
  }

  #owners(containers: readonly Container[]): Set<Owner> {
    const owners = new Set<Owner>([...containers, this.system.owner]);
    for (const { members, remainder } of this.groups.values()) {
      for (const { owner } of members) owners.add(owner);
      owners.add(remainder);
    }
    return owners;
  }
}

function discovered({ service, containerId }: ServiceDecision): Discovered {
  const { name, displayName, pid } = service;
  const exit = exitOf(service);
  return {
    id: containerId,
    kind: 'service',
    name,
    displayName,
    image: '',
    pid,
    stopping: stops(service),
    ...(exit ? { exit } : {}),
  };
}

function exitsById({ service, containerId }: ServiceDecision): [id: string, exit: ServiceExit][] {
  const exit = exitOf(service);
  return exit ? [[containerId, exit]] : [];
}
