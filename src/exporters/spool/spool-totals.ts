// What the spool counts for each queue.

/** Why a payload left a queue without being delivered or set aside; the label `reason` of the metrics. */
export type DropReason =
  /**
   * Deleted as the oldest at the size limit; refused because only payloads that are being sent were left; or larger
   * than the limit and replaced by a newer one before it was sent.
   */
  | 'spool_full'
  /** Larger than 64 MiB. */
  | 'too_large'
  /** The disk is full (or the quota used up) and the payloads in memory reached their limit. */
  | 'disk_full'
  /** The disk fails or the folder is not writable, and the payloads in memory reached their limit. */
  | 'disk_error'
  /** The disk is too slow, and the payloads that wait for it reached the limit. */
  | 'disk_slow'
  /** Another process uses the folder, and the payloads in memory reached their limit. */
  | 'locked'
  /** The file disappeared. */
  | 'missing'
  /** Appended after the spool was closed, or larger than the spool and not sent before that. */
  | 'closed';

/** What was found in the folder at the start and is not in a queue. */
export type LeftoverReason =
  /** Temporary file of a write that did not complete; deleted. */
  | 'incomplete'
  /** Shorter than a header; set aside. */
  | 'truncated'
  /** Larger than a payload can be; deleted. */
  | 'too_large'
  /** A name that is not one of the spool; set aside. */
  | 'unknown_name'
  /** A link, pipe or socket, which is deleted, or a folder, which is left. */
  | 'not_a_file'
  /** The agent may not read, move or delete it; left. */
  | 'unreadable';

/** Reason for a file that turned out to be damaged when it was read. */
export const DAMAGED = 'damaged';

export interface Amount {
  readonly payloads: number;
  /** Samples or records. */
  readonly items: number;
}

/**
 * Since the start: recovered + appended = removed + setAside + dropped + what is in the queue, for payloads and for
 * items.
 */
export interface QueueTotals {
  /** Found on disk at the start. */
  readonly recovered: Amount;
  readonly appended: Amount;
  readonly removed: Amount;
  readonly setAside: ReadonlyMap<string, Amount>;
  readonly dropped: ReadonlyMap<DropReason, Amount>;
  /** Payloads that were set aside before and that are not kept any more, or could not be kept. */
  readonly rejectedDropped: ReadonlyMap<DropReason, Amount>;
}

export class Tally {
  recovered: Amount = { payloads: 0, items: 0 };
  appended: Amount = { payloads: 0, items: 0 };
  removed: Amount = { payloads: 0, items: 0 };
  readonly setAside = new Map<string, Amount>();
  readonly dropped = new Map<DropReason, Amount>();
  readonly rejectedDropped = new Map<DropReason, Amount>();

  totals(): QueueTotals {
    return {
      recovered: this.recovered,
      appended: this.appended,
      removed: this.removed,
      setAside: new Map(this.setAside),
      dropped: new Map(this.dropped),
      rejectedDropped: new Map(this.rejectedDropped),
    };
  }
}

export function plusOne({ payloads, items }: Amount, count: number): Amount {
  return { payloads: payloads + 1, items: items + count };
}

export function addOne<K>(amounts: Map<K, Amount>, reason: K, count: number): void {
  amounts.set(reason, plusOne(amounts.get(reason) ?? { payloads: 0, items: 0 }, count));
}
