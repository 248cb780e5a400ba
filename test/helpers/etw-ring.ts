// A ring with its writer and reader on one thread, and the events that were sent and received.
import { EventView } from '../../src/sources/etw/event-view.ts';
import { createRing, RingReader, type SharedRing, WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter, type RingWriterOptions } from '../../src/sources/etw/ring-writer.ts';
import type { BuiltEvent } from './etw-builder.ts';
import { FakeMemory } from './etw-memory.ts';

/** `list` replaces the providers of the session. The ring starts at `position`. */
export function openRing(bytes: number, list?: RingWriterOptions['list'], position = 0) {
  const ring = createRing(bytes);
  ring.words.fill(position, WORD.head, WORD.head + 1).fill(position, WORD.tail, WORD.tail + 1);
  const memory = new FakeMemory();
  const { copy, addressOf } = memory;
  const writer = new RingWriter({ ring, copy, addressOf, ...(list ? { list } : {}) });
  const view = new EventView();
  return { ring, memory, writer, view, reader: new RingReader(ring, view) };
}

export const word = ({ words }: SharedRing, index: number): number => Atomics.load(words, index);

/** All fields of the event that the reader received. */
export function receivedFields(view: EventView) {
  const { provider, id, version, pid, pointerBytes, ticksLow, ticksHigh } = view;
  return {
    provider,
    id,
    version,
    pid,
    pointerBytes,
    ticks: (BigInt(ticksHigh) << 32n) + BigInt(ticksLow),
    payload: view.payload(),
    container: view.containerId(),
  };
}

/** The same fields of the event that was sent. */
export function sentFields(built: BuiltEvent, provider: number) {
  const { id, version, pid, ticks, payload, containerId = '', narrow = false } = built;
  return { provider, id, version, pid, pointerBytes: narrow ? 4 : 8, ticks, payload, container: containerId };
}
