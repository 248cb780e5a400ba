// Encodes label sets, without the name of the series.
import type { EncodedLabels, LabelSet } from '../../collectors/label-sets.ts';
import { JOB } from './instance.ts';
import { compactText, messageText, stringText } from './protobuf-text.ts';

const NAME = '__name__';
const LE = 'le';

/** One entry of `TimeSeries.labels`. */
export function labelText(name: string, value: string): string {
  return messageText(1, stringText(1, name) + stringText(2, value));
}

export function nameText(name: string): string {
  return compactText(labelText(NAME, name));
}

export function leText(bound: string): string {
  return labelText(LE, bound);
}

/** The labels of a set for the agent with this label `instance`; encoded once while neither changes. */
export function encodedLabels(set: LabelSet, instance: string): EncodedLabels {
  if (set.encoded === undefined || set.encoded.instance !== instance) set.encoded = encodeLabels(set.labels, instance);
  return set.encoded;
}

/**
 * Labels sorted by name, with those of the agent where a series has none of its own. Remote write forbids empty values,
 * which mean in Prometheus that the label is absent.
 */
export function encodeLabels(labels: Readonly<Record<string, string>>, instance: string): EncodedLabels {
  const values: Record<string, string> = { job: JOB, instance };
  for (const name in labels) if (labels[name] !== '') values[name] = labels[name]!;
  let beforeName = '';
  let beforeLe = '';
  let afterLe = '';
  for (const name of Object.keys(values).sort()) {
    const text = labelText(name, values[name]!);
    if (name < NAME) beforeName += text;
    else if (name < LE) beforeLe += text;
    else afterLe += text;
  }
  const afterName = compactText(beforeLe + afterLe);
  return { instance, beforeName: compactText(beforeName), afterName, lePosition: beforeLe.length };
}
