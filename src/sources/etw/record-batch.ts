// A batch of records: for providers with few events, one object per event.
import type { ObservationData, ObservationKind } from '../host.ts';
import type { EventView } from './event-view.ts';
import type { EventBatch, PushOptions } from './provider.ts';

/** Kinds of observations that are a list of records. */
type ListKind = {
  [K in ObservationKind]: ObservationData[K] extends readonly object[] ? K : never;
}[ObservationKind];

export class RecordBatch<K extends ListKind> implements EventBatch {
  readonly #kind: K;
  readonly #decode: (event: EventView) => ObservationData[K][number] | undefined;
  #records: ObservationData[K][number][] = [];

  /** `decode` returns undefined for an event that is truncated or has a value out of range. */
  constructor(kind: K, decode: (event: EventView) => ObservationData[K][number] | undefined) {
    this.#kind = kind;
    this.#decode = decode;
  }

  get count(): number {
    return this.#records.length;
  }

  decode(event: EventView): boolean {
    const record = this.#decode(event);
    if (!record) return false;
    this.#records.push(record);
    return true;
  }

  push({ push, seconds }: PushOptions): void {
    const records = this.#records;
    this.#records = [];
    push(this.#kind, records as unknown as ObservationData[K], seconds, []);
  }
}
