// What produces payloads for a destination.

export interface Source {
  /** Items that were dropped before they reached the queue, by reason. */
  dropped(): Readonly<Record<string, number>>;
  /** Parts of items that were changed to keep limits, by kind of part, e.g. a body that was cut. */
  changes(): Readonly<Record<string, number>>;
  /** Passes everything on to the queue. Resolves to false if that takes longer than this time. */
  finish(timeoutMs: number): Promise<boolean>;
}
