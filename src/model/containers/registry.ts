// All containers, updated in each tick: adds new ones, counts restarts, retains those that are gone.
import type { ProcessEventRecord } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { ListTimes } from '../processes/list-times.ts';
import type { ProcessIndex } from '../processes/process-index.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { applicationType } from './application-type.ts';
import { type ApplicationType, Container, type Discovered, RETENTION_MS } from './container.ts';
import type { ServiceExit } from './exit.ts';

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

export interface RegistryOptions {
  /** Age below which a new container is not reported, 0 for none. */
  readonly minAgeMs: number;
}

export class ContainerRegistry {
  readonly #options: RegistryOptions;
  readonly #containers = new Map<string, Container>();
  /** Live containers by their root process, as of the last tick. */
  #roots: ReadonlyMap<number, readonly Container[]> = new Map();
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
    for (const each of found) {
      discoveredIds.add(each.id);
      let container = this.#containers.get(each.id);
      if (!container) {
        container = new Container(each, now);
        this.#containers.set(each.id, container);
      }
      const row = processes?.row(each.pid);
      const createdAtMs = row === undefined ? 0 : processes!.table.createdAtMs[row]!;
      container.applyDiscovered(each, createdAtMs, this.#createdMonoMs(each.pid, createdAtMs, list) ?? now.monoMs, now);
      this.#updateMaturity(container, now);
      if (each.pid === 0) continue;
      roots.set(each.pid, [...(roots.get(each.pid) ?? []), container]);
      this.#applyProcesses(container, processes);
    }
    for (const sharers of roots.values()) for (const container of sharers) container.shared = sharers.length > 1;
    this.#roots = roots;
    this.#applyMissing(discoveredIds, stopped, now);
    if (!processes || processes === this.#lastList) return;
    this.#lists = { lastMs: list.readAtMs, beforeMs: this.#lists.lastMs };
    this.#lastList = processes;
    this.#lastListMonoMs = list.readAtMonoMs;
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

  #applyProcesses(container: Container, processes: ProcessIndex | undefined): void {
    const rows = processes?.tree(container.pid) ?? [];
    container.measured = rows.length > 0;
    // The pid of the SCM is enough to attribute connections of the root.
    container.pids = processes && container.measured ? rows.map((row) => processes.table.pid[row]!) : [container.pid];
    if (!processes || !container.measured) return;
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
