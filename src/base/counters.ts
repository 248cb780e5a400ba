// The agent's counters of itself: what every layer did, dropped or failed at, by reason.

/** Counts by name and labels; the key is written as Prometheus writes a series. */
export class Counters {
  readonly #counts = new Map<string, { name: string; labels: Readonly<Record<string, string>>; value: number }>();

  add(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = seriesKey(name, labels);
    const entry = this.#counts.get(key);
    if (entry) entry.value += by;
    else this.#counts.set(key, { name, labels, value: by });
  }

  /** Every count; the objects are the same ones from call to call. */
  entries(): Iterable<{
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }> {
    return this.#counts.values();
  }

  asRecord(): Record<string, number> {
    return Object.fromEntries([...this.#counts].map(([key, { value }]) => [key, value]));
  }
}

function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
