// Metrics of the node itself.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const nodeCollector: Collector = {
  name: 'node',
  collect({ model, nodeLabels }, sink) {
    const { identity, uptimeMs } = model.node;
    if (identity) {
      const { hostname, kernelVersion } = identity;
      sink.add(catalogue.nodeInfo, identity, () => ({ ...nodeLabels, hostname, kernel_version: kernelVersion }), 1);
    }
    if (uptimeMs !== undefined)
      sink.add(catalogue.nodeUptime, model.node, () => ({ ...nodeLabels }), Math.floor(uptimeMs / 1000));
  },
};
