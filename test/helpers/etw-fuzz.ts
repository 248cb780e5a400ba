// Feeds the event decoder with damaged events and holds it to its promise: rows that a tape can hold, or a count, and nothing thrown.
import assert from 'node:assert/strict';
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import { encodeObservation } from '../../src/sources/tape/format.ts';
import type { BuiltEvent } from './etw-builder.ts';
import { viewOf } from './etw-decode.ts';
import { allLayouts } from './etw-layouts.ts';
import { observation } from './observations.ts';
import { below, seeded } from './random.ts';

const oddNumbers = [0, 1, 4, 15, 16, 17, 27, 28, 29, 127, 128, 129, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Rows are checked and let go of after as many events. */
const BATCH = 2000;

export interface FuzzResult {
  readonly events: number;
  readonly rows: number;
  readonly dropped: number;
  /** Milliseconds of the slowest event. */
  readonly slowestMs: number;
}

/** Decodes `rounds` damaged events; the same for the same seed. */
export function fuzzEvents(rounds: number, seed: number): FuzzResult {
  const random = seeded(seed);
  const decoder = new EventDecoder();
  const view = new EventView();
  let rows = 0;
  let slowestMs = 0;
  for (let round = 0; round < rounds; round++) {
    const event = damaged(allLayouts[below(random, allLayouts.length)]!, random);
    decoder.cpuMHz = below(random, 2) * 2500;
    viewOf(event, view);
    const beganAt = performance.now();
    decoder.decode(view);
    slowestMs = Math.max(slowestMs, performance.now() - beganAt);
    if (decoder.pending >= BATCH || round === rounds - 1) rows += checkRows(decoder);
  }
  const dropped = [...decoder.dropped.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(rows + dropped, rounds, 'each event is a row or is counted');
  return { events: decoder.events, rows, dropped, slowestMs };
}

/** The codecs of tapes check every field of every row: whole numbers, ranges, times, lengths. */
function checkRows(decoder: EventDecoder): number {
  const { pending } = decoder;
  encodeObservation(observation('tcpEvents', decoder.tcp.take()));
  encodeObservation(observation('dnsEvents', decoder.dns));
  encodeObservation(observation('processEvents', decoder.processes));
  decoder.dns = [];
  decoder.processes = [];
  return pending;
}

function damaged(event: BuiltEvent, random: () => number): BuiltEvent {
  const payload = Buffer.from(event.payload);
  for (let changes = below(random, 4); changes > 0; changes--) {
    const at = below(random, payload.length);
    const kind = below(random, 3);
    if (kind === 0) payload[at] = below(random, 256);
    if (kind === 1) payload[at]! ^= 1 << below(random, 8);
    if (kind === 2 && at + 4 <= payload.length) payload.writeUInt32LE(oddNumbers[below(random, oddNumbers.length)]!, at & ~3);
  }
  const length = below(random, 4) === 0 ? below(random, payload.length + 1) : payload.length;
  const grown = below(random, 8) === 0 ? Buffer.concat([payload, Buffer.alloc(below(random, 3000), below(random, 256))]) : payload;
  const odd = below(random, 50);
  return {
    ...event,
    payload: grown === payload ? payload.subarray(0, length) : grown,
    version: below(random, 10) === 0 ? below(random, 256) : event.version,
    id: odd === 0 ? below(random, 65_536) : event.id,
    ticks: odd === 1 ? BigInt.asUintN(64, event.ticks << BigInt(below(random, 64))) : event.ticks + BigInt(below(random, 100_000)),
    ...(odd === 2 ? { provider: below(random, 2) === 0 ? NOBODY : allLayouts[below(random, allLayouts.length)]!.provider } : {}),
    ...(odd === 3 ? { containerId: String.fromCharCode(...Array.from({ length: below(random, 300) }, () => below(random, 256))) } : {}),
  };
}
