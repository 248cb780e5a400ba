// The side of the ring that ETW calls: copies an event record into shared memory without waiting or allocating.
import {
  EVENT_HEADER_EXT_TYPE_CONTAINER_ID,
  EVENT_HEADER_EXTENDED_DATA_ITEM,
  EVENT_HEADER_FLAG_32_BIT_HEADER,
  EVENT_RECORD,
} from '../../native/advapi32/trace.ts';
import { guidBytes } from './guid.ts';
import type { EtwProvider } from './provider.ts';
import { providers } from './providers/index.ts';
import { GO_TO_START, NARROW, type SharedRing, SLOT, SLOT_ALIGN, WORD } from './ring.ts';
import { RingQuota } from './ring-quota.ts';

/** Limits of the search for the container id: number of extended items, and length of the id. */
const MAX_ITEMS = 16;
const MAX_CONTAINER_ID = 256;

/** Events of the session about its losses: https://learn.microsoft.com/windows/win32/etw/rt-lostevent */
const LOST_EVENT = '6a399ae0-4bc6-4de9-870b-3657f8947e7e';
/** The header of the session, its first event: https://learn.microsoft.com/windows/win32/etw/eventtrace-header */
const SESSION_HEADER = '68fdd900-4a3e-11d1-84f4-0000f80464e3';
const RT_LOST_EVENT = 32;
const RT_LOST_BUFFER = 33;

/** Copies `length` bytes between two addresses of this process. */
export type Copy = (destination: number, source: number, length: number) => void;

export interface RingWriterOptions {
  readonly ring: SharedRing;
  readonly copy: Copy;
  /** Returns the address of a buffer as a number. */
  readonly addressOf: (bytes: Uint8Array<ArrayBufferLike>) => number;
  /** The providers whose events are written, by index. */
  readonly list?: readonly Pick<EtwProvider, 'guid' | 'ringShare'>[];
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
  readonly #guids: Int32Array;
  readonly #providerCount: number;
  readonly #quota: RingQuota;
  #head: number;
  #base: number;
  /** Bytes by which the last reservation moves the head. */
  #reserved = 0;
  #containerAddress = 0;
  #containerLength = 0;

  /** The ring must be empty. */
  constructor({ ring, copy, addressOf, list = providers }: RingWriterOptions) {
    this.#guids = guidWords([...list.map(({ guid }) => guid), LOST_EVENT, SESSION_HEADER]);
    this.#providerCount = list.length;
    this.#words = ring.words;
    this.#view = new DataView(ring.bytes.buffer);
    this.#mask = ring.bytes.length - 1;
    this.#copy = copy;
    this.#ringAddress = addressOf(ring.bytes);
    this.#recordAddress = addressOf(this.#record);
    this.#itemAddress = addressOf(this.#item);
    this.#head = Atomics.load(ring.words, WORD.head);
    this.#base = Atomics.load(ring.words, WORD.base);
    this.#quota = new RingQuota(
      ring.bytes,
      list.map(({ ringShare }) => ringShare),
      this.#head,
    );
  }

  /** Writes the EVENT_RECORD at this address, or counts why not. It is called through the FFI and never throws. */
  write(recordAddress: number): void {
    try {
      this.#write(recordAddress);
    } catch {
      // Discard a slot that was reserved but not filled.
      this.#head = Atomics.load(this.#words, WORD.head);
      Atomics.add(this.#words, WORD.failed, 1);
    }
  }

  #write(recordAddress: number): void {
    const record = this.#recordView;
    const { at } = EVENT_RECORD;
    this.#copy(this.#recordAddress, recordAddress, EVENT_RECORD.size);
    const provider = this.#providerIndex();
    if (provider >= this.#providerCount) {
      if (provider === this.#providerCount) this.#countLoss(record.getUint8(at.Opcode));
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
    const length = (SLOT.payload + payloadLength + this.#containerLength + SLOT_ALIGN - 1) & -SLOT_ALIGN;
    const slot = this.#reserve(provider, length);
    if (slot < 0) {
      Atomics.add(this.#words, WORD.ringFull + provider, 1);
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
    // The slot is complete: publish it to the reader.
    Atomics.store(this.#words, WORD.head, this.#head);
    this.#quota.charge(provider, this.#reserved);
  }

  /** Reserves an unpublished slot and writes its length; returns its offset, or -1 when the quota refuses the event. */
  #reserve(provider: number, length: number): number {
    const tail = Atomics.load(this.#words, WORD.tail);
    // The ring is empty: restart at its beginning, so that a low rate touches little memory.
    if (tail === this.#head) {
      this.#base = this.#head;
      Atomics.store(this.#words, WORD.base, this.#base);
      this.#quota.clear(this.#head);
    }
    const at = (this.#head - this.#base) & this.#mask;
    const toEnd = this.#mask + 1 - at;
    const skipped = length <= toEnd ? 0 : toEnd;
    const reserved = skipped + length;
    if (!this.#quota.admits(provider, reserved, this.#head, tail, this.#base)) return -1;
    const slot = skipped === 0 ? at : 0;
    if (skipped > 0) this.#view.setUint32(at, GO_TO_START, true);
    this.#view.setUint32(slot + SLOT.length, length, true);
    this.#head = (this.#head + reserved) | 0;
    this.#reserved = reserved;
    return slot;
  }

  /** Index of the provider in the list; the next index for losses, the one after it for the session header; else -1. */
  #providerIndex(): number {
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

  #countLoss(opcode: number): void {
    if (opcode === RT_LOST_EVENT) Atomics.add(this.#words, WORD.lostEvents, 1);
    if (opcode === RT_LOST_BUFFER) Atomics.add(this.#words, WORD.lostBuffers, 1);
  }
}

/** An address of this process, which a double represents exactly. */
function addressAt(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * 4294967296 + view.getUint32(offset, true);
}

function guidWords(guids: readonly string[]): Int32Array {
  const bytes = Buffer.concat(guids.map(guidBytes));
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(index * 4));
}
