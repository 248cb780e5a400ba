// Benchmark of the decoder alone over many millions of events: speed and memory growth; prints one JSON line.
import { keepHeapSmall } from '../../src/base/memory.ts';
import { EventDecoder } from '../../src/sources/etw/decoder.ts';
import { EventView } from '../../src/sources/etw/event-view.ts';
import { createRing, RingReader, WORD } from '../../src/sources/etw/ring.ts';
import { RingWriter } from '../../src/sources/etw/ring-writer.ts';
import { tcpLayouts } from '../helpers/etw-layouts.ts';
import { BlockMemory } from './event-memory.ts';
import { rssAnonMiB, SPAN_EVENTS } from './event-memory-use.ts';

export interface DecodeTask {
  readonly events: number;
}

export interface DecodeResult {
  readonly perSecond: number;
  /** RssAnon in MiB after each 50 million events. */
  readonly rssMiB: readonly number[];
}

keepHeapSmall();

/** Events between two flushes, as in the agent. */
const TURN_EVENTS = 1000;
/** Events of one measurement of the speed. */
const STEP_EVENTS = 10_000_000;

/** Reads a ring that is full of all TCP layouts repeatedly. */
function decode({ events }: DecodeTask): DecodeResult {
  const ring = createRing();
  const memory = new BlockMemory();
  const writer = new RingWriter(memory.writerOptions(ring));
  const records = memory.records(tcpLayouts);
  for (let i = 0; Atomics.load(ring.words, WORD.ringFull) === 0; i++) writer.write(records[i % records.length]!);
  const head = Atomics.load(ring.words, WORD.head);
  const view = new EventView();
  const decoder = new EventDecoder();
  const rssMiB: number[] = [];
  let perSecond = 0;
  let spanEnd = SPAN_EVENTS;
  // The fastest step counts, because the machine is shared.
  while (decoder.events < events) {
    const target = decoder.events + STEP_EVENTS;
    const from = decoder.events;
    const beganAt = performance.now();
    while (decoder.events < target) {
      Atomics.store(ring.words, WORD.head, head);
      Atomics.store(ring.words, WORD.tail, 0);
      const reader = new RingReader(ring, view);
      while (reader.next()) {
        decoder.decode(view);
        if (decoder.pending === TURN_EVENTS) decoder.flush({ push: () => {}, lend: true, seconds: 0 });
      }
    }
    perSecond = Math.max(perSecond, ((decoder.events - from) / (performance.now() - beganAt)) * 1000);
    if (decoder.events < spanEnd) continue;
    rssMiB.push(rssAnonMiB());
    spanEnd += SPAN_EVENTS;
  }
  if (decoder.dropped.size > 0) throw new Error(`events were dropped: ${[...decoder.dropped].join()}`);
  return { perSecond, rssMiB };
}

process.stdout.write(`${JSON.stringify(decode(JSON.parse(process.argv[2]!) as DecodeTask))}\n`);
