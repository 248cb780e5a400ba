// Splits a payload by series.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Payload } from '../payload.ts';
import { decompressBlock } from './block-format.ts';
import { SliceWriter } from './slice-writer.ts';
import { loadCompress } from './snappy.ts';

/** A receiver rejects a whole part for one bad sample, so that more parts lose less. */
const MAX_PARTS = 16;
/** Entries that are read before other work may run. */
const ENTRIES_PER_TURN = 5000;

const TIMESERIES = 1;
const METADATA = 3;
const SAMPLES = 2;

const LENGTH_DELIMITED = 2;

const NONE = new Uint8Array();

/** Series of one part and the metadata in front of them. */
interface Part {
  /** The last metadata before the first series, if it is not in the part itself. */
  readonly metadata: Uint8Array;
  readonly from: number;
  to: number;
  samples: number;
}

/** Up to 16 parts; none if there are fewer than two series. Throws for a broken body. */
export async function splitPayload(payload: Payload): Promise<readonly Payload[]> {
  const plain = await decompressBlock(payload.body);
  const parts = await divide(plain);
  if (parts.length < 2) return [];
  const compress = await loadCompress();
  const payloads: Payload[] = [];
  for (const { metadata, from, to, samples } of parts) {
    const writer = new SliceWriter(compress);
    await writer.append(metadata);
    await writer.append(plain.subarray(from, to));
    payloads.push({ ...payload, count: samples, body: writer.finish() });
  }
  return payloads;
}

/** Cuts behind series, so that all parts have the same number of them, plus or minus one. */
async function divide(plain: Uint8Array): Promise<Part[]> {
  const total = await countSeries(plain);
  const count = Math.min(MAX_PARTS, total);
  const parts: Part[] = [];
  let metadata: Uint8Array = NONE;
  let series = 0;
  let entries = 0;
  for (const { field, start, contents, end } of fields(plain)) {
    if (field === METADATA) metadata = plain.subarray(start, end);
    if (parts.length < count && series >= (total / count) * parts.length)
      parts.push({ metadata: field === METADATA ? NONE : metadata, from: start, to: start, samples: 0 });
    const part = parts.at(-1);
    if (!part) break;
    part.to = end;
    if (field === TIMESERIES) {
      series++;
      for (const inner of fields(contents)) if (inner.field === SAMPLES) part.samples++;
    }
    if (++entries % ENTRIES_PER_TURN === 0) await nextTurn();
  }
  return parts;
}

async function countSeries(plain: Uint8Array): Promise<number> {
  let series = 0;
  let entries = 0;
  for (const { field, start } of fields(plain)) {
    if (field === TIMESERIES) series++;
    else if (field !== METADATA) throw new Error(`field ${field} at byte ${start} is not one of a WriteRequest`);
    if (++entries % ENTRIES_PER_TURN === 0) await nextTurn();
  }
  return series;
}

interface Field {
  readonly field: number;
  readonly start: number;
  readonly contents: Uint8Array;
  readonly end: number;
}

/** The fields of a message, all of them with a length. */
function* fields(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const start = at;
    const tag = message[at++]!;
    if ((tag & 7) !== LENGTH_DELIMITED || tag > 0x7f)
      throw new Error(`the WriteRequest has an unknown tag ${tag} at byte ${start} of a message`);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      if (byte === undefined || shift > 28) throw new Error(`the length at byte ${start} of a message is broken`);
      length += (byte & 0x7f) * 2 ** shift;
      if (byte <= 0x7f) break;
    }
    const end = at + length;
    if (end > message.length) throw new Error(`the field at byte ${start} is longer than its message`);
    yield { field: tag >> 3, start, contents: message.subarray(at, end), end };
    at = end;
  }
}
