// The samples of a pass as tests look at them.
import type { Family } from '../../src/collectors/family-samples.ts';
import type { Snapshot } from '../../src/collectors/samples.ts';

export interface ShownSample {
  /** With the suffix of a histogram's series. */
  readonly name: string;
  /** As exporters write them: in alphabetical order, `le` among them. */
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

/** Of one family; none when the pass does not have it. */
export function samplesOf(snapshot: Snapshot, name: string): ShownSample[] {
  return snapshot.families.filter(({ definition }) => definition.name === name).flatMap(shown);
}
