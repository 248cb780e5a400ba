// A strict parser of the Prometheus text format 0.0.4, written from its specification; imports no product code.

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
/** Families whose labels prom-client writes in an order of its own. */
const unordered = /^coroot_agent_nodejs_/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/**
 * Parses the families in the order of the text. Throws for:
 * - a missing line feed at the end, or invalid UTF-16
 * - a family without HELP and TYPE directly before its samples
 * - a repeated family, series or label
 * - labels that are not in alphabetical order, apart from `le`
 * - escapes other than `\\`, `\"` and `\n`, values that are not numbers, incomplete histograms
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseExposition(text: string): ParsedFamily[] {
  if (!text.isWellFormed()) throw new Error('a lone surrogate');
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const families: ParsedFamily[] = [];
  const series = new Set<string>();
  let help: { name: string; text: string } | undefined;
  for (const [i, line] of text.slice(0, -1).split('\n').entries()) {
    const fail = (why: string): never => {
      throw new Error(`line ${i + 1}: ${why}: ${line}`);
    };
    if (line === '') continue;
    if (line.startsWith('# HELP ')) {
      const name = NAME.exec(line.slice(7))?.[0] ?? fail('no metric name');
      if (families.some((family) => family.name === name)) fail('a family given twice');
      if (line[7 + name.length] !== ' ') fail('no space after the name');
      help = { name, text: unescaped(line.slice(8 + name.length), 'n\\', fail) };
    } else if (line.startsWith('# TYPE ')) {
      const [name, type, ...rest] = line.slice(7).split(' ');
      if (!help || help.name !== name) return fail('a type without its help before');
      if (rest.length > 0 || !TYPES.includes(type!)) fail('no such type');
      families.push({ name, type: type!, help: help.text, samples: [] });
      help = undefined;
    } else {
      const sample = parseSample(line, fail);
      const family = families.at(-1);
      if (help || !family || !namesOf(family).includes(sample.name)) return fail('a sample outside of its family');
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (series.has(key)) fail('a series given twice');
      series.add(key);
      family.samples.push(sample);
    }
  }
  if (help) throw new Error(`${help.name} has no type`);
  for (const { name, samples } of families) if (samples.length === 0) throw new Error(`${name} has no samples`);
  for (const family of families) if (family.type === 'histogram') checkHistograms(family);
  return families;
}

/** Names that the samples of a family may have. */
function namesOf({ name, type }: ParsedFamily): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/**
 * Checks that histograms follow each other, each with cumulative buckets in ascending order up to `+Inf`, then its sum
 * and its count, which equals the last bucket.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#histograms-and-summaries
 */
function checkHistograms({ name, samples }: ParsedFamily): void {
  let bounds: number[] = [];
  let last = 0;
  let owner: string | undefined;
  let sums = 0;
  for (const { name: part, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    const fail = (why: string): never => {
      throw new Error(`${name}: ${why}: ${key}`);
    };
    if (owner !== undefined && key !== owner) fail('a histogram within another');
    owner = key;
    if (part === `${name}_bucket`) {
      const bound =
        le === '+Inf'
          ? Number.POSITIVE_INFINITY
          : le !== undefined && VALUE.test(le)
            ? Number(le)
            : fail('a bucket without a bound');
      if (bound <= (bounds.at(-1) ?? Number.NEGATIVE_INFINITY) || sums > 0) fail('buckets out of order');
      if (value < last) fail('buckets are not cumulative');
      bounds.push(bound);
      last = value;
      continue;
    }
    if (le !== undefined) fail('a bound outside of a bucket');
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY) fail('no bucket above all bounds');
    if (part === `${name}_sum`) {
      if (++sums > 1) fail('two sums');
      continue;
    }
    if (sums !== 1 || value !== last) fail('the count is not that of the last bucket');
    [bounds, last, owner, sums] = [[], 0, undefined, 0];
  }
  if (owner !== undefined) throw new Error(`${name}: a histogram without an end: ${owner}`);
}

type Fail = (why: string) => never;

function parseSample(line: string, fail: Fail): ParsedSample {
  const name = NAME.exec(line)?.[0] ?? fail('no metric name');
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === '{') {
    at++;
    let last = '';
    while (line[at] !== '}') {
      const label = LABEL.exec(line.slice(at))?.[0] ?? fail('no label name');
      if (label in labels) fail(`label ${label} is given twice`);
      if (label !== 'le' && label <= last && !unordered.test(name)) fail(`label ${label} is not after ${last}`);
      if (label !== 'le') last = label;
      at += label.length;
      if (line.slice(at, at + 2) !== '="') fail('no value after a label');
      const start = at + 2;
      for (at = start; line[at] !== '"'; at += line[at] === '\\' ? 2 : 1)
        if (at >= line.length) fail('a value without an end');
      labels[label] = unescaped(line.slice(start, at), 'n\\"', fail);
      at++;
      if (line[at] === ',') {
        if (line[++at] === '}') fail('a comma too many');
      } else if (line[at] !== '}') fail('no comma between labels');
    }
    at++;
  }
  if (line[at] !== ' ') fail('no space before the value');
  const value = line.slice(at + 1);
  if (!VALUE.test(value)) fail('no number');
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function unescaped(text: string, allowed: string, fail: Fail): string {
  return text.replace(/\\(.?)/gs, (_whole, escaped: string) => {
    if (escaped === '' || !allowed.includes(escaped)) fail(`an escape that is none: \\${escaped}`);
    return escaped === 'n' ? '\n' : escaped;
  });
}
