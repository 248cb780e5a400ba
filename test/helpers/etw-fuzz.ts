// Sends damaged events through ring and decoder: each must become a row that a tape accepts or be counted.
import assert from 'node:assert/strict';
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import { providers } from '../../src/sources/etw/providers/index.ts';
import { RawPacker } from '../../src/sources/etw/raw.ts';
import { createRing, RingReader, WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import type { ObservationData } from '../../src/sources/host.ts';
import { encodeObservation } from '../../src/sources/tape/format.ts';
import { type BuiltEvent, connectByName, dnsAnswered, dnsAsked } from './etw-builder.ts';
import { flushData, viewOf } from './etw-decode.ts';
import { allLayouts } from './etw-layouts.ts';
import { FakeMemory } from './etw-memory.ts';
import { observation } from './observations.ts';
import { below, seeded } from './random.ts';

const edgeValues = [
  0, 1, 4, 15, 16, 17, 27, 28, 29, 127, 128, 129, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];
/** An unregistered provider, then the two of the session itself: its losses and its header. */
const UNLISTED = [
  '00000000-0000-0000-0000-000000000000',
  '6a399ae0-4bc6-4de9-870b-3657f8947e7e',
  '68fdd900-4a3e-11d1-84f4-0000f80464e3',
];
/** Texts above the length limits of the decoders. */
const tooLong: readonly BuiltEvent[] = [
  connectByName({ name: 'n'.repeat(1100) }),
  dnsAsked({ name: 'n'.repeat(1100) }),
  dnsAnswered({ name: 'shop.example.com', results: '2001:db8:1111:2222:3333:4444:5555:6666;'.repeat(300) }),
];
const seeds = [...allLayouts, ...tooLong];
/** Rows are checked after this many, and at random before. */
const BATCH = 2000;
/** Small, so that it often fills up and wraps. */
const RING_BYTES = 16 * 1024;

/** Source files whose branches fuzzing must reach. */
export const FUZZED_FILES =
  /\/src\/sources\/etw\/((decoder|event-view|raw|record-batch|ring|ring-quota|ring-writer)|providers\/[^/]+)\.ts$/;

export interface FuzzResult {
  readonly events: number;
  readonly rows: number;
  /** Left out by the decoder. */
  readonly dropped: number;
  /**
   * Left out before the decoder: no room, unreadable memory, unknown provider, or an event about the session itself.
   */
  readonly outside: number;
  /** Milliseconds of the slowest event. */
  readonly slowestMs: number;
}

/**
 * Processes `rounds` damaged events, half of them through a ring that is read at random; the same seed gives the same
 * events.
 */
export function fuzzEvents(rounds: number, seed: number): FuzzResult {
  const random = seeded(seed);
  const decoder = new EventDecoder();
  const raw = new RawPacker();
  const direct = new EventView();
  const ring = new FuzzedRing(random);
  let rows = 0;
  let slowestMs = 0;
  const decode = (view: EventView): void => {
    if (!raw.add(view)) raw.drain();
    decoder.session.cpuMHz = below(random, 2) * 2500;
    const beganAt = performance.now();
    decoder.decode(view);
    slowestMs = Math.max(slowestMs, performance.now() - beganAt);
  };
  for (let round = 0; round < rounds; round++) {
    const event = damaged(seeds[below(random, seeds.length)]!, random);
    if (below(random, 2) === 0) decode(viewOf(event, direct));
    else ring.write(event);
    const last = round === rounds - 1;
    // The reader is sometimes slower than the writer, and sometimes empties the ring.
    if (last || below(random, 100) === 0) ring.read(last ? rounds : below(random, 150), decode);
    const few = decoder.pending < 3 && below(random, 4) === 0;
    if (decoder.pending >= BATCH || few || last) rows += checkRows(decoder);
  }
  const dropped = [...decoder.dropped.values()].reduce((sum, count) => sum + count, 0);
  const outside = ring.omitted();
  assert.equal(rows + dropped + outside, rounds, 'each event is a row or is counted');
  return { events: decoder.events, rows, dropped, outside, slowestMs };
}

/** A ring between event records in foreign memory, which are damaged as well, and a view. */
class FuzzedRing {
  readonly #random: () => number;
  readonly #ring = createRing(RING_BYTES);
  readonly #memory = new FakeMemory();
  readonly #writer: RingWriter;
  readonly #view = new EventView();
  readonly #reader = new RingReader(this.#ring, this.#view);
  #aboutSession = 0;

  constructor(random: () => number) {
    this.#random = random;
    const { copy, addressOf } = this.#memory;
    this.#writer = new RingWriter({ ring: this.#ring, copy, addressOf });
    this.#memory.keep();
  }

  write(event: BuiltEvent): void {
    const random = this.#random;
    const record = this.#memory.recordBytes(event, 30 + below(random, 5));
    const view = new DataView(record.buffer);
    // Flags, number of items or length of the payload: a wrong one makes the writer read unmapped memory.
    const [at, bound] = [
      [4, 0x10000],
      [84, 40],
      [86, 0x10000],
    ][below(random, 60)] ?? [0, 0];
    if (bound! > 0) view.setUint16(at!, below(random, bound!), true);
    const aboutSession = UNLISTED.indexOf(event.provider) > 0;
    const failed = this.#word(WORD.failed);
    this.#writer.write(this.#memory.addressOf(record));
    if (aboutSession && this.#word(WORD.failed) === failed) this.#aboutSession++;
    this.#memory.release();
  }

  read(most: number, visit: (view: EventView) => void): void {
    for (let left = most; left > 0 && this.#reader.next(); left--) visit(this.#view);
  }

  omitted(): number {
    const lost = this.#word(WORD.lostEvents) + this.#word(WORD.lostBuffers);
    assert.ok(lost <= this.#aboutSession);
    const full = providers.reduce((sum, _, index) => sum + this.#word(WORD.ringFull + index), 0);
    return full + this.#word(WORD.failed) + this.#word(WORD.unknownProvider) + this.#aboutSession;
  }

  #word(index: number): number {
    return Atomics.load(this.#ring.words, index);
  }
}

/** The tape codec checks every field of every row: whole numbers, ranges, times, lengths. */
function checkRows(decoder: EventDecoder): number {
  const { pending } = decoder;
  for (const [kind, data] of Object.entries(flushData(decoder)))
    encodeObservation(observation(kind as 'dnsEvents', data as ObservationData['dnsEvents']));
  return pending;
}

function damaged(event: BuiltEvent, random: () => number): BuiltEvent {
  const payload = Buffer.from(event.payload);
  for (let changes = below(random, 4); changes > 0; changes--) {
    const at = below(random, payload.length);
    const kind = below(random, 3);
    if (kind === 0) payload[at] = below(random, 256);
    if (kind === 1) payload[at]! ^= 1 << below(random, 8);
    if (kind === 2 && at + 4 <= payload.length)
      payload.writeUInt32LE(edgeValues[below(random, edgeValues.length)]!, at & ~3);
  }
  const length = below(random, 4) === 0 ? below(random, payload.length + 1) : payload.length;
  const grown =
    below(random, 8) === 0 ? Buffer.concat([payload, Buffer.alloc(below(random, 3000), below(random, 256))]) : payload;
  const change = below(random, 50);
  return {
    ...event,
    payload: grown === payload ? payload.subarray(0, length) : grown,
    version: below(random, 10) === 0 ? below(random, 256) : event.version,
    id: change === 0 ? below(random, 65_536) : event.id,
    ticks:
      change === 1
        ? BigInt.asUintN(64, event.ticks << BigInt(below(random, 64)))
        : event.ticks + BigInt(below(random, 100_000)),
    ...(change === 2 ? { provider: UNLISTED[below(random, 3)]! } : {}),
    ...(change === 3 ? { provider: allLayouts[below(random, allLayouts.length)]!.provider } : {}),
    ...(change === 4
      ? { containerId: String.fromCharCode(...Array.from({ length: below(random, 300) }, () => below(random, 256))) }
      : {}),
    ...(change === 5 ? { narrow: event.narrow !== true } : {}),
  };
}
