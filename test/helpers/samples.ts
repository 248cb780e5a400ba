// The samples of a pass as plain objects for assertions.
import type { Family } from '../../src/collectors/family-samples.ts';
import type { Snapshot } from '../../src/collectors/samples.ts';

export interface ShownSample {
  /** With the suffix of a histogram series. */
  readonly name: string;
  /** In the alphabetical order of exporters, including `le`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export function shown(family: Family): ShownSample[] {
  return [...family.samples()].map(({ suffix, labels, le, value }) => {
    const own = family.labelNames.map((name) => [name, labels[name]!] as const);
    const all = le === '' ? own : [...own, ['le', le] as const].sort(([a], [b]) => (a < b ? -1 : 1));
    return { name: family.definition.name + suffix, labels: Object.fromEntries(all), value };
  });
}

/** The samples of one family; empty if the pass does not contain it. */
export function samplesOf(snapshot: Snapshot, name: string): ShownSample[] {
  return snapshot.families.filter(({ definition }) => definition.name === name).flatMap(shown);
}
