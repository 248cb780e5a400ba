// The ring in shared memory between the thread that ETW calls and the main thread: one writes, one reads, nobody waits.
import type { EventView } from './event-view.ts';

/**
 * Room for some 40,000 connection events of 104 bytes: two seconds at 20,000 events a second, eight tenths at 50,000, which is longer than the
 * longest pass holds the main thread up. An empty ring begins at its start again, so what counts in the memory of the process is the largest burst.
 */
export const RING_BYTES = 4 * 1024 * 1024;

/** Indices of the shared words; both positions have a cache line of their own. */
export const WORD = {
  head: 0,
  tail: 16,
  ringFull: 32,
  failed: 33,
  unknownProvider: 34,
  lostEvents: 35,
  lostBuffers: 36,
  stop: 37,
  /** The position that lies at the beginning of the ring; moved by the writer, and only while the ring is empty. */
  base: 38,
} as const;
const WORDS = 48;

/** What both threads are given. */
export interface SharedRing {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** `bytes` must be a power of two. */
export function createRing(bytes = RING_BYTES): SharedRing {
  return {
    words: new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)),
    bytes: new Uint8Array(new SharedArrayBuffer(bytes)),
  };
}

/** Slots are aligned to 8 bytes, and so is the room at the end: a mark always fits there. */
export const SLOT_ALIGN = 8;
/** Offsets in a slot; the payload follows, and the container id behind it. */
export const SLOT = {
  length: 0,
  payloadLength: 4,
  containerLength: 6,
  pid: 8,
  /** With `NARROW` added to it. */
  provider: 12,
  version: 13,
  id: 14,
  ticks: 16,
  payload: 24,
} as const;
/** Pointers in the payload have 4 bytes: a 32-bit program wrote it. */
export const NARROW = 0x80;
/** In place of a slot's length: the next one is at the beginning of the ring. */
export const GO_TO_START = 0;

/** The main thread's side. */
export class RingReader {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #view: DataView<SharedArrayBuffer>;
  readonly #mask: number;
  readonly #event: EventView;
  #tail: number;

  constructor({ words, bytes }: SharedRing, view: EventView) {
    this.#words = words;
    this.#view = new DataView(bytes.buffer);
    this.#mask = bytes.length - 1;
    this.#tail = Atomics.load(words, WORD.tail);
    this.#event = view.wrap(bytes);
  }

  /** Points the view at the next event; it stays there until the next call, which gives its room back. False when there is none. */
  next(): boolean {
    Atomics.store(this.#words, WORD.tail, this.#tail);
    if (this.empty) return false;
    const view = this.#view;
    let at = (this.#tail - Atomics.load(this.#words, WORD.base)) & this.#mask;
    let length = view.getUint32(at, true);
    if (length === GO_TO_START) {
      this.#tail = (this.#tail + this.#mask + 1 - at) | 0;
      at = 0;
      length = view.getUint32(0, true);
    }
    this.#tail = (this.#tail + length) | 0;
    const event = this.#event;
    event.pid = view.getUint32(at + SLOT.pid, true);
    const provider = view.getUint8(at + SLOT.provider);
    event.provider = provider & ~NARROW;
    event.pointerBytes = (provider & NARROW) === 0 ? 8 : 4;
    event.version = view.getUint8(at + SLOT.version);
    event.id = view.getUint16(at + SLOT.id, true);
    event.ticksLow = view.getUint32(at + SLOT.ticks, true);
    event.ticksHigh = view.getUint32(at + SLOT.ticks + 4, true);
    event.at = at + SLOT.payload;
    event.end = event.at + view.getUint16(at + SLOT.payloadLength, true);
    event.containerAt = event.end;
    event.containerEnd = event.end + view.getUint16(at + SLOT.containerLength, true);
    return true;
  }

  get empty(): boolean {
    return Atomics.load(this.#words, WORD.head) === this.#tail;
  }
}
