// Encodes a pass as a WriteRequest of Prometheus remote write 1.0 (prompb/remote.proto and types.proto).
import type { SelfFamilyValues } from '../../base/self-metrics.ts';
import type { Family } from '../../collectors/family-samples.ts';
import type { Snapshot } from '../../collectors/samples.ts';
import type { Payload } from '../payload.ts';
import { instanceOf } from './instance.ts';
import { encodedLabels, encodeLabels, leText, nameText } from './label-text.ts';
import { compactText, int64Text, messageText, stringText, varintText } from './protobuf-text.ts';
import { SliceWriter } from './slice-writer.ts';
import { type Compress, loadCompress } from './snappy.ts';

/** `MetricMetadata.MetricType` */
const typeNumbers = { counter: 1, gauge: 2, histogram: 3 } as const;

/** Coroot reads from it whether the agent runs. */
const up: SelfFamilyValues = { name: 'up', type: 'gauge', help: '', series: [{ name: 'up', labels: {}, value: 1 }] };

/** Bytes of a header: a tag and a length of at most five bytes. */
const HEADER_BYTES = 6;

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
  /** Bytes of a sample before its value and after it; the timestamp is that of the pass. */
  readonly #beforeValue: string;
  readonly #afterValue: string;
  readonly #sampleLength: number;
  #count = 0;

  constructor(compress: Compress, instance: string, atMs: number) {
    this.#slices = new SliceWriter(compress);
    this.#instance = instance;
    // Field 1, 64 bits, and field 2, variable length.
    this.#afterValue = compactText(`\x10${int64Text(Math.trunc(atMs))}`);
    this.#beforeValue = compactText(`\x12${varintText(1 + 8 + this.#afterValue.length)}\x09`);
    this.#sampleLength = this.#beforeValue.length + 8 + this.#afterValue.length;
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
      this.#series(beforeName, nameText(name), afterName, value);
      if (this.#slices.isFull) await this.#slices.nextSlice();
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
      const { beforeName, afterName } = encodedLabels(sets[row]!, this.#instance);
      this.#series(beforeName, name, afterName, values[row]!);
      if (slices.isFull) await slices.nextSlice();
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
      const { beforeName, afterName, lePosition } = encodedLabels(set, this.#instance);
      const beforeLe = afterName.slice(0, lePosition);
      const afterLe = afterName.slice(lePosition);
      for (const le of bounds) this.#bucket(beforeName, bucketName!, beforeLe, le, afterLe, values[index++]!);
      const count = values[index - 1]!;
      this.#series(beforeName, sumName!, afterName, values[index++]!);
      this.#series(beforeName, countName!, afterName, count);
      if (slices.isFull) await slices.nextSlice();
    }
  }

  #series(beforeName: string, name: string, afterName: string, value: number): void {
    const slices = this.#slices;
    const length = beforeName.length + name.length + afterName.length + this.#sampleLength;
    slices.reserve(HEADER_BYTES + length);
    slices.header(1, length);
    if (beforeName !== '') slices.text(beforeName);
    slices.text(name);
    slices.text(afterName);
    this.#sample(value);
  }

  #bucket(beforeName: string, name: string, beforeLe: string, le: string, afterLe: string, value: number): void {
    const slices = this.#slices;
    const length = beforeName.length + name.length + beforeLe.length + le.length + afterLe.length + this.#sampleLength;
    slices.reserve(HEADER_BYTES + length);
    slices.header(1, length);
    for (const text of [beforeName, name, beforeLe, le, afterLe]) slices.text(text);
    this.#sample(value);
  }

  #sample(value: number): void {
    const slices = this.#slices;
    slices.text(this.#beforeValue);
    slices.double(value);
    slices.text(this.#afterValue);
    this.#count++;
  }
}
