// Who has which sockets, as the control plane shows it: shared processes, and all listeners of the host.
import { endpointParts } from '../base/ip.ts';
import type { ServiceGroup } from '../model/containers/service-groups.ts';
import { SYSTEM_PID, type UrlClaim } from '../model/containers/system-sockets.ts';
import type { HostModel } from '../model/host-model.ts';
import type { OwnerNetwork } from '../model/owner/owner-network.ts';
import { type ContainerFilter, containerMatcher } from './filters.ts';
import type {
  GroupSocketsView,
  ListenerRowView,
  ListenersAnswer,
  ServiceGroupsAnswer,
  ServiceGroupView,
} from './schemas/service-groups.ts';

const MS_PER_SECOND = 1000;

export function serviceGroupsView(model: HostModel): ServiceGroupsAnswer {
  return {
    observedAtMs: model.nowMs,
    stale: model.readings.of('services')?.stale ?? true,
    socketsByService: model.socketsByService,
    groups: [...model.groups.values()].map((group) => groupView(model, group)),
  };
}

function groupView({ processes: table }: HostModel, group: ServiceGroup): ServiceGroupView {
  const row = table?.pid.indexOf(group.pid) ?? -1;
  const of = (column: ArrayLike<number> | undefined): number => (row < 0 ? 0 : (column?.[row] ?? 0));
  return {
    pid: group.pid,
    group: group.name,
    process: {
      image: row < 0 ? '' : (table?.name[row] ?? ''),
      startedAtMs: of(table?.createdAtMs),
      cpuSeconds: (of(table?.userMs) + of(table?.kernelMs)) / MS_PER_SECOND,
      workingSetBytes: of(table?.workingSetBytes),
      privateWorkingSetBytes: of(table?.privateWorkingSetBytes),
      threads: of(table?.threads),
      handles: of(table?.handles),
    },
    services: group.members.map(({ decision: { service, rule }, container, owner }) => ({
      name: service.name,
      displayName: service.displayName,
      rule,
      containerId: container?.id ?? '',
      ...socketsOf(owner.network),
    })),
    unattributed: socketsOf(group.remainder.network),
  };
}

function socketsOf(network: OwnerNetwork): GroupSocketsView {
  return {
    listeners: [...network.listeners.values()].map(({ address }) => address),
    connections: network.destinations
      .values()
      .map(({ destination, actualDestination, active }) => ({ destination, actualDestination, active })),
  };
}

/** Containers' listeners first, then those of services that are none, then those of nobody who is known. */
export function listenersView(model: HostModel, filter: ContainerFilter): ListenersAnswer {
  const ofOthers = filter.container?.length ? [] : [...ofGroups(model), ...ofSystem(model)];
  return { observedAtMs: model.nowMs, listeners: [...ofContainers(model, filter), ...ofOthers] };
}

function ofContainers(
  { containers, groups, system, socketsByService }: HostModel,
  filter: ContainerFilter,
): ListenerRowView[] {
  const wanted = containers.all().filter(containerMatcher(filter));
  const systemAddresses = new Set([...system.owner.network.listeners.values()].map(({ address }) => address));
  return wanted.flatMap((container) =>
    [...container.network.listeners.values()].map(({ address, proxy }) => {
      const claims = systemAddresses.has(address)
        ? claimsOn(system, address).filter((claim) => claim.container === container)
        : [];
      const tagged = socketsByService && groups.has(container.pid);
      return {
        address,
        proxy,
        containerId: container.id,
        service: container.kind === 'service' ? container.name : '',
        pid: claims.length > 0 ? SYSTEM_PID : container.pid,
        detectedBy: claims[0]?.by ?? (proxy ? 'published port' : tagged ? 'service tag' : 'process'),
        detail: urls(claims),
      };
    }),
  );
}

function ofGroups({ groups }: HostModel): ListenerRowView[] {
  return [...groups.values()].flatMap((group) => {
    const row = (address: string, service: string, detectedBy: string, detail: string): ListenerRowView => {
      return { address, proxy: '', containerId: '', service, pid: group.pid, detectedBy, detail };
    };
    const names = group.members.map(({ decision }) => decision.service.name).join(', ');
    const others = group.members.filter(({ container }) => !container);
    return [
      ...others.flatMap(({ decision, owner }) =>
        addresses(owner.network).map((address) => row(address, decision.service.name, 'service tag', '')),
      ),
      ...addresses(group.remainder.network).map((address) => row(address, '', 'unattributed', `shared by ${names}`)),
    ];
  });
}

/** What containers have of it is told with them. */
function ofSystem({ system }: HostModel): ListenerRowView[] {
  return addresses(system.owner.network).flatMap((address): ListenerRowView[] => {
    const claims = claimsOn(system, address);
    const row = { address, proxy: '', containerId: '', pid: SYSTEM_PID };
    if (claims.length === 0)
      return [{ ...row, service: '', detectedBy: 'unattributed', detail: 'no running service is known to have it' }];
    const others = [...new Set(claims.filter(({ container }) => !container).map(({ service }) => service))];
    return others.map((service) => {
      const own = claims.filter((claim) => claim.service === service);
      return { ...row, service, detectedBy: own[0]!.by, detail: urls(own) };
    });
  });
}

function addresses(network: OwnerNetwork): string[] {
  return [...network.listeners.values()].map(({ address }) => address);
}

function claimsOn(system: HostModel['system'], address: string): readonly UrlClaim[] {
  const { ip, port } = endpointParts(address);
  return system.claimsOn(ip, port);
}

/** As they are written in a reservation: `http://+:5985/wsman/`. */
function urls(claims: readonly UrlClaim[]): string {
  return claims.map(({ scheme, host, ip, port, path }) => `${scheme}://${host ?? ip ?? '*'}:${port}${path}`).join(' ');
}
