// Growth of the counters of volumes and adapters over time.
import type { Adapter, Volume } from './machine.ts';

export function elapseVolume({ counters, readRate, writeRate }: Volume, ms: number): void {
  if (!counters) return;
  const seconds = ms / 1000;
  const [reads, writes] = [readRate * seconds, writeRate * seconds];
  // ReadCount and WriteCount are DWORDs.
  counters.reads = (counters.reads + reads) % 2 ** 32;
  counters.writes = (counters.writes + writes) % 2 ** 32;
  counters.readBytes += BigInt(reads * 65_536);
  counters.writtenBytes += BigInt(writes * 65_536);
  counters.readMs += reads * 2;
  counters.writeMs += writes * 2;
  // If requests take more than the whole time, they overlap.
  counters.idleMs += Math.max(0, ms - (reads + writes) * 2);
  counters.queryMs += ms;
}

export function elapseAdapter(adapter: Adapter, seconds: number): void {
  const packets = adapter.packetRate * seconds;
  const add = (
    counter: 'inOctets' | 'inUnicast' | 'inOther' | 'outOctets' | 'outUnicast' | 'outOther',
    by: number,
  ): void => {
    adapter[counter] = (adapter[counter] ?? 0) + by;
  };
  add('inOctets', packets * 1000);
  add('inUnicast', packets * 0.9);
  add('inOther', packets * 0.1);
  add('outOctets', packets * 500);
  add('outUnicast', packets * 0.9);
  add('outOther', packets * 0.1);
}
