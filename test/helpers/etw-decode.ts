// Decodes built events, each in memory of its own that surrounds the payload with filler bytes.
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import type { PushData } from '../../src/sources/etw/provider.ts';
import { providers } from '../../src/sources/etw/providers/index.ts';
import { TcpColumns } from '../../src/sources/etw/providers/tcp-columns.ts';
import type { DnsEventRecord, ProcessEventRecord, TcpEventTable } from '../../src/sources/host.ts';
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

/** The rows that `flush` pushes; the TCP table is lent. */
export function flushRows(decoder: EventDecoder): DecodedRows {
  const rows = { tcp: new TcpColumns().lendTable(), dns: [], processes: [] };
  const names = { tcpEvents: 'tcp', dnsEvents: 'dns', processEvents: 'processes' };
  const push: PushData = (kind, data) => {
    Object.assign(rows, { [names[kind as keyof typeof names]]: data });
  };
  decoder.flush({ push, lend: true, seconds: 0 });
  return rows;
}

/** Decodes the events and flushes once. */
export function decodeAll(built: readonly BuiltEvent[], cpuMHz = 0) {
  const decoder = new EventDecoder();
  decoder.session.cpuMHz = cpuMHz;
  for (const each of built) decoder.decode(viewOf(each));
  const { events } = decoder;
  return { ...flushRows(decoder), events, dropped: Object.fromEntries(decoder.dropped) };
}
