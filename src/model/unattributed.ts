// What was observed and is in no container's counts, by reason.

export type UncountedWhat = 'connect' | 'bytes' | 'dns query' | 'process';

/** One reason; an object of its own, so that its series can hang on it. */
export interface Uncounted {
  readonly what: UncountedWhat;
  readonly reason: string;
  count: number;
}

export class UncountedCounts {
  readonly #byKey = new Map<string, Uncounted>();

  /** Reasons are few, and known to the program; one that has not happened is not there. */
  add(what: UncountedWhat, reason: string, by = 1): void {
    if (by === 0) return;
    const key = `${what}|${reason}`;
    const known = this.#byKey.get(key);
    if (known) known.count += by;
    else this.#byKey.set(key, { what, reason, count: by });
  }

  all(): Iterable<Uncounted> {
    return this.#byKey.values();
  }
}
