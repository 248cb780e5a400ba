// Totals of counters that their source starts again from zero when it restarts or is replaced.

/** Counters of one source, e.g. a file, which are added up under a label, e.g. the pattern of its name. */
export interface SourceReading {
  readonly source: string;
  readonly label: string;
  readonly counts: Readonly<Record<string, number>>;
}

export class GrowthTotals {
  /** As of the last reading; a source that it did not have is forgotten. */
  #last = new Map<string, Readonly<Record<string, number>>>();
  readonly #totals = new Map<string, Map<string, number>>();

  /** Adds the growth of each counter; a counter below its last value has started from zero. */
  update(readings: readonly SourceReading[]): void {
    const now = new Map<string, Readonly<Record<string, number>>>();
    for (const { source, label, counts } of readings) {
      const before = this.#last.get(source);
      let totals = this.#totals.get(label);
      if (!totals) {
        totals = new Map();
        this.#totals.set(label, totals);
      }
      for (const [name, value] of Object.entries(counts)) {
        const last = before?.[name] ?? 0;
        totals.set(name, (totals.get(name) ?? 0) + (value < last ? value : value - last));
      }
      now.set(source, counts);
    }
    this.#last = now;
  }

  /** Totals by label and name of the counter, in the order in which they were first seen. */
  byLabel(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#totals;
  }
}
