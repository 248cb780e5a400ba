// What the agent believes about the host: fed with observations, brought up to date at each tick.
import type { Observation, ProcessTable, ServiceRecord, TcpTable, Unavailability, UrlOwnerRecord } from '../sources/host.ts';
import type { Container, Discovered } from './containers/container.ts';
import { locate } from './containers/container-disk.ts';
import type { ServiceExit } from './containers/exit.ts';
import { JobIndex, limit } from './containers/limits.ts';
import { ProcessIndex } from './containers/process-index.ts';
import { ContainerRegistry } from './containers/registry.ts';
import { type ServiceGroup, serviceGroups } from './containers/service-groups.ts';
import { EventSession } from './event-session.ts';
import { attribute } from './net/attribution.ts';
import { SocketOwners } from './net/socket-owners.ts';
import { SystemSockets } from './net/system-sockets.ts';
import { Node } from './node.ts';
import { Readings } from './readings.ts';
import { type ContainerFilter, decideServices, exitOf, isContainer, type ServiceDecision, stops } from './services.ts';

export interface ModelOptions {
  readonly minContainerAgeMs: number;
  readonly filter: ContainerFilter;
  /** Names of services that count although they are started by hand or by triggers, as long as they run. */
  readonly includeService?: (serviceName: string) => boolean;
}

export class HostModel {
  readonly node = new Node();
  readonly readings = new Readings();
  readonly eventSession = new EventSession();
  readonly containers: ContainerRegistry;
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
  readonly #includeService: (serviceName: string) => boolean;
  #services: readonly ServiceRecord[] | undefined;
  #processes: { index: ProcessIndex; atMs: number } | undefined;
  #tcp: readonly TcpTable[] | undefined;
  #jobs: JobIndex | undefined;
  #urlOwners: readonly UrlOwnerRecord[] = [];

  constructor(options: ModelOptions) {
    this.containers = new ContainerRegistry({ minAgeMs: options.minContainerAgeMs });
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
    if (observation.unavailable) return news;
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
        this.#processes = { index: new ProcessIndex(observation.data), atMs: observation.tWall - observation.seconds * 1000 };
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
        break;
      case 'urlOwners':
        this.#urlOwners = observation.data;
        break;
      case 'processEvents':
        for (const event of observation.data) if (event.type === 'stopped') this.containers.processEnded(event);
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
    if (!this.#services) return;
    this.decisions = decideServices(this.#services, this.#filter, this.#includeService);
    const found = this.decisions.filter(({ rule }) => isContainer(rule)).map(discovered);
    const stopped = new Map(this.decisions.filter(({ rule }) => rule === 'not-running').flatMap(exitsById));
    this.containers.merge(found, stopped, this.#processes?.index, this.#processes?.atMs ?? 0, nowMs);
    const containers = this.containers.all();
    locate(containers, this.node.disks.all());
    this.#limit(containers);
    this.groups = serviceGroups(this.decisions, containers);
    this.system = new SystemSockets(this.#urlOwners, this.decisions, containers);
    if (this.#tcp) this.#attribute(this.#tcp, containers);
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

  #attribute(tables: readonly TcpTable[], containers: readonly Container[]): void {
    this.socketsByService = tables.some(({ services }) => services !== undefined);
    const owners = new SocketOwners(tables, this.containers.byPid(), this.groups, this.system);
    const networks = new Set([...containers.map(({ network }) => network), this.system.network]);
    for (const { members, unattributed } of this.groups.values()) {
      for (const { network } of members) networks.add(network);
      networks.add(unattributed);
    }
    attribute(tables, [...networks], owners, this.node.addresses);
  }
}

function discovered({ service, containerId }: ServiceDecision): Discovered {
  const { name, displayName, pid } = service;
  const exit = exitOf(service);
  return { id: containerId, kind: 'service', name, displayName, image: '', pid, stopping: stops(service), ...(exit ? { exit } : {}) };
}

function exitsById({ service, containerId }: ServiceDecision): [id: string, exit: ServiceExit][] {
  const exit = exitOf(service);
  return exit ? [[containerId, exit]] : [];
}
