// A reader on an Event Log in memory, with a clock that the test moves.
import { Activity } from '../../src/sources/activity.ts';
import { EventLogReader } from '../../src/sources/event-log/event-log-reader.ts';
import type { EventChannel, EventRecord } from '../../src/sources/host.ts';
import type { ChannelChoice, LogBatch } from '../../src/sources/logs/contracts.ts';
import type { FakeEventLog } from './fake-event-log.ts';

export interface FixtureOptions {
  readonly channels?: readonly ChannelChoice[];
  readonly positions?: Record<string, string>;
  readonly locale?: number;
}

export class EventLogFixture {
  readonly log: FakeEventLog;
  readonly reader: EventLogReader;
  /** Of the last batch that had them. */
  positions: Record<string, string>;
  nowMs = 1_000_000;
  /** Milliseconds that each look at the clock takes. */
  stepMs = 0;

  constructor(log: FakeEventLog, options: FixtureOptions = {}) {
    this.log = log;
    this.positions = { ...options.positions };
    this.reader = new EventLogReader({
      channels: options.channels ?? [{ channel: 'System', xpath: '*' }],
      locale: options.locale ?? 1033,
      positions: this.positions,
      activity: new Activity(),
      recordOf,
      now: () => {
        this.nowMs += this.stepMs;
        return this.nowMs;
      },
      calls: log,
    });
  }

  /** One turn of the worker, after `afterMs`. */
  turn(afterMs = 250, sliceMs = 50): { records: EventRecord[]; more: boolean; batch: LogBatch } {
    this.nowMs += afterMs;
    const batch: LogBatch = { eventRecords: [], fileMessages: [], positions: {} };
    const more = this.reader.read(batch, this.nowMs, this.nowMs + sliceMs);
    Object.assign(this.positions, batch.positions);
    return { records: batch.eventRecords, more, batch };
  }

  /** Numbers of the records of one turn. */
  ids(afterMs?: number): number[] {
    return this.turn(afterMs).records.map(({ recordId }) => Number(recordId));
  }

  /** Turns every 250 ms for some time; numbers of the records. */
  idsFor(seconds: number): number[] {
    return Array.from({ length: seconds * 4 }, () => this.ids()).flat();
  }

  state(channel = 'System'): EventChannel {
    return this.reader.state().eventChannels.find((each) => each.channel === channel)!;
  }

  /** The agent is started again on the same log, with the positions that were stored. */
  restarted(options: FixtureOptions = {}): EventLogFixture {
    this.reader.close();
    return new EventLogFixture(this.log, { positions: this.positions, ...options });
  }
}

/** Reads what the fake log writes; the parser of the product has tests of its own. */
function recordOf(xml: string, message: string | undefined): EventRecord | string {
  const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  const recordId = text('EventRecordID');
  if (recordId === undefined) return 'malformed';
  return {
    channel: text('Channel') ?? '',
    provider: '',
    eventId: 7,
    recordId,
    level: 'error',
    atMs: 0,
    nanoseconds: 0,
    message: message ?? text('Message') ?? text('Data') ?? '',
  };
}

/** Numbers from `first` to `last`. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
