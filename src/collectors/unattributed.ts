// What the agent saw and counted for nobody, and what it had to infer.
import type { Uncounted } from '../model/unattributed.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const uncountedCollector: Collector = {
  name: 'uncounted',
  collect({ model: { uncounted, connections } }, sink) {
    const labels = ({ what, reason }: Uncounted) => ({ what, reason });
    for (const each of uncounted.all()) sink.add(catalogue.selfUncounted, each, labels, each.count);
    if (connections.inferred > 0)
      sink.add(catalogue.selfInferredConnects, connections, () => ({}), connections.inferred);
  },
};
