// GET /api/v1/listeners: every listening address of the host, with its owner and how the owner was detected.
import { endpointParts } from '../../base/ip.ts';
import { SYSTEM_PID, type UrlClaim } from '../../model/containers/system-sockets.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { OwnerNetwork } from '../../model/owner/owner-network.ts';
import {
  address,
  choice,
  containerId,
  integer,
  list,
  observedAtMs,
  proxy,
  record,
  type Static,
  text,
} from '../fields.ts';
import { type ContainerFilter, containerMatcher, containerQuery } from '../parameters.ts';
import { resource } from '../resource.ts';

const listenerSchema = record({
  address,
  proxy,
  containerId: containerId('The container; empty for a service that is not a container, and when unattributed.'),
  service: text('service', 'Key name of the service; empty for a Docker container, and when unattributed.'),
  pid: integer('Root process of the container, the shared process, or 4 for the System process.'),
  detectedBy: choice(
    ['process', 'service tag', 'iis binding', 'url reservation', 'published port', 'unattributed'],
    'How the owner is known. `process`: it owns the socket. `service tag`: Windows stores the service with the socket. ' +
      '`iis binding`: a binding of an IIS site. `url reservation`: an http.sys reservation permits the URL. ' +
      '`published port`: Docker publishes the port. `unattributed`: the owner is not known.',
  ),
  detail: text('text', 'URLs of http.sys, or the services that share the process.'),
});
export type ListenerView = Static<typeof listenerSchema>;

const listenersSchema = record(
  {
    observedAtMs,
    listeners: list(listenerSchema, 'Listeners of containers first, then of other services, then unattributed ones.'),
  },
  'The listeners.',
);
export type ListenersAnswer = Static<typeof listenersSchema>;

export const listeners = resource({
  path: '/api/v1/listeners',
  summary: 'Every listening address with its container or service, and how the owner was detected.',
  answer: listenersSchema,
  query: containerQuery,
  view: ({ model }, filter) => {
    const others = filter.container?.length ? [] : [...groupListeners(model), ...systemListeners(model)];
    return { observedAtMs: model.nowMs, listeners: [...containerListeners(model, filter), ...others] };
  },
});

function containerListeners(
  { containers, groups, system, socketsByService }: HostModel,
  filter: ContainerFilter,
): ListenerView[] {
  const wanted = containers.all().filter(containerMatcher(filter));
  const systemAddresses = new Set(addressesOf(system.owner.network));
  return wanted.flatMap((container) =>
    container.listeners.map(({ address: listened, proxy: by }) => {
      const claims = systemAddresses.has(listened)
        ? claimsOn(system, listened).filter((claim) => claim.container === container)
        : [];
      const tagged = socketsByService && groups.has(container.pid);
      return {
        address: listened,
        proxy: by,
        containerId: container.id,
        service: container.kind === 'service' ? container.name : '',
        pid: claims.length > 0 ? SYSTEM_PID : container.pid,
        detectedBy: claims[0]?.detectedBy ?? (by ? 'published port' : tagged ? 'service tag' : 'process'),
        detail: urlsOf(claims),
      };
    }),
  );
}

/** Listeners of shared processes, without those of containers. */
function groupListeners({ groups }: HostModel): ListenerView[] {
  return [...groups.values()].flatMap(({ pid, members, remainder }) => {
    const row = { proxy: '', containerId: '', pid };
    const others = members.filter(({ container }) => !container);
    const tagged = others.flatMap(({ decision, owner }) =>
      addressesOf(owner.network).map((listened): ListenerView => {
        return { ...row, address: listened, service: decision.service.name, detectedBy: 'service tag', detail: '' };
      }),
    );
    const detail = `shared by ${members.map(({ decision }) => decision.service.name).join(', ')}`;
    const unattributed = addressesOf(remainder.network).map((listened): ListenerView => {
      return { ...row, address: listened, service: '', detectedBy: 'unattributed', detail };
    });
    return [...tagged, ...unattributed];
  });
}

/** Listeners of the System process, without those of containers. */
function systemListeners({ system }: HostModel): ListenerView[] {
  return addressesOf(system.owner.network).flatMap((listened): ListenerView[] => {
    const claims = claimsOn(system, listened);
    const row = { address: listened, proxy: '', containerId: '', pid: SYSTEM_PID };
    if (claims.length === 0)
      return [{ ...row, service: '', detectedBy: 'unattributed', detail: 'no running service is known to have it' }];
    const services = [...new Set(claims.filter(({ container }) => !container).map(({ service }) => service))];
    return services.map((service) => {
      const own = claims.filter((claim) => claim.service === service);
      return { ...row, service, detectedBy: own[0]!.detectedBy, detail: urlsOf(own) };
    });
  });
}

function addressesOf(network: OwnerNetwork): string[] {
  return [...network.listeners.values()].map(({ address: listened }) => listened);
}

function claimsOn(system: HostModel['system'], listened: string): readonly UrlClaim[] {
  const { ip, port } = endpointParts(listened);
  return system.claimsOn(ip, port);
}

/** URLs in the form of a reservation: `http://+:5985/wsman/`. */
function urlsOf(claims: readonly UrlClaim[]): string {
  return claims.map(({ scheme, host, ip, port, path }) => `${scheme}://${host ?? ip ?? '*'}:${port}${path}`).join(' ');
}
