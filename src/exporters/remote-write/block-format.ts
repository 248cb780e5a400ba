// Reads blocks of snappy: https://github.com/google/snappy/blob/main/format_description.txt
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A block: the length of the plain data, and the elements that produce it. */
export interface Block {
  readonly plainLength: number;
  readonly elements: Uint8Array;
}

/** Elements that are read before other work may run: at most a few milliseconds. */
const ELEMENTS_PER_TURN = 50_000;
/** An element of three bytes produces at most 64. */
const MAX_EXPANSION = 64 / 3;

/** Splits a block behind its preamble. Throws if the preamble is broken or claims more than the body can hold. */
export function readPreamble(body: Uint8Array): Block {
  let plainLength = 0;
  for (let i = 0; i < 5; i++) {
    const byte = body[i];
    if (byte === undefined) throw new Error(`the snappy block of ${body.length} bytes ends in its preamble`);
    plainLength += (byte & 0x7f) * 2 ** (7 * i);
    if (byte > 0x7f) continue;
    const elements = body.subarray(i + 1);
    // A last literal may take the bytes of the block one to one.
    if (plainLength > 0xffff_ffff || plainLength > Math.ceil(elements.length * MAX_EXPANSION))
      throw new Error(`the snappy block of ${body.length} bytes claims ${plainLength} bytes of plain data`);
    return { plainLength, elements };
  }
  throw new Error('the preamble of the snappy block is longer than 5 bytes');
}

/** Resolves if the elements produce exactly the length of the preamble and refer only to earlier data. */
export async function verifyBlock(block: Block): Promise<void> {
  await readElements(block, undefined);
}

/** The plain data. Allocates as many bytes as the preamble claims, once that is known to be right. */
export async function decompressBlock(body: Uint8Array): Promise<Uint8Array> {
  const block = readPreamble(body);
  await verifyBlock(block);
  const plain = new Uint8Array(block.plainLength);
  await readElements(block, plain);
  return plain;
}

/** Reads all elements and writes what they produce to `plain`, if given. */
async function readElements({ plainLength, elements }: Block, plain: Uint8Array | undefined): Promise<void> {
  let at = 0;
  let produced = 0;
  for (let count = 1; at < elements.length; count++) {
    const tag = elements[at++]!;
    let length = (tag >> 2) + 1;
    if ((tag & 3) === 0) {
      const lengthBytes = Math.max(0, length - 60);
      if (lengthBytes > 0) length = littleEndian(elements, at, lengthBytes) + 1;
      at += lengthBytes;
      if (length > elements.length - at) throw new Error('a literal of the snappy block is cut off');
      checkLength(produced + length, plainLength);
      plain?.set(elements.subarray(at, at + length), produced);
      at += length;
    } else {
      const offsetBytes = (tag & 3) === 3 ? 4 : tag & 3;
      let offset = littleEndian(elements, at, offsetBytes);
      at += offsetBytes;
      if (offsetBytes === 1) {
        offset += (tag >> 5) << 8;
        length = ((tag >> 2) & 7) + 4;
      }
      if (offset === 0 || offset > produced)
        throw new Error(`a copy of the snappy block refers to ${offset} bytes before byte ${produced}`);
      checkLength(produced + length, plainLength);
      // Byte by byte, because the source may overlap the target.
      if (plain) for (let i = produced; i < produced + length; i++) plain[i] = plain[i - offset]!;
    }
    produced += length;
    if (count % ELEMENTS_PER_TURN === 0) await nextTurn();
  }
  if (produced !== plainLength)
    throw new Error(`the snappy block has ${produced} bytes of plain data and claims ${plainLength}`);
}

function checkLength(produced: number, plainLength: number): void {
  if (produced > plainLength) throw new Error(`the snappy block has more than the ${plainLength} bytes that it claims`);
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (count > bytes.length - at) throw new Error('an element of the snappy block is cut off');
  let value = 0;
  for (let i = 0; i < count; i++) value += bytes[at + i]! * 2 ** (8 * i);
  return value;
}
