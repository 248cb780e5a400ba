// Hands built events to the decoder, each in memory that ends where its payload ends, with strange bytes around it.
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import { providers } from '../../src/sources/etw/providers.ts';
import type { BuiltEvent } from './etw-builder.ts';

const MARGIN = 64;

/** The event as the decoder meets it; bytes before and behind it are 0xcc, so that reading them shows. */
export function viewOf(event: BuiltEvent, view = new EventView()): EventView {
  const container = Buffer.from(event.containerId ?? '', 'latin1');
  const memory = Buffer.alloc(MARGIN * 3 + event.payload.length + container.length, 0xcc);
  event.payload.copy(memory, MARGIN);
  view.wrap(memory);
  view.at = MARGIN;
  view.end = MARGIN + event.payload.length;
  view.containerAt = view.end + MARGIN;
  view.containerEnd = view.containerAt + container.length;
  container.copy(memory, view.containerAt);
  view.provider = providers.findIndex(({ guid }) => guid === event.provider);
  view.id = event.id;
  view.version = event.version;
  view.pointerBytes = event.narrow ? 4 : 8;
  view.pid = event.pid;
  view.ticksLow = Number(event.ticks & 0xffff_ffffn);
  view.ticksHigh = Number(event.ticks >> 32n);
  return view;
}

/** What a decoder makes of these events, all in one go. */
export function decodeAll(events: readonly BuiltEvent[], cpuMHz = 0) {
  const decoder = new EventDecoder();
  decoder.cpuMHz = cpuMHz;
  for (const event of events) decoder.decode(viewOf(event));
  const { dns, processes, events: count } = decoder;
  return { tcp: decoder.tcp.take(), dns, processes, events: count, dropped: Object.fromEntries(decoder.dropped) };
}
