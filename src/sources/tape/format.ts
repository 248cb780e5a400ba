// Encodes and decodes the lines of a tape: a header, one observation a line, and an end.
import { TextDecoder } from 'node:util';
import type { HostHeader, Observation, ObservationKind } from '../host.ts';
import { asObject, type Field, FieldError, type JsonObject, safeInteger } from '../records/field.ts';
import { KINDS } from '../records/kinds.ts';
import { dictionary, list, type RecordOf, record } from '../records/record.ts';
import { hostHeader, observationHead } from '../records/run.ts';
import { unavailability } from '../records/unavailability.ts';
import { exceededLimit } from './line-limits.ts';

/** The value of the header's `tape` field. */
export const TAPE_MARK = 'coroot-agent';

/** The first bytes of every tape: they distinguish a tape with a truncated header from another file. */
export const TAPE_START = `{"tape":"${TAPE_MARK}"`;

/** Longest line in bytes. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Longest header line in bytes: limits the memory used before another file is recognised as such. */
export const MAX_HEADER_BYTES = 1024 * 1024;

const endFields = {
  observations: safeInteger,
  /** What the recorder left out, by reason. */
  dropped: dictionary(safeInteger),
};

/** The last line of a tape that was closed. */
export interface TapeEnd extends RecordOf<typeof endFields> {}
const tapeEnd: Field<TapeEnd> = record(endFields);
const degraded = list(unavailability);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The header line, without a line feed. Throws FieldError. */
export function encodeHeader(header: HostHeader): string {
  return JSON.stringify({ tape: TAPE_MARK, ...(hostHeader.encode(header, 'header') as object) });
}

/** One observation line, without a line feed. Throws FieldError for an observation that `decodeLine` would refuse. */
export function encodeObservation(observation: Observation): string {
  const head = observationHead.encode(observation, 'observation') as object;
  if (observation.unavailable)
    return JSON.stringify({ ...head, unavailable: unavailability.encode(observation.unavailable, 'unavailable') });
  // The type ties data to its kind, and the table does the same; the compiler does not see that they match.
  const data = (KINDS[observation.kind] as Field<unknown>).encode(observation.data, 'data');
  return JSON.stringify({
    ...head,
    data,
    ...(observation.degraded && { degraded: degraded.encode(observation.degraded, 'degraded') }),
  });
}

/** The end line, without a line feed. */
export function encodeEnd(end: TapeEnd): string {
  return JSON.stringify({ end: tapeEnd.encode(end, 'end') });
}

/** The JSON object of a line. Throws FieldError. */
export function parseLine(bytes: Buffer): JsonObject {
  const limit = exceededLimit(bytes);
  if (limit !== undefined) throw new FieldError('the line', limit);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw new FieldError('the line', 'valid JSON in UTF-8');
  }
  return asObject(value, 'the line');
}

/** The header from its upgraded line. Throws FieldError. */
export function decodeHeader(line: JsonObject): HostHeader {
  return hostHeader.decode(line, 'header');
}

/** A line after the header; `unknownKind` is an observation of a kind that this agent does not know. */
export type TapeLine =
  | { readonly observation: Observation }
  | { readonly unknownKind: string; readonly seq: number; readonly tMono: number }
  | { readonly end: TapeEnd };

/** Decodes an upgraded line after the header. Throws FieldError. */
export function decodeLine(line: JsonObject): TapeLine {
  if (Object.hasOwn(line, 'end')) return { end: tapeEnd.decode(line.end, 'end') };
  const head = observationHead.decode(line, 'observation');
  if (!Object.hasOwn(KINDS, head.kind)) return { unknownKind: head.kind, seq: head.seq, tMono: head.tMono };
  const hasData = line.data !== undefined;
  if (hasData === (line.unavailable !== undefined))
    throw new FieldError('observation', 'one with either data or unavailable');
  if (!hasData) {
    if (line.degraded !== undefined) throw new FieldError('observation', 'one that may be degraded: it has no data');
    return {
      observation: { ...head, unavailable: unavailability.decode(line.unavailable, 'unavailable') } as Observation,
    };
  }
  const data = KINDS[head.kind as ObservationKind].decode(line.data, 'data');
  const missing = line.degraded === undefined ? {} : { degraded: degraded.decode(line.degraded, 'degraded') };
  return { observation: { ...head, data, ...missing } as Observation };
}

/** Checks that sequence numbers increase and that monotonic time does not decrease. */
export class OrderCheck {
  #seq = -1;
  #tMono = 0;

  /** Checks the next observation. Throws FieldError, and then keeps its state. */
  check(seq: number, tMono: number): void {
    if (seq <= this.#seq) throw new FieldError('observation.seq', `greater than ${this.#seq}`);
    if (tMono < this.#tMono) throw new FieldError('observation.tMono', `at least ${this.#tMono}`);
    this.#seq = seq;
    this.#tMono = tMono;
  }
}
