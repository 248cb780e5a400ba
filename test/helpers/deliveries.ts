// States of deliveries for tests of status, CLI and metrics.
import type { DeliveryReports, DeliveryStatus, SpoolStatus } from '../../src/exporters/delivery/delivery-status.ts';

/** A delivery of metrics that has sent 900 of 1,000 samples. */
export function aDelivery(overrides: Partial<DeliveryStatus> = {}): DeliveryStatus {
  return {
    name: 'metrics',
    endpoint: 'https://coroot.example/v1/metrics',
    state: 'idle',
    problem: '',
    queuedPayloads: 1,
    queuedItems: 93,
    queuedBytes: 4096,
    oldestAgeSeconds: 61,
    recoveredItems: 0,
    producedItems: 1000,
    deliveredItems: 900,
    droppedItems: { too_old: 5, spool_full: 2 },
    changes: {},
    requests: { success: 9, retryable: 3 },
    sentBytes: 65_536,
    lastStatus: 204,
    lastRequestSeconds: 0.25,
    lastSuccessAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    nextAttemptAtMs: 0,
    ...overrides,
  };
}

export function deliveriesOf(statuses: readonly DeliveryStatus[], spool: Partial<SpoolStatus> = {}): DeliveryReports {
  return {
    statuses: () => statuses,
    spool: () => ({
      folder: 'C:\\spool',
      bytes: 4096,
      maxBytes: 2 ** 29,
      leftovers: {},
      rejectedPayloads: 0,
      problem: '',
      ...spool,
    }),
  };
}
