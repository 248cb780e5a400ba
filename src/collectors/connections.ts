// Listeners and outbound connections of containers.

import type { Destination, Latency } from '../model/owner/destination.ts';
import type { Listener } from '../model/owner/owner-network.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';
import type { LabelsOf } from './label-sets.ts';
import type { SampleSink } from './samples.ts';

const MS_PER_SECOND = 1000;
const US_PER_SECOND = 1_000_000;

export const connectionCollector: Collector = {
  name: 'connections',
  collect({ model, nodeLabels: { machine_id, system_uuid } }, sink) {
    for (const container of model.containers.all()) {
      if (container.state !== 'running') continue;
      const container_id = container.id;
      const { network } = container;
      const listenLabels = ({ address, proxy }: Listener) => ({
        machine_id,
        system_uuid,
        container_id,
        listen_addr: address,
        proxy,
      });
      for (const listener of container.listeners) {
        if (listener.reported) sink.add(catalogue.containerListen, listener, listenLabels, 1);
      }
      const destinationLabels = ({ destination, actualDestination }: Destination) => {
        return { machine_id, system_uuid, container_id, destination, actual_destination: actualDestination };
      };
      for (const destination of network.destinations.values()) addDestination(sink, destination, destinationLabels);
      const latencyLabels = ({ ip }: Latency) => ({ machine_id, system_uuid, container_id, destination_ip: ip });
      for (const each of network.destinations.latencies()) {
        if (each.rttUs > 0) sink.add(catalogue.containerLatency, each, latencyLabels, each.rttUs / US_PER_SECOND);
      }
    }
  },
};

function addDestination(sink: SampleSink, each: Destination, labels: LabelsOf<Destination>): void {
  if (each.active > 0) sink.add(catalogue.containerConnections, each, labels, each.active);
  if (each.successful > 0) sink.add(catalogue.containerConnects, each, labels, each.successful);
  if (each.failed > 0) sink.add(catalogue.containerFailedConnects, each, labels, each.failed);
  if (each.timed > 0) sink.add(catalogue.containerConnectTime, each, labels, each.connectMs / MS_PER_SECOND);
  if (each.sentBytes > 0) sink.add(catalogue.containerBytesSent, each, labels, each.sentBytes);
  if (each.receivedBytes > 0) sink.add(catalogue.containerBytesReceived, each, labels, each.receivedBytes);
  if (each.retransmits > 0) sink.add(catalogue.containerRetransmits, each, labels, each.retransmits);
}
