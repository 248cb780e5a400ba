// Finds the owner of each TCP row: a container, a service of a shared process, or a service behind http.sys.
import type { TcpTable } from '../../sources/host.ts';
import type { RowOwners } from '../net/attribution.ts';
import { NO_OWNER, type OwnedBy, type Owner, type Ownership, SHARED } from '../owner/owner.ts';
import type { Container } from './container.ts';
import { type ServiceGroup, servicesByRow } from './service-groups.ts';
import { SYSTEM_PID, type SystemSockets } from './system-sockets.ts';

const NONE: readonly Owner[] = [];

/** Created for each tick. */
export class SocketOwners implements RowOwners {
  /** Owners of processes that are not shared, by pid. */
  readonly #byPid = new Map<number, OwnedBy>();
  readonly #groups: ReadonlyMap<number, ServiceGroup>;
  /** Containers that have a shared process in their tree below the root, by its pid. */
  readonly #above = new Map<number, readonly Owner[]>();
  readonly #services: ReadonlyMap<TcpTable, ReadonlyMap<number, string> | undefined>;
  readonly #system: SystemSockets;

  /** `treesByPid` has the live containers by each pid of their trees. */
  constructor(
    tables: readonly TcpTable[],
    treesByPid: ReadonlyMap<number, readonly Container[]>,
    groups: ReadonlyMap<number, ServiceGroup>,
    system: SystemSockets,
  ) {
    this.#groups = groups;
    this.#system = system;
    this.#services = new Map(groups.size === 0 ? [] : tables.map((table) => [table, servicesByRow(table)]));
    for (const [pid, owners] of treesByPid) {
      if (groups.has(pid)) {
        const above = owners.filter((owner) => owner.pid !== pid);
        if (above.length > 0) this.#above.set(pid, above);
      } else this.#byPid.set(pid, ownersOfProcess(owners, groups));
    }
  }

  /** Owner of all connections of a process; `shared` if they have different owners. */
  ofProcess(pid: number): Ownership {
    return this.#groups.has(pid) ? SHARED : (this.#byPid.get(pid) ?? NO_OWNER);
  }

  ofRow(table: TcpTable, row: number): readonly Owner[] {
    const pid = table.pid[row]!;
    const found = this.#byPid.get(pid);
    if (found) return found.owners;
    const group = this.#groups.get(pid);
    if (group) {
      const names = this.#services.get(table);
      const owners = group.ownersOf(names?.get(row), names !== undefined);
      const above = this.#above.get(pid);
      return above ? [...owners, ...above] : owners;
    }
    return pid === SYSTEM_PID ? this.#system.ownersOf(table, row) : NONE;
  }
}

/** A child process that several services of one group have in their trees belongs to the remainder of the group. */
function ownersOfProcess(containers: readonly Container[], groups: ReadonlyMap<number, ServiceGroup>): OwnedBy {
  if (containers.length === 1) return containers[0]!.alone;
  const sharing = containers.filter(({ shared }) => shared);
  const remainders = [...new Set(sharing.map(({ pid }) => groups.get(pid)))].flatMap((group) => group?.remainder ?? []);
  return { kind: 'owners', owners: [...containers.filter(({ shared }) => !shared), ...remainders] };
}
