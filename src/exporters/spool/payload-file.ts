// The file of one payload in the spool: its header, its checksum and its name.
import { crc32 } from 'node:zlib';
import type { Payload, PayloadEncoding, PayloadKind } from '../payload.ts';

/*
 * Header, little endian, followed by the body:
 *
 *  0  8 bytes  magic `COROOTSP`
 *  8  uint16   schema, 1
 * 10  uint8    kind: 1 metrics, 2 logs, 3 traces, 4 profiles
 * 11  uint8    encoding: 0 identity, 1 snappy, 2 zstd, 3 gzip
 * 12  uint32   CRC-32 of the body and then of the header with zeros in this field
 * 16  uint32   samples or records in the body
 * 20  uint32   bytes of the body
 * 24  float64  time of the oldest sample or record, whole milliseconds since 1970
 * 32  float64  time of the newest one
 */
export const HEADER_BYTES = 40;

/** Larger bodies are refused: one payload is one pass or one batch, and is read as a whole. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

const MAGIC = Buffer.from('COROOTSP', 'latin1');
const SCHEMA = 1;
const CHECKSUM_AT = 12;

const kinds: readonly (PayloadKind | undefined)[] = [undefined, 'metrics', 'logs', 'traces', 'profiles'];
const encodings: readonly PayloadEncoding[] = ['identity', 'snappy', 'zstd', 'gzip'];

const MAX_COUNT = 0xffffffff;
/** The last time that ECMAScript can represent. */
const MAX_MS = 8_640_000_000_000_000;

/** The file is no complete payload; the message says why. */
export class DamagedPayload extends Error {}

/** The same payload with whole numbers in the range of the header. */
export function withStorableNumbers(payload: Payload): Payload {
  return {
    ...payload,
    count: wholeNumber(payload.count, MAX_COUNT),
    oldestMs: wholeNumber(payload.oldestMs, MAX_MS),
    newestMs: wholeNumber(payload.newestMs, MAX_MS),
  };
}

/** The header of a payload that has storable numbers. */
export function encodeHeader(payload: Payload): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16LE(SCHEMA, 8);
  header.writeUInt8(kinds.indexOf(payload.kind), 10);
  header.writeUInt8(encodings.indexOf(payload.encoding), 11);
  header.writeUInt32LE(payload.count, 16);
  header.writeUInt32LE(payload.body.length, 20);
  header.writeDoubleLE(payload.oldestMs, 24);
  header.writeDoubleLE(payload.newestMs, 32);
  header.writeUInt32LE(crc32(header, crc32(payload.body)), CHECKSUM_AT);
  return header;
}

/** The payload of a whole file. Throws DamagedPayload. The body is a view of the file's bytes. */
export function decodePayload(file: Buffer): Payload {
  if (file.length < HEADER_BYTES) throw new DamagedPayload(`it has ${file.length} bytes, fewer than a header`);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) throw new DamagedPayload('it is not a file of the spool');
  const schema = file.readUInt16LE(8);
  if (schema !== SCHEMA) throw new DamagedPayload(`its schema is ${schema}, not ${SCHEMA}`);
  const bytes = file.readUInt32LE(20);
  if (bytes !== file.length - HEADER_BYTES)
    throw new DamagedPayload(`its body has ${file.length - HEADER_BYTES} bytes, the header says ${bytes}`);
  const header = Buffer.from(file.subarray(0, HEADER_BYTES));
  const body = file.subarray(HEADER_BYTES);
  header.writeUInt32LE(0, CHECKSUM_AT);
  if (crc32(header, crc32(body)) !== file.readUInt32LE(CHECKSUM_AT)) throw new DamagedPayload('its checksum is wrong');
  const kind = kinds[file.readUInt8(10)];
  const encoding = encodings[file.readUInt8(11)];
  if (!kind || !encoding) throw new DamagedPayload('its kind or encoding is unknown');
  const [oldestMs, newestMs] = [file.readDoubleLE(24), file.readDoubleLE(32)];
  if (oldestMs !== wholeNumber(oldestMs, MAX_MS) || newestMs !== wholeNumber(newestMs, MAX_MS))
    throw new DamagedPayload('its times are out of range');
  return { kind, encoding, count: file.readUInt32LE(16), oldestMs, newestMs, body };
}

/** What the name of a file says, so that the files need not be opened at the start. */
export interface PayloadNumbers {
  readonly seq: number;
  readonly count: number;
  readonly oldestMs: number;
}

export const PAYLOAD_SUFFIX = '.payload';
export const TEMPORARY_SUFFIX = '.tmp';

/** E.g. `0000000000000042-1500-1764288000000`: sequence number, samples or records, time of the oldest one. */
export function payloadStem({ seq, count, oldestMs }: PayloadNumbers): string {
  return `${String(seq).padStart(16, '0')}-${count}-${oldestMs}`;
}

/** Undefined for any other text. */
export function parsePayloadStem(stem: string): PayloadNumbers | undefined {
  const match = /^(\d{16})-(\d{1,10})-(\d{1,16})$/.exec(stem);
  if (!match) return undefined;
  const [seq, count, oldestMs] = match.slice(1).map(Number) as [number, number, number];
  const numbers = { seq, count, oldestMs };
  const isInRange = Number.isSafeInteger(seq) && count <= MAX_COUNT && oldestMs <= MAX_MS;
  return isInRange && payloadStem(numbers) === stem ? numbers : undefined;
}

function wholeNumber(value: number, limit: number): number {
  return value > 0 ? Math.min(Math.trunc(value), limit) : 0;
}
