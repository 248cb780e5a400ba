// Encodes a pass as a WriteRequest of Prometheus remote write 1.0 (prompb/remote.proto and types.proto).
import type { SelfFamilyValues } from '../../base/self-metrics.ts';
import type { Family } from '../../collectors/family-samples.ts';
import type { EncodedLabels, LabelSet } from '../../collectors/label-sets.ts';
import type { Snapshot } from '../../collectors/samples.ts';
import type { Payload } from '../payload.ts';
import { instanceOf } from './instance.ts';
import { encodeLabels, leText, nameText } from './label-text.ts';
import { compactText, int64Text, messageText, stringText, varintText } from './protobuf-text.ts';
import { SliceWriter } from './slice-writer.ts';
import { type Compress, loadCompress } from './snappy.ts';

/** `MetricMetadata.MetricType` */
const typeNumbers = { counter: 1, gauge: 2, histogram: 3 } as const;

/** Coroot reads from it whether the agent runs. */
const up: SelfFamilyValues = { name: 'up', type: 'gauge', help: '', series: [{ name: 'up', labels: {}, value: 1 }] };

/** Bytes of a header: a tag and a length of at most five bytes. */
const HEADER_BYTES = 6;
/** Bytes that are written and compressed in the time in which a label set is encoded. */
const LABEL_SET_WORK = 1024;

/**
 * A pass, the agent's own metrics and `up` as a payload. Undefined while the machine id is not known: every series
 * would get a wrong label `instance`, so that the caller drops the pass. Other work runs between slices of the pass.
 */
export async function encodePass(
  snapshot: Snapshot,
  selfFamilies: readonly SelfFamilyValues[],
): Promise<Payload | undefined> {
  const { atMs, nodeLabels, families } = snapshot;
  const instance = instanceOf(nodeLabels);
  if (instance === '') return undefined;
  const writer = new WriteRequestWriter(await loadCompress(), instance, atMs);
  for (const family of families) await writer.family(family);
  for (const family of [...selfFamilies, up]) await writer.selfFamily(family);
  return { kind: 'metrics', encoding: 'snappy', oldestMs: atMs, newestMs: atMs, ...writer.finish() };
}

class WriteRequestWriter {
  readonly #slices: SliceWriter;
  readonly #instance: string;
  /** A sample with the value 0 and the timestamp of the pass. */
  readonly #sampleText: string;
  /** Bytes from the value of a sample to its end. */
  readonly #valueToEnd: number;
  #count = 0;

  constructor(compress: Compress, instance: string, atMs: number) {
    this.#slices = new SliceWriter(compress);
    this.#instance = instance;
    // Field 1, 64 bits, and field 2, variable length.
    const valueToEnd = `${'\0'.repeat(8)}\x10${int64Text(Math.trunc(atMs))}`;
    this.#sampleText = compactText(messageText(2, `\x09${valueToEnd}`));
    this.#valueToEnd = valueToEnd.length;
  }

  async family(family: Family): Promise<void> {
    this.#metadata(family.definition);
    if (family.definition.buckets) await this.#histogram(family, family.definition.buckets);
    else await this.#plain(family);
  }

  async selfFamily(family: SelfFamilyValues): Promise<void> {
    this.#metadata(family);
    for (const { name, labels, value } of family.series) {
      const { beforeName, afterName } = encodeLabels(labels, this.#instance);
      this.#slices.addWork(LABEL_SET_WORK);
      this.#series(beforeName, nameText(name), afterName, value);
      if (this.#slices.isTurnOver) await this.#slices.nextTurn();
    }
  }

  finish(): { body: Uint8Array; count: number } {
    return { body: this.#slices.finish(), count: this.#count };
  }

  #metadata({ name, type, help }: Pick<SelfFamilyValues, 'name' | 'type' | 'help'>): void {
    const fields = `\x08${varintText(typeNumbers[type])}${stringText(2, name)}`;
    const text = messageText(3, help === '' ? fields : fields + stringText(4, help));
    this.#slices.reserve(text.length);
    this.#slices.text(text);
  }

  async #plain({ definition, sets, values }: Family): Promise<void> {
    const slices = this.#slices;
    const name = nameText(definition.name);
    for (let row = 0; row < sets.length; row++) {
      const { beforeName, afterName } = this.#labels(sets[row]!);
      this.#series(beforeName, name, afterName, values[row]!);
      if (slices.isTurnOver) await slices.nextTurn();
    }
  }

  async #histogram({ definition, sets, values }: Family, buckets: readonly number[]): Promise<void> {
    const slices = this.#slices;
    const [bucketName, sumName, countName] = ['_bucket', '_sum', '_count'].map((end) =>
      nameText(definition.name + end),
    );
    const bounds = [...buckets.map(String), '+Inf'].map(leText);
    let index = 0;
    for (const set of sets) {
      const { beforeName, afterName, lePosition } = this.#labels(set);
      const beforeLe = afterName.slice(0, lePosition);
      const afterLe = afterName.slice(lePosition);
      for (const le of bounds) this.#bucket(beforeName, bucketName!, beforeLe, le, afterLe, values[index++]!);
      const count = values[index - 1]!;
      this.#series(beforeName, sumName!, afterName, values[index++]!);
      this.#series(beforeName, countName!, afterName, count);
      if (slices.isTurnOver) await slices.nextTurn();
    }
  }

  /** Encodes the labels of a set in the first pass that has it. */
  #labels(set: LabelSet): EncodedLabels {
    if (set.encoded?.instance === this.#instance) return set.encoded;
    this.#slices.addWork(LABEL_SET_WORK);
    set.encoded = encodeLabels(set.labels, this.#instance);
    return set.encoded;
  }

  #series(beforeName: string, name: string, afterName: string, value: number): void {
    const slices = this.#slices;
    const length = beforeName.length + name.length + afterName.length + this.#sampleText.length;
    slices.reserve(HEADER_BYTES + length);
    slices.header(1, length);
    if (beforeName !== '') slices.text(beforeName);
    slices.text(name);
    slices.text(afterName);
    this.#sample(value);
  }

  #bucket(beforeName: string, name: string, beforeLe: string, le: string, afterLe: string, value: number): void {
    const slices = this.#slices;
    const length =
      beforeName.length + name.length + beforeLe.length + le.length + afterLe.length + this.#sampleText.length;
    slices.reserve(HEADER_BYTES + length);
    slices.header(1, length);
    for (const text of [beforeName, name, beforeLe, le, afterLe]) slices.text(text);
    this.#sample(value);
  }

  #sample(value: number): void {
    const slices = this.#slices;
    slices.text(this.#sampleText);
    slices.double(value, this.#valueToEnd);
    this.#count++;
  }
}
