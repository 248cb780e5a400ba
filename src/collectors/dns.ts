// DNS queries of containers, and what the addresses are called that they connect to.
import type { DnsRequests } from '../model/owner/dns-counts.ts';
import type { IpName } from '../model/owner/ip-name.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** As long as destinations are kept. */
const IDLE_MS = 5 * 60 * 1000;

export const dnsCollector: Collector = {
  name: 'dns',
  collect({ model, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      const { dns } = container;
      if (container.state !== 'running' || !dns.used) continue;
      const labels = () => ({ ...nodeLabels, container_id: container.id });
      const requests = ({ type, domain, status }: DnsRequests) => ({ ...labels(), request_type: type, domain, status });
      for (const each of dns.requests()) sink.add(catalogue.dnsRequests, each, requests, each.count);
      sink.addHistogram(catalogue.dnsDuration, dns, labels, dns.durations);
    }
    const names = ({ ip, fqdn }: IpName) => ({ ...nodeLabels, ip, fqdn });
    for (const name of model.names.all()) {
      // The others stand for many addresses and are destinations themselves.
      if (!name.sharedName && name.connected && model.nowMs - name.usedAtMs <= IDLE_MS)
        sink.add(catalogue.ipToFqdn, name, names, 1);
    }
  },
};
