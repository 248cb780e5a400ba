// Foreign memory for the ring writer: event records in the layout of Windows, at addresses that `copy` resolves.
import type { Copy } from '../../src/sources/etw/ring-writer.ts';
import type { BuiltEvent } from './etw-builder.ts';

/** Above 2^32, like the addresses of 64-bit programs. */
const FIRST_ADDRESS = 0x7ff6_1000_0000;

export class FakeMemory {
  readonly #regions: { address: number; bytes: Uint8Array<ArrayBufferLike> }[] = [];
  #next = FIRST_ADDRESS;
  #kept = 0;

  /** Maps the bytes and returns their address; the same bytes always have the same address. */
  readonly addressOf = (bytes: Uint8Array<ArrayBufferLike>): number => {
    const mapped = this.#regions.find(
      (region) => region.bytes.buffer === bytes.buffer && region.bytes.byteOffset === bytes.byteOffset,
    );
    if (mapped) return mapped.address;
    const address = this.#next;
    this.#next += bytes.length + 4096;
    this.#regions.push({ address, bytes });
    return address;
  };

  /** Protects everything mapped so far from `release`. */
  keep(): void {
    this.#kept = this.#regions.length;
  }

  /** Unmaps everything that was mapped after `keep`. */
  release(): void {
    this.#regions.length = this.#kept;
  }

  /** Throws for unmapped memory, where a real copy would end the process. */
  readonly copy: Copy = (destination, source, length) => {
    this.#bytesAt(destination, length).set(this.#bytesAt(source, length));
  };

  #bytesAt(address: number, length: number): Uint8Array<ArrayBufferLike> {
    const region = this.#regions.find(
      (each) => address >= each.address && address + length <= each.address + each.bytes.length,
    );
    if (!region) throw new Error(`${length} bytes at 0x${address.toString(16)} are not mapped`);
    return region.bytes.subarray(address - region.address, address - region.address + length);
  }

  /** The address of an EVENT_RECORD with its payload and items. */
  record(event: BuiltEvent, opcode = 0): number {
    return this.addressOf(this.recordBytes(event, opcode));
  }

  /**
   * The 112 bytes of an EVENT_RECORD that points to its payload and items. Offsets follow the structures of evntcons.h.
   */
  recordBytes(event: BuiltEvent, opcode = 0): Uint8Array {
    const record = Buffer.alloc(112);
    const [a = '', b = '', c = '', d = '', e = ''] = event.provider.split('-');
    // EVENT_HEADER_FLAG_32_BIT_HEADER, EVENT_HEADER_FLAG_64_BIT_HEADER
    record.writeUInt16LE(event.narrow ? 0x20 : 0x40, 4);
    record.writeUInt32LE(event.pid, 12);
    record.writeBigUInt64LE(event.ticks, 16);
    record.writeUInt32LE(Number.parseInt(a, 16), 24);
    record.writeUInt16LE(Number.parseInt(b, 16), 28);
    record.writeUInt16LE(Number.parseInt(c, 16), 30);
    record.write(d + e, 32, 'hex');
    record.writeUInt16LE(event.id, 40);
    record.writeUInt8(event.version, 42);
    record.writeUInt8(opcode, 45);
    record.writeUInt16LE(event.payload.length, 86);
    const payload = new Uint8Array(event.payload);
    if (payload.length > 0) record.writeBigUInt64LE(BigInt(this.addressOf(payload)), 96);
    if (event.containerId !== undefined) {
      const items = Buffer.alloc(32);
      const id = new Uint8Array(Buffer.from(event.containerId, 'latin1'));
      // A process start key (13) first, then the container id (16).
      items.writeUInt16LE(13, 2);
      items.writeUInt16LE(8, 6);
      items.writeUInt16LE(16, 18);
      items.writeUInt16LE(id.length, 22);
      if (id.length > 0) items.writeBigUInt64LE(BigInt(this.addressOf(id)), 24);
      record.writeUInt16LE(2, 84);
      record.writeBigUInt64LE(BigInt(this.addressOf(new Uint8Array(items))), 88);
    }
    return new Uint8Array(record);
  }
}
