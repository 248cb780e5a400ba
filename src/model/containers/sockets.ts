// The owners of sockets in one tick: containers, shared processes and the System process.
import type { TcpTable, UrlReservationRecord } from '../../sources/host.ts';
import type { Owner } from '../owner/owner.ts';
import type { Container } from './container.ts';
import { type ServiceGroup, serviceGroups } from './service-groups.ts';
import type { ServiceDecision } from './services.ts';
import { SocketOwners } from './socket-owners.ts';
import { SystemSockets } from './system-sockets.ts';

export class Sockets {
  urlReservations: readonly UrlReservationRecord[] = [];
  /** Shared processes, by pid. */
  groups: ReadonlyMap<number, ServiceGroup> = new Map();
  /** Sockets of the System process. */
  system = new SystemSockets([], [], []);
  /** Whether the last TCP tables have the services of sockets of shared processes. */
  byService = false;
  owners = new SocketOwners([], new Map(), this.groups, this.system);
  /** Live containers by each pid of their trees. */
  treesByPid: ReadonlyMap<number, readonly Container[]> = new Map();
  #containers: readonly Container[] = [];

  /** Derives the other fields. */
  update(
    tables: readonly TcpTable[] | undefined,
    decisions: readonly ServiceDecision[],
    containers: readonly Container[],
    treesByPid: ReadonlyMap<number, readonly Container[]>,
  ): void {
    this.#containers = containers;
    this.treesByPid = treesByPid;
    this.groups = serviceGroups(decisions, containers);
    this.system = new SystemSockets(this.urlReservations, decisions, containers);
    if (tables) this.byService = tables.some(({ services }) => services !== undefined);
    this.owners = new SocketOwners(tables ?? [], treesByPid, this.groups, this.system);
  }

  /** Containers that own the sockets of a shared process where no row names the service. */
  sharedOwners(pid: number, tagged = this.byService): readonly Owner[] {
    return (this.groups.get(pid)?.ownersOf(undefined, tagged) ?? []).filter(({ role }) => role === 'container');
  }

  /** Every owner of sockets, each once. */
  allOwners(): ReadonlySet<Owner> {
    const owners = new Set<Owner>([...this.#containers, this.system.owner]);
    for (const { members, remainder } of this.groups.values()) {
      for (const { owner } of members) owners.add(owner);
      owners.add(remainder);
    }
    return owners;
  }
}
