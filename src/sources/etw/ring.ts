// The ring in shared memory between the thread that ETW calls and the main thread: one writer, one reader, no locks.
import type { EventView } from './event-view.ts';

/**
 * Room for some 35,000 connection events of 104 bytes while the other providers are silent: 1.7 seconds at 20,000
 * events a second, or 0.7 seconds at 50,000, which is longer than the longest collection pass blocks the main thread.
 * An empty ring restarts at its beginning, so the largest burst determines how much of it becomes resident memory.
 */
export const RING_BYTES = 4 * 1024 * 1024;

/** Providers that a slot can number: its byte also holds `NARROW`. */
const MAX_PROVIDERS = 128;

/** Indices of the shared words; head and tail have a cache line each. */
export const WORD = {
  head: 0,
  tail: 16,
  failed: 32,
  unknownProvider: 33,
  lostEvents: 34,
  lostBuffers: 35,
  stop: 36,
  /**
   * The position that corresponds to the beginning of the ring; the writer changes it, only while the ring is empty.
   */
  base: 37,
  /** Events that found no room, one word for each provider index. */
  ringFull: 48,
} as const;
const WORDS = WORD.ringFull + MAX_PROVIDERS;

/** The memory that both threads share. */
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

/** Slots are aligned to 8 bytes, and so is the room at the end of the ring: `GO_TO_START` always fits there. */
export const SLOT_ALIGN = 8;
/** Offsets in a slot; the payload follows, then the container id. */
export const SLOT = {
  length: 0,
  payloadLength: 4,
  containerLength: 6,
  pid: 8,
  /** Index of the provider, combined with `NARROW`. */
  provider: 12,
  version: 13,
  id: 14,
  ticks: 16,
  payload: 24,
} as const;
/** A 32-bit program wrote the event: pointers in the payload have 4 bytes. */
export const NARROW = 0x80;
/** In place of the length of a slot: the next slot is at the beginning of the ring. */
export const GO_TO_START = 0;

/** The side of the main thread. */
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

  /**
   * Points the view at the next event, or returns false when the ring is empty. The next call releases the room of the
   * event.
   */
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
