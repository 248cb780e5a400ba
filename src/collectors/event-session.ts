// The event session: whether it runs, events by kind, what Windows lost of them and what the agent left out.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

/** Owners of the series that have none in the model. */
const causes = {
  events: { cause: 'events' },
  buffers: { cause: 'buffers' },
  realTimeBuffers: { cause: 'real-time buffers' },
} as const;
const reasons = new Map<string, { readonly reason: string }>();

export const eventSessionCollector: Collector = {
  name: 'event-session',
  collect({ model }, sink) {
    const { record, counts } = model.eventSession;
    if (!record) return;
    sink.add(catalogue.selfEtwUp, model, () => ({}), record.state === 'running' ? 1 : 0);
    sink.add(catalogue.selfEtwRestarts, model, () => ({}), record.restarts);
    for (const each of counts) sink.add(catalogue.selfEtwEvents, each, ({ kind }) => ({ kind }), each.events);
    sink.add(catalogue.selfEtwLost, causes.events, (cause) => cause, record.eventsLost);
    sink.add(catalogue.selfEtwLost, causes.buffers, (cause) => cause, record.buffersLost);
    sink.add(catalogue.selfEtwLost, causes.realTimeBuffers, (cause) => cause, record.realTimeBuffersLost);
    for (const [reason, count] of byReason(record.dropped))
      sink.add(catalogue.selfEtwDropped, ownerOf(reason), (owner) => owner, count);
  },
};

/** Counts are kept by reason and event; the reason alone is enough for a series. */
function byReason(dropped: Readonly<Record<string, number>>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of Object.entries(dropped)) {
    const reason = key.split(':', 1)[0]!;
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return sums;
}

function ownerOf(reason: string): { readonly reason: string } {
  const owner = reasons.get(reason) ?? { reason };
  reasons.set(reason, owner);
  return owner;
}
