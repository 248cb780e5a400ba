// Foreign memory for the ring writer with a fast `copy`, for benchmarks.

import type { SharedRing } from '../../src/sources/etw/ring.ts';
import type { Copy, RingWriterOptions } from '../../src/sources/etw/ring-writer.ts';
import type { BuiltEvent } from '../helpers/etw-builder.ts';
import { FakeMemory } from '../helpers/etw-memory.ts';

/** Distance of the addresses of two blocks, so that a division finds the block of an address. */
const BLOCK = 2 ** 36;

export class BlockMemory {
  readonly #blocks: Uint8Array<ArrayBufferLike>[] = [];

  readonly addressOf = (bytes: Uint8Array<ArrayBufferLike>): number => this.#blocks.push(bytes) * BLOCK;

  readonly copy: Copy = (destination, source, length) => {
    const [to, from] = [Math.floor(destination / BLOCK), Math.floor(source / BLOCK)];
    const at = source - from * BLOCK;
    this.#blocks[to - 1]!.set(this.#blocks[from - 1]!.subarray(at, at + length), destination - to * BLOCK);
  };

  writerOptions(ring: SharedRing): RingWriterOptions {
    return { ring, copy: this.copy, addressOf: this.addressOf };
  }

  /** Builds the event records in this memory and returns their addresses. */
  records(events: readonly BuiltEvent[]): number[] {
    const layout = new FakeMemory();
    return events.map((event) => {
      const record = Buffer.from(layout.recordBytes(event));
      if (event.payload.length > 0) record.writeBigUInt64LE(BigInt(this.addressOf(event.payload)), 96);
      record.writeUInt16LE(0, 84);
      return this.addressOf(record);
    });
  }
}
