// A position in a file, with what shows later whether it is still the same content.
import { crc32 } from 'node:zlib';
import { type FileAccess, readAll } from './file-access.ts';

/** Bytes at the start of the file, and before the position, of which the checksum is kept. */
const SAMPLE_BYTES = 256;

export interface FileMark {
  readonly id: string;
  readonly path: string;
  readonly offset: number;
  /** Bytes at the start that were there, at most 256, and their checksum. */
  readonly headBytes: number;
  readonly head: number;
  /** Checksum of up to 256 bytes before the offset. */
  readonly tail: number;
  /** What the format needs to continue: the directives of a W3C log. */
  readonly format?: string;
}

/** Throws the errors of Node. */
export function markAt(
  access: FileAccess,
  file: number,
  { id, path, offset, format }: Pick<FileMark, 'id' | 'path' | 'offset'> & { readonly format?: string | undefined },
): FileMark {
  const headBytes = Math.min(SAMPLE_BYTES, offset);
  return {
    id,
    path,
    offset,
    headBytes,
    head: checksum(access, file, 0, headBytes),
    tail: checksum(access, file, offset - headBytes, headBytes),
    ...(format === undefined ? {} : { format }),
  };
}

/** Whether the file has the content of the mark before its offset, as far as the checksums show. */
export function matchesMark(access: FileAccess, file: number, mark: FileMark, size: number): boolean {
  if (size < mark.offset) return false;
  const { headBytes, offset } = mark;
  return (
    checksum(access, file, 0, headBytes) === mark.head &&
    checksum(access, file, offset - headBytes, headBytes) === mark.tail
  );
}

/** -1 if the bytes are not there. */
function checksum(access: FileAccess, file: number, from: number, length: number): number {
  const bytes = readAll(access, file, from, length);
  return bytes.length < length ? -1 : crc32(bytes);
}

export function encodeMark({ id, path, offset, headBytes, head, tail, format }: FileMark): string {
  return JSON.stringify([id, path, offset, headBytes, head, tail, ...(format === undefined ? [] : [format])]);
}

/** Undefined for a text that `encodeMark` did not write. */
export function decodeMark(text: string): FileMark | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields) || fields.length < 6) return undefined;
  const [id, path, offset, headBytes, head, tail, format] = fields;
  const isText = [id, path, format ?? ''].every((value) => typeof value === 'string');
  const isNumber = [offset, headBytes, head, tail].every((value) => Number.isSafeInteger(value) && value >= -1);
  if (!isText || !isNumber || offset < 0 || headBytes < 0 || headBytes > Math.min(SAMPLE_BYTES, offset))
    return undefined;
  return { id, path, offset, headBytes, head, tail, ...(format === undefined ? {} : { format }) };
}
