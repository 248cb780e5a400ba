// Passes damaged memory images to a parser, which must return a result or throw BoundsError.
import assert from 'node:assert/strict';
import { BoundsError, ForeignBuffer } from '../../src/native/buffer.ts';
import { BASE } from './foreign-memory.ts';
import { below, seeded } from './random.ts';

export type Parse = (buffer: ForeignBuffer) => unknown;

/** The result, or undefined after BoundsError; any other error fails the test. */
export function parseOrBounds(parse: Parse, bytes: Buffer): unknown {
  try {
    return parse(new ForeignBuffer(bytes, BASE));
  } catch (error) {
    assert.ok(error instanceof BoundsError, `not a BoundsError: ${error instanceof Error ? error.stack : error}`);
    return undefined;
  }
}

/** Parses the image cut at every length from 0 to its full length; returns the number of results. */
export function truncateEverywhere(parse: Parse, image: Buffer): number {
  let results = 0;
  for (let length = 0; length <= image.length; length++) {
    if (parseOrBounds(parse, Buffer.from(image.subarray(0, length))) !== undefined) results++;
  }
  return results;
}

/** Parses the image `rounds` times, each time with one to four random changes; `check` receives every result. */
export function mutate(
  parse: Parse,
  image: Buffer,
  rounds: number,
  seed: number,
  check: (result: unknown) => void = () => {},
): void {
  const random = seeded(seed);
  for (let round = 0; round < rounds; round++) {
    const bytes = Buffer.from(image);
    for (let changes = 1 + below(random, 4); changes > 0; changes--) damage(bytes, random);
    const length = below(random, 8) === 0 ? below(random, bytes.length + 1) : bytes.length;
    const result = parseOrBounds(parse, bytes.subarray(0, length));
    if (result !== undefined) check(result);
  }
}

const edgeValues = [0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

function damage(bytes: Buffer, random: () => number): void {
  const at = below(random, bytes.length);
  const kind = below(random, 5);
  if (kind === 0) bytes[at] = below(random, 256);
  if (kind === 1) bytes[at]! ^= 1 << below(random, 8);
  if (kind === 2 && at + 4 <= bytes.length) bytes.writeUInt32LE(edgeValues[below(random, edgeValues.length)]!, at);
  if (kind === 3 && at + 4 <= bytes.length) bytes.writeUInt32LE(below(random, bytes.length * 2), at & ~3);
  // A pointer into, just before or just after the image: creates lists with cycles or shared entries.
  const aligned = at & ~7;
  if (kind === 4 && aligned + 8 <= bytes.length)
    bytes.writeBigUInt64LE(BASE + BigInt(below(random, bytes.length + 64)) - 32n, aligned);
}
