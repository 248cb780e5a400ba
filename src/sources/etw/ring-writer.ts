// The side of the ring that ETW calls: copies one event record into shared memory, without waiting and without objects.
import {
  EVENT_HEADER_EXT_TYPE_CONTAINER_ID,
  EVENT_HEADER_EXTENDED_DATA_ITEM,
  EVENT_HEADER_FLAG_32_BIT_HEADER,
  EVENT_RECORD,
} from '../../native/advapi32/trace.ts';
import { guidBytes, providers } from './providers.ts';
import { GO_TO_START, NARROW, type SharedRing, SLOT, SLOT_ALIGN, WORD } from './ring.ts';

/** Extended items that are looked through, and the longest id of a container. */
const MAX_ITEMS = 16;
const MAX_CONTAINER_ID = 256;

/** The session's own words about what it lost: https://learn.microsoft.com/windows/win32/etw/rt-lostevent */
const LOST_EVENT = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';
/** The session's own description, its first event: https://learn.microsoft.com/windows/win32/etw/eventtrace-header */
const SESSION_HEADER = '68fdd900-4a3e-11d1-84f4-0000f80464e3';
const RT_LOST_EVENT = 32;
const RT_LOST_BUFFER = 33;

/** Copies `length` bytes from one address of this process to another. */
export type Copy = (destination: number, source: number, length: number) => void;

export interface RingWriterOptions {
  readonly ring: SharedRing;
  readonly copy: Copy;
  /** The address of a buffer, as a number. */
  readonly addressOf: (bytes: Uint8Array<ArrayBufferLike>) => number;
}

export class RingWriter {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #mask: number;
  readonly #copy: Copy;
  readonly #ringAddress: number;
  readonly #record = Buffer.alloc(EVENT_RECORD.size);
  readonly #recordView = new DataView(this.#record.buffer, this.#record.byteOffset, this.#record.length);
  readonly #recordAddress: number;
  readonly #item = Buffer.alloc(EVENT_HEADER_EXTENDED_DATA_ITEM.size);
  readonly #itemView = new DataView(this.#item.buffer, this.#item.byteOffset, this.#item.length);
  readonly #itemAddress: number;
  readonly #guids = guidWords([...providers.map(({ guid }) => guid), LOST_EVENT, SESSION_HEADER]);
  #head: number;
  #base: number;
  #containerAddress = 0;
  #containerLength = 0;

  constructor({ ring, copy, addressOf }: RingWriterOptions) {
    this.#words = ring.words;
    this.#view = new DataView(ring.bytes.buffer);
    this.#mask = ring.bytes.length - 1;
    this.#copy = copy;
    this.#ringAddress = addressOf(ring.bytes);
    this.#recordAddress = addressOf(this.#record);
    this.#itemAddress = addressOf(this.#item);
    this.#head = Atomics.load(ring.words, WORD.head);
    this.#base = Atomics.load(ring.words, WORD.base);
  }

  /** Takes the EVENT_RECORD at this address in, or counts why not. Never throws: it is called from foreign code. */
  write(recordAddress: number): void {
    try {
      this.#write(recordAddress);
    } catch {
      // A slot that was taken but not filled is given back.
      this.#head = Atomics.load(this.#words, WORD.head);
      Atomics.add(this.#words, WORD.failed, 1);
    }
  }

  #write(recordAddress: number): void {
    const record = this.#recordView;
    const { at } = EVENT_RECORD;
    this.#copy(this.#recordAddress, recordAddress, EVENT_RECORD.size);
    const provider = this.#provider();
    if (provider >= providers.length) {
      if (provider === providers.length) this.#lost(record.getUint8(at.Opcode));
      return;
    }
    if (provider < 0) {
      Atomics.add(this.#words, WORD.unknownProvider, 1);
      return;
    }
    const payloadLength = record.getUint16(at.UserDataLength, true);
    this.#containerLength = 0;
    const items = record.getUint16(at.ExtendedDataCount, true);
    if (items > 0) this.#findContainer(items, addressAt(record, at.ExtendedData));
    const slot = this.#reserve((SLOT.payload + payloadLength + this.#containerLength + SLOT_ALIGN - 1) & -SLOT_ALIGN);
    if (slot < 0) {
      Atomics.add(this.#words, WORD.ringFull, 1);
      return;
    }
    const view = this.#view;
    view.setUint16(slot + SLOT.payloadLength, payloadLength, true);
    view.setUint16(slot + SLOT.containerLength, this.#containerLength, true);
    view.setUint32(slot + SLOT.pid, record.getUint32(at.ProcessId, true), true);
    const narrow = (record.getUint16(at.Flags, true) & EVENT_HEADER_FLAG_32_BIT_HEADER) !== 0;
    view.setUint8(slot + SLOT.provider, narrow ? provider | NARROW : provider);
    view.setUint8(slot + SLOT.version, record.getUint8(at.Version));
    view.setUint16(slot + SLOT.id, record.getUint16(at.Id, true), true);
    view.setUint32(slot + SLOT.ticks, record.getUint32(at.TimeStamp, true), true);
    view.setUint32(slot + SLOT.ticks + 4, record.getUint32(at.TimeStamp + 4, true), true);
    const payload = this.#ringAddress + slot + SLOT.payload;
    if (payloadLength > 0) this.#copy(payload, addressAt(record, at.UserData), payloadLength);
    if (this.#containerLength > 0) this.#copy(payload + payloadLength, this.#containerAddress, this.#containerLength);
    // Everything is there: now the reader may see it.
    Atomics.store(this.#words, WORD.head, this.#head);
  }

  /** Offset of a slot of this length, its length written, the head moved for later; -1 when there is no room. */
  #reserve(length: number): number {
    const capacity = this.#mask + 1;
    const used = (this.#head - Atomics.load(this.#words, WORD.tail)) >>> 0;
    // Nothing is in the ring: the next event goes to its start, and few events touch little memory. The reader looks at the base anew for each.
    if (used === 0) {
      this.#base = this.#head;
      Atomics.store(this.#words, WORD.base, this.#base);
    }
    const at = (this.#head - this.#base) & this.#mask;
    const toEnd = capacity - at;
    const skipped = length <= toEnd ? 0 : toEnd;
    if (skipped + length > capacity - used) return -1;
    const slot = skipped === 0 ? at : 0;
    if (skipped > 0) this.#view.setUint32(at, GO_TO_START, true);
    this.#view.setUint32(slot + SLOT.length, length, true);
    this.#head = (this.#head + skipped + length) | 0;
    return slot;
  }

  /** Index of the event's provider; the next two for losses and the header of the session itself; -1 for others. */
  #provider(): number {
    const guids = this.#guids;
    const record = this.#recordView;
    const at = EVENT_RECORD.at.ProviderId;
    for (let index = 0; index < guids.length; index += 4) {
      if (
        record.getInt32(at, true) === guids[index] &&
        record.getInt32(at + 4, true) === guids[index + 1] &&
        record.getInt32(at + 8, true) === guids[index + 2] &&
        record.getInt32(at + 12, true) === guids[index + 3]
      )
        return index >> 2;
    }
    return -1;
  }

  #findContainer(items: number, address: number): void {
    const { at, size } = EVENT_HEADER_EXTENDED_DATA_ITEM;
    for (let index = 0; index < items && index < MAX_ITEMS; index++) {
      this.#copy(this.#itemAddress, address + index * size, size);
      const length = this.#itemView.getUint16(at.DataSize, true);
      if (
        this.#itemView.getUint16(at.ExtType, true) !== EVENT_HEADER_EXT_TYPE_CONTAINER_ID ||
        length > MAX_CONTAINER_ID
      )
        continue;
      this.#containerAddress = addressAt(this.#itemView, at.DataPtr);
      this.#containerLength = length;
      return;
    }
  }

  #lost(opcode: number): void {
    if (opcode === RT_LOST_EVENT) Atomics.add(this.#words, WORD.lostEvents, 1);
    if (opcode === RT_LOST_BUFFER) Atomics.add(this.#words, WORD.lostBuffers, 1);
  }
}

/** An address of this process, which a double holds exactly. */
function addressAt(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 4294967296 + view.getUint32(offset, true);
}

function guidWords(guids: readonly string[]): Int32Array {
  const bytes = Buffer.concat(guids.map(guidBytes));
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(index * 4));
}
