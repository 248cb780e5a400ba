// Renders a finished pass as Prometheus text.
import type { Family } from '../collectors/family-samples.ts';
import type { Snapshot } from '../collectors/samples.ts';

/** MIME type of the text: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Characters of one piece of the text: about 150 series. */
const PIECE_LENGTH = 32_768;

/** The text in pieces, each rendered on demand: a large host has tens of megabytes. Yields nothing without a family. */
export function* expositionPieces({ families }: Snapshot): Generator<string> {
  let piece = '';
  for (const family of families) {
    const { name, help, type } = family.definition;
    piece += `${family === families[0] ? '' : '\n'}# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    for (const line of linesOf(family)) {
      piece += line;
      if (piece.length < PIECE_LENGTH) continue;
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** The whole text of `expositionPieces`. */
export function renderExposition(snapshot: Snapshot): string {
  return [...expositionPieces(snapshot)].join('');
}

function* linesOf(family: Family): Generator<string> {
  const { name, buckets } = family.definition;
  // `le` is sorted among the other labels.
  const plain = family.labelNames;
  const bucket = buckets ? [...plain, 'le'].sort() : plain;
  for (const { suffix, labels, le, value } of family.samples()) {
    let line = '';
    for (const label of le === '' ? plain : bucket) {
      line += `${line === '' ? '{' : ','}${label}="${label === 'le' && le !== '' ? le : escapeLabel(labels[label]!)}"`;
    }
    yield `${name}${suffix}${line === '' ? '' : `${line}}`} ${numberText(value)}\n`;
  }
}

function escapeLabel(text: string): string {
  return /[\\\n"]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
