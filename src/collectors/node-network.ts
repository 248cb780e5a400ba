// Network adapters of the node: state, addresses, traffic.
import type { NetworkInterface } from '../model/net/interfaces.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const nodeNetworkCollector: Collector = {
  name: 'node-network',
  collect({ model: { node }, nodeLabels }, sink) {
    const labels = ({ name }: NetworkInterface) => ({ ...nodeLabels, interface: name });
    for (const adapter of node.interfaces.all()) {
      sink.add(catalogue.nodeNetUp, adapter, labels, adapter.up ? 1 : 0);
      // A host has few addresses, so that a new owner in each pass is cheap; no label set outlives its address.
      for (const ip of new Set(adapter.addresses))
        sink.add(catalogue.nodeNetIp, { ip }, () => ({ ...labels(adapter), ip }), 1);
      if (!adapter.reportsTraffic) continue;
      sink.add(catalogue.nodeNetReceivedBytes, adapter, labels, adapter.receivedBytes.total);
      sink.add(catalogue.nodeNetTransmittedBytes, adapter, labels, adapter.transmittedBytes.total);
      sink.add(catalogue.nodeNetReceivedPackets, adapter, labels, adapter.receivedPackets.total);
      sink.add(catalogue.nodeNetTransmittedPackets, adapter, labels, adapter.transmittedPackets.total);
      sink.add(catalogue.nodeNetReceivedErrors, adapter, labels, adapter.receivedErrors.total);
      sink.add(catalogue.nodeNetTransmittedErrors, adapter, labels, adapter.transmittedErrors.total);
      sink.add(catalogue.nodeNetReceivedDrops, adapter, labels, adapter.receivedDrops.total);
      sink.add(catalogue.nodeNetTransmittedDrops, adapter, labels, adapter.transmittedDrops.total);
    }
  },
};
