// Part of the host model: DNS events and the names of addresses.
import type { Sockets } from '../containers/sockets.ts';
import type { DnsTracker } from '../dns/dns-tracker.ts';
import type { NameCache } from '../dns/name-cache.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { type Part, partFor } from './part.ts';

export interface DnsPartContext {
  readonly dns: DnsTracker;
  readonly names: NameCache;
  readonly sockets: Sockets;
  readonly list: ProcessList;
}

export function dnsPart({ dns, names, sockets, list }: DnsPartContext): Part {
  return partFor(['dnsEvents'], ({ data }) => dns.applyEvents(data), {
    tick: {
      // DNS events carry no service: a shared process counts as its only container, if it has only one.
      dns: () => dns.settle(list.readAtMs, (pid) => sockets.sharedOwners(pid, false)),
      expire: ({ monoMs }) => names.expire(monoMs),
    },
  });
}
