// Self-metrics of the delivery: totals and gauges by destination, copied before each pass.
import type { SelfMetrics } from './base/self-metrics.ts';
import { catalogue } from './collectors/catalogue.ts';
import type { DeliveryStatus } from './exporters/delivery/delivery-status.ts';

export function countDeliveries(selfMetrics: SelfMetrics, deliveries: readonly DeliveryStatus[]): void {
  if (deliveries.length === 0) return;
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
    deliveries.flatMap(({ name, droppedItems }) =>
      Object.entries(droppedItems).map(([reason, count]) => [{ destination: name, reason }, count] as const),
    ),
  );
  selfMetrics.setTotals(
    catalogue.deliveryRequests,
    deliveries.flatMap(({ name, requests }) =>
      Object.entries(requests).map(([result, count]) => [{ destination: name, result }, count] as const),
    ),
  );
  for (const { name: destination, queuedItems, queuedBytes, oldestAgeSeconds, lastSuccessAtMs } of deliveries) {
    selfMetrics.set(catalogue.deliveryQueuedItems, { destination }, queuedItems);
    selfMetrics.set(catalogue.deliveryQueuedBytes, { destination }, queuedBytes);
    selfMetrics.set(catalogue.deliveryOldestAge, { destination }, oldestAgeSeconds);
    if (lastSuccessAtMs > 0) selfMetrics.set(catalogue.deliveryLastSuccess, { destination }, lastSuccessAtMs / 1000);
  }
}
