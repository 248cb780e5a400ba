// Self-metrics of the delivery: totals and gauges by destination, copied before each pass.
import type { SelfMetrics } from './base/self-metrics.ts';
import { catalogue } from './collectors/catalogue.ts';
import type { DeliveryStatus } from './exporters/delivery/delivery-status.ts';

export function countDeliveries(selfMetrics: SelfMetrics, deliveries: readonly DeliveryStatus[]): void {
  if (deliveries.length === 0) return;
  const byKey = (
    counts: (each: DeliveryStatus) => Readonly<Record<string, number>>,
  ): (readonly [destination: string, key: string, count: number])[] =>
    deliveries.flatMap((each) => Object.entries(counts(each)).map(([key, count]) => [each.name, key, count] as const));
  const totals = (value: (each: DeliveryStatus) => number): [{ destination: string }, number][] =>
    deliveries.map((each) => [{ destination: each.name }, value(each)]);
  selfMetrics.setTotals(
    catalogue.deliveryProduced,
    totals(({ producedItems }) => producedItems),
  );
  selfMetrics.setTotals(
    catalogue.deliveryDelivered,
    totals(({ deliveredItems }) => deliveredItems),
  );
  selfMetrics.setTotals(
    catalogue.deliverySentBytes,
    totals(({ sentBytes }) => sentBytes),
  );
  selfMetrics.setTotals(
    catalogue.deliveryDropped,
    byKey(({ droppedItems }) => droppedItems).map(([destination, reason, count]) => [{ destination, reason }, count]),
  );
  selfMetrics.setTotals(
    catalogue.deliveryChanges,
    byKey(({ changes }) => changes).map(([destination, reason, count]) => [{ destination, reason }, count]),
  );
  selfMetrics.setTotals(
    catalogue.deliveryRequests,
    byKey(({ requests }) => requests).map(([destination, result, count]) => [{ destination, result }, count]),
  );
  for (const { name: destination, queuedItems, queuedBytes, oldestAgeSeconds, lastSuccessAtMs } of deliveries) {
    selfMetrics.set(catalogue.deliveryQueuedItems, { destination }, queuedItems);
    selfMetrics.set(catalogue.deliveryQueuedBytes, { destination }, queuedBytes);
    selfMetrics.set(catalogue.deliveryOldestAge, { destination }, oldestAgeSeconds);
    if (lastSuccessAtMs > 0) selfMetrics.set(catalogue.deliveryLastSuccess, { destination }, lastSuccessAtMs / 1000);
  }
}
