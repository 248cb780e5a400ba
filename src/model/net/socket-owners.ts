// Whose each TCP row is: a container's, one of several services' in a process, or the system's on behalf of a service.
import type { TcpTable } from '../../sources/host.ts';
import type { Container } from '../containers/container.ts';
import { type ServiceGroup, servicesByRow } from '../containers/service-groups.ts';
import type { RowOwners } from './attribution.ts';
import type { ContainerNetwork } from './container-network.ts';
import { SYSTEM_PID, type SystemSockets } from './system-sockets.ts';

const NOBODY: readonly ContainerNetwork[] = [];

/** Made anew for every look. */
export class SocketOwners implements RowOwners {
  readonly #whole = new Map<number, readonly ContainerNetwork[]>();
  readonly #groups: ReadonlyMap<number, ServiceGroup>;
  /** Containers that have a shared process somewhere in their tree, by its pid. */
  readonly #above = new Map<number, readonly ContainerNetwork[]>();
  readonly #services: ReadonlyMap<TcpTable, ReadonlyMap<number, string> | undefined>;
  readonly #system: SystemSockets;

  /** `byPid` has the live containers by each pid of their trees. */
  constructor(
    tables: readonly TcpTable[],
    byPid: ReadonlyMap<number, readonly Container[]>,
    groups: ReadonlyMap<number, ServiceGroup>,
    system: SystemSockets,
  ) {
    this.#groups = groups;
    this.#system = system;
    this.#services = new Map(groups.size === 0 ? [] : tables.map((table) => [table, servicesByRow(table)]));
    for (const [pid, owners] of byPid) {
      if (groups.has(pid)) {
        const above = owners.filter((owner) => owner.pid !== pid);
        if (above.length > 0) this.#above.set(pid, networksOf(above));
      } else this.#whole.set(pid, wholeOwners(owners, groups));
    }
  }

  /** Whose all connections of a process are; `shared` where that is different from one to the next, undefined for nobody's. */
  ofProcess(pid: number): readonly ContainerNetwork[] | 'shared' | undefined {
    return this.#groups.has(pid) ? 'shared' : this.#whole.get(pid);
  }

  of(table: TcpTable, row: number): readonly ContainerNetwork[] {
    const pid = table.pid[row]!;
    const whole = this.#whole.get(pid);
    if (whole) return whole;
    const group = this.#groups.get(pid);
    if (group) {
      const names = this.#services.get(table);
      const owners = group.ownersOf(names?.get(row), names !== undefined);
      const above = this.#above.get(pid);
      return above ? [...owners, ...above] : owners;
    }
    return pid === SYSTEM_PID ? this.#system.ownersOf(table, row) : NOBODY;
  }
}

/** Several services of one group have the same child process in their trees: which of them began it, nobody says. */
function wholeOwners(
  owners: readonly Container[],
  groups: ReadonlyMap<number, ServiceGroup>,
): readonly ContainerNetwork[] {
  if (owners.length === 1) return [owners[0]!.network];
  const sharers = owners.filter(({ shared }) => shared);
  const networks = networksOf(owners.filter(({ shared }) => !shared));
  const unattributed = [...new Set(sharers.map(({ pid }) => groups.get(pid)))].flatMap(
    (group) => group?.unattributed ?? [],
  );
  return [...networks, ...unattributed];
}

function networksOf(containers: readonly Container[]): ContainerNetwork[] {
  return containers.map(({ network }) => network);
}
