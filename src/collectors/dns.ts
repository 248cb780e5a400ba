// DNS requests of containers, and the names of the addresses that they connect to.
import type { DnsRequests } from '../model/owner/dns-counts.ts';
import type { IpName } from '../model/owner/ip-name.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** Retention of a name after its last use, the same as that of a destination. */
const IDLE_MS = 5 * 60 * 1000;

export const dnsCollector: Collector = {
  name: 'dns',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      const { dns } = container;
      if (container.state !== 'running' || !dns.used) continue;
      const labels = () => ({ ...nodeLabels, container_id: container.id });
      const requestLabels = ({ type, domain, status }: DnsRequests) => {
        return { ...labels(), request_type: type, domain, status };
      };
      for (const each of dns.requests()) sink.add(catalogue.dnsRequests, each, requestLabels, each.count);
      sink.addHistogram(catalogue.dnsDuration, dns, labels, dns.durations);
    }
    const nameLabels = ({ ip, fqdn }: IpName) => ({ ...nodeLabels, ip, fqdn });
    for (const name of model.names.all()) {
      // A shared name covers many addresses and is a destination itself.
      if (!name.sharedName && name.connected && model.clock.monoMs - name.usedMonoMs <= IDLE_MS)
        sink.add(catalogue.ipToFqdn, name, nameLabels, 1);
    }
  },
};
