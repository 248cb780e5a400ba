// Decodes built events, each in memory of its own that surrounds the payload with filler bytes.
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import type { PushData } from '../../src/sources/etw/provider.ts';
import { providers } from '../../src/sources/etw/providers/index.ts';
import { TcpColumns } from '../../src/sources/etw/providers/tcp-columns.ts';
import type { DnsEventRecord, ObservationData, ProcessEventRecord, TcpEventTable } from '../../src/sources/host.ts';
import type { BuiltEvent } from './etw-builder.ts';

const MARGIN = 64;

export interface DecodedRows {
  readonly tcp: TcpEventTable;
  readonly dns: readonly DnsEventRecord[];
  readonly processes: readonly ProcessEventRecord[];
}

/**
 * The event as the decoder receives it. The bytes around payload and container id are 0xcc, so that a read outside them
 * is noticed.
 */
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

/** The data that `flush` pushes, by kind; tables are lent. */
export function flushData(decoder: EventDecoder): Partial<ObservationData> {
  const pushed: Partial<ObservationData> = {};
  const push: PushData = (kind, data) => {
    pushed[kind] = data;
  };
  decoder.flush({ push, lend: true, seconds: 0 });
  return pushed;
}

/** The same by provider, with empty rows for a provider that pushes nothing. */
export function flushRows(decoder: EventDecoder): DecodedRows {
  return rowsOf(flushData(decoder));
}

function rowsOf({ tcpEvents, dnsEvents, processEvents }: Partial<ObservationData>): DecodedRows {
  return { tcp: tcpEvents ?? new TcpColumns().lendTable(), dns: dnsEvents ?? [], processes: processEvents ?? [] };
}

/** Decodes the events and flushes once; `pushed` has the data of every kind. */
export function decodeAll(built: readonly BuiltEvent[], cpuMHz = 0) {
  const decoder = new EventDecoder();
  decoder.session.cpuMHz = cpuMHz;
  for (const each of built) decoder.decode(viewOf(each));
  const { events } = decoder;
  const pushed = flushData(decoder);
  return { ...rowsOf(pushed), pushed, events, dropped: Object.fromEntries(decoder.dropped) };
}
