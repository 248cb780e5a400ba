// What was observed and is in no container's counts, by reason.

export type UnattributedKind = 'connect' | 'bytes' | 'dns query' | 'process';

/** One reason; an object of its own, so that its series can hang on it. */
export interface Unattributed {
  readonly what: UnattributedKind;
  readonly reason: string;
  count: number;
}

export class UnattributedCounts {
  readonly #byKey = new Map<string, Unattributed>();

  /** Reasons are few, and known to the program; one that has not happened is not there. */
  add(what: UnattributedKind, reason: string, by = 1): void {
    if (by === 0) return;
    const key = `${what}|${reason}`;
    const known = this.#byKey.get(key);
    if (known) known.count += by;
    else this.#byKey.set(key, { what, reason, count: by });
  }

  all(): Iterable<Unattributed> {
    return this.#byKey.values();
  }
}
