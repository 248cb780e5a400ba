// The registry of the agent's own instrumentation, kept by prom-client.
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** What the registry must know of a family; the catalogue of the collectors has more. */
export interface SelfFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** In alphabetical order, as in the exposition. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram in growing order. */
  readonly buckets?: readonly number[];
}

/** A family of the registry with its current values. */
export interface SelfFamilyValues {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** At least one. */
  readonly series: readonly SelfSeries[];
}

export interface SelfSeries {
  /** That of the family, with the suffix of a histogram. */
  readonly name: string;
  /** With `le` for a bucket. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type CounterFamily = SelfFamily & { readonly type: 'counter' };
type GaugeFamily = SelfFamily & { readonly type: 'gauge' };
type HistogramFamily = SelfFamily & { readonly type: 'histogram'; readonly buckets: readonly number[] };

/** A value for each label of the family. */
type LabelsOf<F extends SelfFamily> = Readonly<Record<F['labels'][number], string>>;

/** Prefix of the metrics of Node and its process, so that they cannot collide with those of another exporter. */
export const NODE_PREFIX = 'coroot_agent_';
/** Node's event loop monitor wakes the process up at this interval, which is most of the CPU time of an idle agent. */
const EVENT_LOOP_SAMPLE_MS = 1000;
/** No lag in seconds is as long. */
const NO_SAMPLE_S = 1e9;

/** A family enters the registry with its first value, so that the exposition has no family without series. */
export class SelfMetrics {
  readonly #registry = new Registry();
  /** Apart from the others, because reading them resets the event loop monitor. */
  readonly #nodeRegistry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  increment<F extends CounterFamily>(family: F, labels: LabelsOf<F>, by = 1): void {
    this.#counter(family).inc(labels, by);
  }

  /** Replaces all series of a counter by totals that are counted elsewhere and never decrease. */
  setTotals<F extends CounterFamily>(family: F, totals: Iterable<readonly [labels: LabelsOf<F>, total: number]>): void {
    const counter = this.#counter(family);
    counter.reset();
    for (const [labels, total] of totals) counter.inc(labels, total);
  }

  set<F extends GaugeFamily>(family: F, labels: LabelsOf<F>, value: number): void {
    let gauge = this.#gauges.get(family.name);
    if (!gauge) {
      gauge = new Gauge({ ...configOf(family), registers: [this.#registry] });
      this.#gauges.set(family.name, gauge);
    }
    gauge.set(labels, value);
  }

  observe<F extends HistogramFamily>(family: F, labels: LabelsOf<F>, value: number): void {
    let histogram = this.#histograms.get(family.name);
    if (!histogram) {
      const buckets = [...family.buckets];
      histogram = new Histogram({ ...configOf(family), buckets, registers: [this.#registry] });
      this.#histograms.set(family.name, histogram);
    }
    histogram.observe(labels, value);
  }

  /**
   * Starts to measure Node and this process: memory, event loop, garbage collection. Once in a process: it cannot be
   * stopped.
   */
  startNodeMetrics(): void {
    collectDefaultMetrics({
      register: this.#nodeRegistry,
      prefix: NODE_PREFIX,
      eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS,
    });
    excludeSamplingInterval(this.#nodeRegistry, EVENT_LOOP_SAMPLE_MS / 1000);
  }

  /** Families of the agent and then those of Node as Prometheus text; empty without a value. */
  async text(): Promise<string> {
    const texts = await Promise.all([this.#registry, this.#nodeRegistry].map((registry) => registry.metrics()));
    // prom-client writes a family without series as two lines; line feeds in help texts and labels are escaped.
    const families = texts.flatMap((text) => text.trimEnd().split('\n\n')).filter((family) => /\n(?!#)/.test(family));
    // The format spells it NaN. The lag of the event loop is none before its first sample.
    return families.length === 0 ? '' : `${families.join('\n\n').replace(/ Nan$/gm, ' NaN')}\n`;
  }

  /** The same families and series as in `text`. Also restarts the measurement of the event loop. */
  async families(): Promise<SelfFamilyValues[]> {
    const found = await Promise.all([this.#registry, this.#nodeRegistry].map((each) => each.getMetricsAsJSON()));
    return found.flat().flatMap(familyValues);
  }

  /** Every counter of the agent by its series, e.g. `coroot_agent_series_dropped_total{reason="duplicate"}`. */
  async counterValues(): Promise<Record<string, number>> {
    const found: [series: string, value: number][] = [];
    for (const [name, counter] of this.#counters)
      for (const { labels, value } of (await counter.get()).values) found.push([seriesKey(name, labels), value]);
    return Object.fromEntries(found);
  }

  #counter(family: CounterFamily): Counter {
    let counter = this.#counters.get(family.name);
    if (!counter) {
      counter = new Counter({ ...configOf(family), registers: [this.#registry] });
      this.#counters.set(family.name, counter);
    }
    return counter;
  }
}

/**
 * Node records the time between two samples, so that its minimum is the interval; the lag is what exceeds it.
 * prom-client sets these gauges when it collects the first family of the lag, before it reads them.
 * https://nodejs.org/api/perf_hooks.html#perf_hooksmonitoreventloopdelayoptions
 */
export function excludeSamplingInterval(registry: Registry, seconds: number): void {
  for (const part of ['min', 'max', 'mean', 'p50', 'p90', 'p99']) {
    const gauge = registry.getSingleMetric(`${NODE_PREFIX}nodejs_eventloop_lag_${part}_seconds`);
    if (!(gauge instanceof Gauge)) continue;
    const get = gauge.get.bind(gauge);
    gauge.get = async () => {
      const metric = await get();
      return { ...metric, values: metric.values.map((each) => ({ ...each, value: excess(each.value, seconds) })) };
    };
  }
}

/** NaN before the first sample, when the minimum is 2^63 - 1 ns. */
function excess(value: number, interval: number): number {
  return Number.isNaN(value) || value > NO_SAMPLE_S ? Number.NaN : Math.max(0, value - interval);
}

/** The family of prom-client, or nothing if it has no series. */
function familyValues({ name, type, help, values }: MetricObjectWithValues<MetricValue<string>>): SelfFamilyValues[] {
  if (values.length === 0) return [];
  // Declared as a number in prom-client, which gives its name.
  const kind = String(type);
  if (kind !== 'counter' && kind !== 'gauge' && kind !== 'histogram')
    throw new Error(`${name} has the type ${kind}, which the agent does not use`);
  const series = values.map((each: MetricValue<string> & { metricName?: string }) => ({
    name: each.metricName ?? name,
    labels: Object.fromEntries(Object.entries(each.labels).map(([label, value]) => [label, String(value)])),
    value: each.value,
  }));
  return [{ name, type: kind, help, series }];
}

function configOf({ name, help, labels }: SelfFamily): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: [...labels] };
}

function seriesKey(name: string, labels: Readonly<Partial<Record<string, string | number>>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(String(value))}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
