// Self-metrics of the event session: state, events by kind, losses in Windows, drops in the agent.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const eventSessionCollector: Collector = {
  name: 'event-session',
  collect({ model, selfMetrics }) {
    const { record, counts } = model.eventSession;
    if (!record) return;
    selfMetrics.set(catalogue.selfEtwUp, {}, record.state === 'running' ? 1 : 0);
    selfMetrics.setTotals(catalogue.selfEtwRestarts, [[{}, record.restarts]]);
    selfMetrics.setTotals(
      catalogue.selfEtwEvents,
      counts.map(({ kind, events }) => [{ kind }, events]),
    );
    selfMetrics.setTotals(catalogue.selfEtwLost, [
      [{ cause: 'events' }, record.eventsLost],
      [{ cause: 'buffers' }, record.buffersLost],
      [{ cause: 'real-time buffers' }, record.realTimeBuffersLost],
    ]);
    const dropped = [...byReason(record.dropped)].map(([reason, count]) => [{ reason }, count] as const);
    if (dropped.length > 0) selfMetrics.setTotals(catalogue.selfEtwDropped, dropped);
  },
};

/** Sums the counts, whose keys are `reason:event`, by reason. */
function byReason(dropped: Readonly<Record<string, number>>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of Object.entries(dropped)) {
    const reason = key.split(':', 1)[0]!;
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return sums;
}
