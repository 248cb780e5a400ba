// Self-metrics of the model: unattributed observations, inferred connects and evicted names.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const unattributedCollector: Collector = {
  name: 'unattributed',
  collect({ model: { unattributed, connections, names }, selfMetrics }) {
    const totals = [...unattributed.all()].map(({ kind, reason, count }) => [{ kind, reason }, count] as const);
    if (totals.length > 0) selfMetrics.setTotals(catalogue.selfUnattributed, totals);
    if (connections.inferred > 0) selfMetrics.setTotals(catalogue.selfInferredConnects, [[{}, connections.inferred]]);
    if (names.evicted > 0) selfMetrics.setTotals(catalogue.selfNamesEvicted, [[{}, names.evicted]]);
  },
};
