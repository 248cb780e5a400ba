// Reads the size of the content from the header of a zstd frame: https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;

/** Bytes of the content of the first frame, or undefined if the header is malformed or does not state the size. */
export function zstdContentSize(frame: Uint8Array): number | undefined {
  if (frame.length < 5 || MAGIC.some((byte, i) => frame[i] !== byte)) return undefined;
  const descriptor = frame[4]!;
  const isReserved = (descriptor & 0x08) !== 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  // A single segment has always a size, and no byte that describes the window.
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : SIZE_BYTES[sizeFlag]!;
  const start = 5 + (isSingleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]!;
  if (isReserved || sizeBytes === 0 || frame.length < start + sizeBytes) return undefined;
  let size = 0;
  for (let i = sizeBytes - 1; i >= 0; i--) size = size * 256 + frame[start + i]!;
  if (sizeBytes === 2) size += 256;
  return Number.isSafeInteger(size) ? size : undefined;
}
