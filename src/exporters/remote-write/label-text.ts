// Encodes label sets, without the name of the series.
import type { EncodedLabels } from '../../collectors/label-sets.ts';
import { JOB } from './instance.ts';
import { LabelBuffer } from './label-buffer.ts';
import { compactText, messageText, stringText } from './protobuf-text.ts';

const NAME = '__name__';
const LE = 'le';

/** One entry of `TimeSeries.labels`. */
function labelText(name: string, value: string): string {
  return messageText(1, stringText(1, name) + stringText(2, value));
}

export function nameText(name: string): string {
  return compactText(labelText(NAME, name));
}

export function leText(bound: string): string {
  return labelText(LE, bound);
}

const buffer = new LabelBuffer();

/**
 * Labels sorted by name, with those of the agent where a series has none of its own. Remote write forbids empty values,
 * which mean in Prometheus that the label is absent.
 */
export function encodeLabels(labels: Readonly<Record<string, string>>, instance: string): EncodedLabels {
  const values: Record<string, string> = { job: JOB, instance };
  for (const name in labels) if (labels[name] !== '') values[name] = labels[name]!;
  buffer.clear();
  let nameAt = 0;
  let leAt = 0;
  for (const name of Object.keys(values).sort()) {
    buffer.add(name, values[name]!);
    if (name < NAME) nameAt = buffer.length;
    if (name < LE) leAt = buffer.length;
  }
  return {
    instance,
    beforeName: buffer.text(0, nameAt),
    afterName: buffer.text(nameAt, buffer.length),
    lePosition: leAt - nameAt,
  };
}
