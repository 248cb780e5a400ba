// The samples of all passes as series, and what a receiver must compute from them; imports no product code.
import type { ParsedFamily } from '../exposition.ts';
import { labelKey, type Vector } from './vector.ts';

/** A pass as a person reads it: the exposition, and the time of its samples. */
export interface ExposedPass {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly families: readonly ParsedFamily[];
}

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: { readonly atMs: number; readonly value: number }[];
}

type Samples = Series['samples'];

/** Both look this far back for the last sample of a series. */
const LOOKBACK_MS = 300_000;

/** How a receiver computes `rate`. */
export type RateRule = 'prometheus' | 'victoria-metrics';

export class History {
  readonly #byName = new Map<string, Map<string, Series>>();
  #series = 0;

  /** `extra` are the labels that the agent adds to each series, and `up` with the value 1. */
  constructor(passes: readonly ExposedPass[], extra: Readonly<Record<string, string>>) {
    for (const { atMs, families } of passes) {
      for (const { samples } of families)
        for (const { name, labels, value } of samples) this.#add(name, { ...extra, ...labels }, atMs, value);
      this.#add('up', extra, atMs, 1);
    }
  }

  /** Number of series. */
  get size(): number {
    return this.#series;
  }

  /** All series with their samples. */
  *series(): Generator<Series> {
    for (const byLabels of this.#byName.values()) yield* byLabels.values();
  }

  /** A selector at a time: the last sample of each series. */
  latest(name: string, atMs: number): Vector {
    return this.#each(name, (samples) => within(samples, atMs - LOOKBACK_MS, atMs).at(-1)?.value);
  }

  /** `rate(name[range])` at a time. */
  rate(name: string, atMs: number, rangeMs: number, rule: RateRule): Vector {
    return this.#each(name, (samples) =>
      rule === 'prometheus' ? prometheusRate(samples, atMs, rangeMs) : victoriaMetricsRate(samples, atMs, rangeMs),
    );
  }

  #add(name: string, labels: Readonly<Record<string, string>>, atMs: number, value: number): void {
    // An empty label is an absent one.
    const present = Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
    const byLabels = this.#byName.get(name) ?? new Map<string, Series>();
    this.#byName.set(name, byLabels);
    const key = labelKey(present);
    let series = byLabels.get(key);
    if (!series) {
      series = { name, labels: present, samples: [] };
      byLabels.set(key, series);
      this.#series++;
    }
    series.samples.push({ atMs, value });
  }

  #each(name: string, evaluate: (samples: Samples) => number | undefined): Vector {
    return [...(this.#byName.get(name)?.values() ?? [])].flatMap(({ labels, samples }) => {
      const value = evaluate(samples);
      return value === undefined ? [] : [{ labels, value }];
    });
  }
}

/** Samples from a time to another, both included. */
function within(samples: Samples, fromMs: number, toMs: number): Samples {
  return samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
}

/** Increase over the samples; a counter that falls has started again at 0. */
function increaseOf(samples: Samples): number {
  let increase = 0;
  for (let i = 1; i < samples.length; i++) {
    const [before, now] = [samples[i - 1]!.value, samples[i]!.value];
    increase += now < before ? now : now - before;
  }
  return increase;
}

/**
 * The increase between the first and the last sample of the range, extrapolated towards both ends: fully if the end is
 * nearer than 1.1 intervals, else by half an interval, and to the past not beyond the time when the counter was 0.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
 */
function prometheusRate(samples: Samples, atMs: number, rangeMs: number): number | undefined {
  const inside = within(samples, atMs - rangeMs, atMs);
  if (inside.length < 2) return undefined;
  const [first, last] = [inside[0]!, inside.at(-1)!];
  const increase = increaseOf(inside);
  const sampledMs = last.atMs - first.atMs;
  const intervalMs = sampledMs / (inside.length - 1);
  const zeroMs = increase > 0 && first.value >= 0 ? sampledMs * (first.value / increase) : Number.POSITIVE_INFINITY;
  const startMs = Math.min(first.atMs - (atMs - rangeMs), zeroMs);
  const endMs = atMs - last.atMs;
  const extendedBy = (ms: number): number => (ms < intervalMs * 1.1 ? ms : intervalMs / 2);
  const extendedMs = sampledMs + extendedBy(startMs) + extendedBy(endMs);
  return (increase * (extendedMs / sampledMs)) / (rangeMs / 1000);
}

/**
 * The increase from the last sample before the range, or from its first one, to the last one, by the time between both.
 * https://docs.victoriametrics.com/victoriametrics/metricsql/#rate
 */
function victoriaMetricsRate(samples: Samples, atMs: number, rangeMs: number): number | undefined {
  const inside = samples.filter((sample) => sample.atMs > atMs - rangeMs && sample.atMs <= atMs);
  const before = samples.filter((sample) => sample.atMs <= atMs - rangeMs).at(-1);
  const used = before ? [before, ...inside] : inside;
  if (inside.length === 0 || used.length < 2) return undefined;
  return increaseOf(used) / ((used.at(-1)!.atMs - used[0]!.atMs) / 1000);
}
