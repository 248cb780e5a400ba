// Processes that several running services share: who is in each, and whose its sockets are.
import type { TcpTable } from '../../sources/host.ts';
import { ContainerNetwork } from '../net/container-network.ts';
import { runs, type ServiceDecision } from '../services.ts';
import type { Container } from './container.ts';

/** One of the services in a shared process. */
export interface GroupMember {
  readonly decision: ServiceDecision;
  /** Undefined for a service that is no container. */
  readonly container: Container | undefined;
  /** The container's, or one of its own for a service that is none. */
  readonly network: ContainerNetwork;
}

/** Several services in one process. Processor time and memory are the process's and cannot be divided; sockets may tell their service. */
export class ServiceGroup {
  readonly pid: number;
  readonly members: readonly GroupMember[];
  /** Sockets of which nobody says whose they are, and those of child processes. */
  readonly unattributed = new ContainerNetwork();
  readonly #byName: ReadonlyMap<string, readonly ContainerNetwork[]>;
  readonly #unattributed: readonly ContainerNetwork[] = [this.unattributed];
  readonly #untold: readonly ContainerNetwork[];

  constructor(pid: number, members: readonly GroupMember[]) {
    this.pid = pid;
    this.members = members;
    this.#byName = new Map(members.map(({ decision, network }) => [decision.service.name, [network]]));
    const containers = members.filter(({ container }) => container !== undefined);
    this.#untold = containers.length === 1 ? [containers[0]!.network] : this.#unattributed;
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
   * Whose a row of this process is. Where the system tells services at all, a row without one stays with the group. Where it tells
   * none, the only container among the services counts as if it were alone, as in Coroot's agent.
   */
  ownersOf(serviceName: string | undefined, told: boolean): readonly ContainerNetwork[] {
    if (!told) return this.#untold;
    return (serviceName === undefined ? undefined : this.#byName.get(serviceName)) ?? this.#unattributed;
  }
}

/** The groups of one moment, by pid. */
export function serviceGroups(
  decisions: readonly ServiceDecision[],
  containers: readonly Container[],
): ReadonlyMap<number, ServiceGroup> {
  const byPid = new Map<number, ServiceDecision[]>();
  for (const decision of decisions) {
    if (!runs(decision.service)) continue;
    const sharers = byPid.get(decision.service.pid);
    if (sharers) sharers.push(decision);
    else byPid.set(decision.service.pid, [decision]);
  }
  const live = new Map(containers.filter(({ pid }) => pid !== 0).map((container) => [container.id, container]));
  const groups = new Map<number, ServiceGroup>();
  for (const [pid, sharers] of byPid) {
    if (sharers.length < 2) continue;
    const members = sharers.map((decision): GroupMember => {
      const container = live.get(decision.containerId);
      return { decision, container, network: container?.network ?? new ContainerNetwork() };
    });
    groups.set(pid, new ServiceGroup(pid, members));
  }
  return groups;
}

/** The services that rows of a table belong to, by row; undefined where the system tells none. */
export function servicesByRow({ services }: TcpTable): ReadonlyMap<number, string> | undefined {
  return services && new Map(services.map(({ row, name }) => [row, name]));
}
