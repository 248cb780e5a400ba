// What became of the payloads of a destination since the start.
import type { RejectionReason } from '../payload.ts';
import type { Amount } from '../spool/spool-totals.ts';
import type { OutcomeKind } from '../transport/transport.ts';

/**
 * The counts never decrease. produced = delivered + dropped here + dropped by the queue + in the queue, for payloads
 * and for items, whenever no payload is being settled; payloads of an earlier run in the queue come on top. A payload
 * with rejected and delivered items counts as delivered, and its rejected items as dropped.
 */
export interface DeliveryTotals {
  readonly produced: Amount;
  readonly delivered: Amount;
  readonly dropped: Readonly<Partial<Record<RejectionReason, Amount>>>;
  /** Requests by what became of them. */
  readonly requests: Readonly<Partial<Record<OutcomeKind, number>>>;
  /** Requests that repeated one without an accepted answer. */
  readonly retries: number;
  /** Bytes of bodies in requests that succeeded. */
  readonly sentBytes: number;
}

/** What became of one payload. */
export interface Settled {
  readonly delivered: number;
  readonly dropped: Readonly<Partial<Record<RejectionReason, number>>>;
}

export class DeliveryCounts implements DeliveryTotals {
  produced: Amount = { payloads: 0, items: 0 };
  delivered: Amount = { payloads: 0, items: 0 };
  dropped: Partial<Record<RejectionReason, Amount>> = {};
  requests: Partial<Record<OutcomeKind, number>> = {};
  retries = 0;
  sentBytes = 0;

  produce(items: number): void {
    this.produced = plus(this.produced, 1, items);
  }

  request(kind: OutcomeKind, bytes: number, isRetry: boolean): void {
    this.requests[kind] = (this.requests[kind] ?? 0) + 1;
    if (isRetry) this.retries++;
    if (kind === 'success') this.sentBytes += bytes;
  }

  /** The payload counts as dropped, by the first reason, if nothing of it was delivered. */
  settle({ delivered, dropped }: Settled): void {
    const reasons = Object.entries(dropped) as [RejectionReason, number][];
    const wholeDrop = delivered === 0 && reasons.length > 0 ? reasons[0]![0] : undefined;
    this.delivered = plus(this.delivered, wholeDrop === undefined ? 1 : 0, delivered);
    for (const [reason, items] of reasons) {
      const before = this.dropped[reason] ?? { payloads: 0, items: 0 };
      this.dropped[reason] = plus(before, reason === wholeDrop ? 1 : 0, items);
    }
  }
}

function plus({ payloads, items }: Amount, morePayloads: number, moreItems: number): Amount {
  return { payloads: payloads + morePayloads, items: items + moreItems };
}
