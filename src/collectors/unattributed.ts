// What the agent saw and counted for nobody, and what it had to infer.
import type { Unattributed } from '../model/unattributed.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const unattributedCollector: Collector = {
  name: 'uncounted',
  collect({ model: { unattributed, connections } }, sink) {
    const labels = ({ what, reason }: Unattributed) => ({ what, reason });
    for (const each of unattributed.all()) sink.add(catalogue.selfUncounted, each, labels, each.count);
    if (connections.inferred > 0)
      sink.add(catalogue.selfInferredConnects, connections, () => ({}), connections.inferred);
  },
};
