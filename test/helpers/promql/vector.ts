// Instant vectors of PromQL, and the operators that the queries of Coroot use.
// https://prometheus.io/docs/prometheus/latest/querying/operators/

export interface VectorEntry {
  /** Without `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Vector = readonly VectorEntry[];

/** The labels as a text that is equal for equal sets. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `sum by (names)` */
export function sumBy(vector: Vector, names: readonly string[]): Vector {
  return sum(vector, (name) => names.includes(name));
}

/** `sum without (names)` */
export function sumWithout(vector: Vector, names: readonly string[]): Vector {
  return sum(vector, (name) => !names.includes(name));
}

/** `left / ignoring (ignored) group_left right * 100`: each entry of `left` has at most one partner. */
export function percentOf(left: Vector, right: Vector, ignored: readonly string[] = []): Vector {
  const totals = new Map(right.map(({ labels, value }) => [labelKey(labels), value]));
  return left.flatMap(({ labels, value }) => {
    const total = totals.get(labelKey(pick(labels, (name) => !ignored.includes(name))));
    return total === undefined ? [] : [{ labels, value: (value / total) * 100 }];
  });
}

function sum(vector: Vector, keeps: (name: string) => boolean): Vector {
  const groups = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const { labels, value } of vector) {
    const kept = pick(labels, keeps);
    const key = labelKey(kept);
    const group = groups.get(key);
    if (group) group.value += value;
    else groups.set(key, { labels: kept, value });
  }
  return [...groups.values()];
}

function pick(labels: Readonly<Record<string, string>>, keeps: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => keeps(name)));
}
