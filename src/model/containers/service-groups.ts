// Processes that several running services share: the services of each, and the owners of its sockets.
import type { TcpTable } from '../../sources/host.ts';
import { Owner } from '../owner/owner.ts';
import type { Container } from './container.ts';
import { hasProcess, type ServiceDecision } from './services.ts';

/** One of the services in a shared process. */
export interface GroupMember {
  readonly decision: ServiceDecision;
  /** Undefined for a service that is not a container. */
  readonly container: Container | undefined;
  /** The container, or a separate owner for a service that is not a container. */
  readonly owner: Owner;
}

/**
 * Several services in one process. Windows measures processor time and memory for the process as a whole; a socket may
 * have the tag of its service.
 */
export class ServiceGroup {
  readonly pid: number;
  readonly members: readonly GroupMember[];
  /** Owner of sockets without a known service, and of child processes. */
  readonly remainder = new Owner('remainder');
  readonly #byName: ReadonlyMap<string, Owner>;
  /** Owner of all sockets if Windows does not report their services. */
  readonly #untagged: Owner;

  constructor(pid: number, members: readonly GroupMember[]) {
    this.pid = pid;
    this.members = members;
    this.#byName = new Map(members.map(({ decision, owner }) => [decision.service.name, owner]));
    const containers = members.filter(({ container }) => container !== undefined);
    this.#untagged = containers.length === 1 ? containers[0]!.owner : this.remainder;
  }

  /** Name of the svchost group, e.g. `netsvcs`; empty for another program. */
  get name(): string {
    for (const { decision } of this.members) {
      const found = /\bsvchost(?:\.exe)?"?\s(?:.*\s)?-k\s+"?([^\s"]+)/i.exec(decision.service.config?.binaryPath ?? '');
      if (found) return found[1]!;
    }
    return '';
  }

  /**
   * Owners of a socket of this process. `tagged` says whether Windows reports services of sockets. If it does, a socket
   * without one belongs to the remainder. If it does not, the only container among the services owns all sockets, as in
   * Coroot's agent.
   */
  ownersOf(serviceName: string | undefined, tagged: boolean): readonly Owner[] {
    if (!tagged) return this.#untagged.alone.owners;
    const named = serviceName === undefined ? undefined : this.#byName.get(serviceName);
    return (named ?? this.remainder).alone.owners;
  }
}

/** The shared processes of one moment, by pid. */
export function serviceGroups(
  decisions: readonly ServiceDecision[],
  containers: readonly Container[],
): ReadonlyMap<number, ServiceGroup> {
  const byPid = new Map<number, ServiceDecision[]>();
  for (const decision of decisions) {
    if (!hasProcess(decision.service)) continue;
    const sharing = byPid.get(decision.service.pid);
    if (sharing) sharing.push(decision);
    else byPid.set(decision.service.pid, [decision]);
  }
  const live = new Map(containers.filter(({ pid }) => pid !== 0).map((container) => [container.id, container]));
  const groups = new Map<number, ServiceGroup>();
  for (const [pid, sharing] of byPid) {
    if (sharing.length < 2) continue;
    const members = sharing.map((decision): GroupMember => {
      const container = live.get(decision.containerId);
      return { decision, container, owner: container ?? new Owner('service') };
    });
    groups.set(pid, new ServiceGroup(pid, members));
  }
  return groups;
}

/** Service names by row of a table; undefined if Windows does not report services of sockets. */
export function servicesByRow({ services }: TcpTable): ReadonlyMap<number, string> | undefined {
  return services && new Map(services.map(({ row, name }) => [row, name]));
}
