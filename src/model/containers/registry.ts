// All containers, updated in each tick: adds new ones, counts restarts, retains those that are gone.
import type { DockerContainer, ProcessEventRecord } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { ListTimes } from '../processes/list-times.ts';
import type { ProcessIndex } from '../processes/process-index.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { applicationType } from './application-type.ts';
import { type ApplicationType, Container, type Discovered, isRunning, RETENTION_MS } from './container.ts';
import type { ServiceExit } from './exit.ts';
import { siloRows } from './silo.ts';

/** Application types of these processes; existing objects are kept. */
function applicationTypes(
  container: Container,
  rows: readonly number[],
  { table }: ProcessIndex,
): Map<string, ApplicationType> {
  const types = new Map<string, ApplicationType>();
  for (const row of rows) {
    const type = applicationType(table.name[row]!);
    if (type !== undefined && !types.has(type)) types.set(type, container.applicationTypes.get(type) ?? { type });
  }
  return types;
}

/** When a container was started: milliseconds since 1970, 0 while unknown, and on the monotonic clock. */
interface Start {
  readonly startedAtMs: number;
  readonly startedMonoMs: number;
}

/** Estimated by the clock of Windows, which Docker uses too. */
function startOf({ startedAtMs }: DockerContainer, { monoMs, wallMs }: Now): Start {
  return { startedAtMs, startedMonoMs: startedAtMs === 0 ? monoMs : monoMs - Math.max(0, wallMs - startedAtMs) };
}

export interface RegistryOptions {
  /** Age below which a new container is not reported, 0 for none. */
  readonly minAgeMs: number;
}

export class ContainerRegistry {
  readonly #options: RegistryOptions;
  readonly #containers = new Map<string, Container>();
  /** Live containers by their root process, as of the last tick. */
  #roots: ReadonlyMap<number, readonly Container[]> = new Map();
  /** Containers of Docker by its ids, as of the last tick. */
  #byDockerId: ReadonlyMap<string, Container> = new Map();
  #lists: ListTimes = { lastMs: 0, beforeMs: 0 };
  #lastList: ProcessIndex | undefined;
  #lastListMonoMs = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Times of the last two process lists that usage was updated from. */
  get lists(): ListTimes {
    return this.#lists;
  }

  has(id: string): boolean {
    return this.#containers.has(id);
  }

  /** The container that Docker has given this id, 64 hexadecimal digits; also after it has exited or is gone. */
  byDockerId(id: string): Container | undefined {
    return this.#byDockerId.get(id);
  }

  /** In the order of their first discovery. */
  all(): Container[] {
    return [...this.#containers.values()];
  }

  /** Live containers, by each pid of their trees. */
  treesByPid(): Map<number, Container[]> {
    const owners = new Map<number, Container[]>();
    for (const container of this.#containers.values()) {
      for (const pid of container.pids) {
        const others = owners.get(pid);
        if (others) others.push(container);
        else owners.set(pid, [container]);
      }
    }
    return owners;
  }

  /**
   * Merges the containers of one tick. `stopped` has the exit status of services that were stopped normally, by
   * container id. Without a process list trees and usage stay as they are.
   */
  merge(found: readonly Discovered[], stopped: ReadonlyMap<string, ServiceExit>, list: ProcessList, now: Now): void {
    const { index: processes } = list;
    const discoveredIds = new Set<string>();
    const roots = new Map<number, Container[]>();
    const byDockerId = new Map<string, Container>();
    for (const each of found) {
      discoveredIds.add(each.id);
      let container = this.#containers.get(each.id);
      if (!container) {
        container = new Container(each, now);
        this.#containers.set(each.id, container);
      }
      if (each.docker) byDockerId.set(each.docker.id, container);
      const { startedAtMs, startedMonoMs } = each.docker
        ? startOf(each.docker, now)
        : this.#startOf(each.pid, list, now);
      container.applyDiscovered(each, startedAtMs, startedMonoMs, now);
      this.#updateMaturity(container, now);
      if (!isRunning(each)) continue;
      if (each.docker) {
        this.#applyProcesses(container, processes, processes && siloRows(processes, each.pid, startedAtMs));
        continue;
      }
      roots.set(each.pid, [...(roots.get(each.pid) ?? []), container]);
      this.#applyProcesses(container, processes, processes?.tree(each.pid));
    }
    for (const sharers of roots.values()) for (const container of sharers) container.shared = sharers.length > 1;
    this.#roots = roots;
    this.#applyMissing(discoveredIds, stopped, now);
    // One that is gone may have more messages; after a change of its name the new container has them.
    for (const container of this.#containers.values()) {
      const id = container.docker?.record.id;
      if (id !== undefined && !byDockerId.has(id)) byDockerId.set(id, container);
    }
    this.#byDockerId = byDockerId;
    if (!processes || processes === this.#lastList) return;
    this.#lists = { lastMs: list.readAtMs, beforeMs: this.#lists.lastMs };
    this.#lastList = processes;
    this.#lastListMonoMs = list.readAtMonoMs;
  }

  #startOf(pid: number, list: ProcessList, { monoMs }: Now): Start {
    const { index } = list;
    const row = index?.row(pid);
    const startedAtMs = row === undefined ? 0 : index!.table.createdAtMs[row]!;
    return { startedAtMs, startedMonoMs: this.#createdMonoMs(pid, startedAtMs, list) ?? monoMs };
  }

  /**
   * When a listed process was created on the monotonic clock, by the time that it had run by the clock of Windows. That
   * clock may have been set since: the process is not younger than the list, and not older than a list that lacks it.
   * Undefined without a creation time.
   */
  #createdMonoMs(pid: number, createdAtMs: number, { readAtMs, readAtMonoMs }: ProcessList): number | undefined {
    if (createdAtMs === 0) return undefined;
    const estimate = Math.min(readAtMonoMs, readAtMonoMs - (readAtMs - createdAtMs));
    const isNew = this.#lastList && !this.#lastList.has(pid, createdAtMs);
    return isNew ? Math.max(estimate, this.#lastListMonoMs) : estimate;
  }

  /** Applies a stop event. For a root process it has the exit code of the container. */
  applyStopEvent({ pid, createdAtMs, exitCode, atMs }: ProcessEventRecord): void {
    if (exitCode === undefined) return;
    for (const { history } of this.#roots.get(pid) ?? []) history.processExited(pid, createdAtMs, exitCode, atMs);
  }

  /** `rows` are those of its processes, the root first. */
  #applyProcesses(container: Container, processes: ProcessIndex | undefined, rows: readonly number[] = []): void {
    container.hasListedRoot = rows.length > 0;
    // The pid of the SCM is enough to attribute connections of the root; that of Docker may be another process by now.
    const root = container.docker ? [] : [container.pid];
    container.pids = processes && container.hasListedRoot ? rows.map((row) => processes.table.pid[row]!) : root;
    if (!processes || !container.hasListedRoot) return;
    container.applicationTypes = applicationTypes(container, rows, processes);
    // If the path cannot be read now the known one is kept.
    container.imagePath = processes.table.imagePath?.[rows[0]!] || container.imagePath;
    // Usage is updated once for each list.
    if (processes !== this.#lastList) container.usage.update(processes.table, rows, this.#lastList);
  }

  #updateMaturity(container: Container, { monoMs }: Now): void {
    if (container.mature) return;
    // The earlier one: the agent may have started after the service, or the creation time may be unreadable.
    const since = Math.min(container.startedMonoMs, container.firstSeenMonoMs);
    container.mature = monoMs - since >= this.#options.minAgeMs;
  }

  #applyMissing(discoveredIds: ReadonlySet<string>, stopped: ReadonlyMap<string, ServiceExit>, now: Now): void {
    for (const container of this.#containers.values()) {
      if (discoveredIds.has(container.id)) continue;
      container.applyMissing(now, stopped.get(container.id));
      if (now.monoMs - (container.goneMonoMs ?? now.monoMs) > RETENTION_MS) this.#containers.delete(container.id);
    }
  }
}
