// Walks the fields of a protobuf message without a schema and checks every length.
// https://protobuf.dev/programming-guides/encoding/

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/** A 64-bit number has at most ten groups of seven bits. */
const MAX_VARINT_BYTES = 10;

/** One field of a message; positions are offsets into the bytes of the walk. */
export interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Start of the tag. */
  readonly start: number;
  /** Start of the value, after the length of one that has a length. */
  readonly valueStart: number;
  readonly end: number;
}

interface Varint {
  /** Exact up to 2^53. */
  readonly value: number;
  readonly end: number;
}

/** The fields of the message in `bytes` between two offsets. Throws RangeError at the first that is malformed. */
export function* fieldsOf(bytes: Uint8Array, from = 0, to = bytes.length): Generator<Field> {
  let start = from;
  while (start < to) {
    const tag = readVarint(bytes, start, to);
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (number < 1 || number > 0x1fff_ffff) throw malformed('a field number out of range', start);
    const [valueStart, end] = valueRange(bytes, wireType, tag.end, to);
    yield { number, wireType, start, valueStart, end };
    start = end;
  }
}

/** The varint at an offset. Throws RangeError if it does not end before `to`. */
export function readVarint(bytes: Uint8Array, start: number, to: number): Varint {
  let value = 0;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    if (start + i >= to) throw malformed('a number that is cut off', start);
    const byte = bytes[start + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw malformed('a number of more than 64 bits', start);
}

/** A field with a length: tag, length and the parts of its value. */
export function encodeBytesField(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...varint(number * 8 + WIRE_BYTES), ...varint(length)]), ...parts];
}

function valueRange(bytes: Uint8Array, wireType: number, start: number, to: number): [start: number, end: number] {
  switch (wireType) {
    case WIRE_VARINT:
      return [start, readVarint(bytes, start, to).end];
    case WIRE_FIXED64:
      return [start, checkedEnd(start, 8, to)];
    case WIRE_FIXED32:
      return [start, checkedEnd(start, 4, to)];
    case WIRE_BYTES: {
      const length = readVarint(bytes, start, to);
      return [length.end, checkedEnd(length.end, length.value, to)];
    }
    default:
      throw malformed(`the wire type ${wireType}`, start);
  }
}

function checkedEnd(start: number, length: number, to: number): number {
  if (length > to - start) throw malformed(`a length of ${length} where ${to - start} bytes are left`, start);
  return start + length;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

function malformed(what: string, offset: number): RangeError {
  return new RangeError(`the protobuf message has ${what} at offset ${offset}`);
}
