// Logs of the demo shop: events and log files that its services would write, added to the recorded tape.
import { LogStream } from '../../src/logs/log-stream.ts';
import { logRecordOf } from '../../src/logs/message-record.ts';
import { PatternMemory } from '../../src/logs/pattern-memory.ts';
import { PatternStore } from '../../src/logs/pattern-store.ts';
import type { EventRecord, FileMessages, LogFile, Observation } from '../../src/sources/host.ts';
import { demoEvents } from './demo-log-events.ts';
import { demoFiles } from './demo-log-files.ts';

export const LOG_STAND_IN = {
  part: 'the Event Log and log files',
  replacement: 'scripted events and lines, as these programs write them',
};

const KINDS: ReadonlySet<string> = new Set(['eventRecords', 'eventChannels', 'fileMessages', 'logFiles']);
/** Lines that the rate limit withholds from the records; they are counted. */
const RECORDS_PER_ROUND = 8;

/** Replaces the logs on a tape: before each tick, what was written since the tick before. */
export async function* withDemoLogs(recorded: AsyncIterable<Observation>): AsyncGenerator<Observation> {
  const host = new LoggingHost();
  let seq = 0;
  for await (const observation of recorded) {
    if (KINDS.has(observation.kind)) continue;
    host.observe(observation);
    if (observation.kind === 'tick')
      for (const { kind, data } of host.logsOfRound()) {
        const { tMono, tWall } = observation;
        yield { seq: ++seq, tMono, tWall, source: 'logs', kind, seconds: 0, data } as Observation;
      }
    yield { ...observation, seq: ++seq };
  }
}

class LoggingHost {
  #round = -1;
  #wallMs = 0;
  /** Pids of running services as of the last list, and as of the round before. */
  readonly #pids = new Map<string, number>();
  #pidsBefore: ReadonlyMap<string, number> = new Map();
  readonly #created = new Map<number, number>();
  readonly #streams = demoFiles.map((file) => new DemoStream(file.service, file.source));
  readonly #read = new Map([
    ['Application', 0],
    ['System', 0],
  ]);

  observe(observation: Observation): void {
    this.#wallMs = observation.tWall;
    if (observation.kind === 'tick') this.#round++;
    if (observation.kind === 'processes' && observation.data) {
      const { count, pid, createdAtMs } = observation.data;
      for (let row = 0; row < count; row++) this.#created.set(pid[row]!, createdAtMs[row]!);
    }
    if (observation.kind === 'services' && observation.data)
      for (const { name, pid } of observation.data) if (pid !== 0) this.#pids.set(name, pid);
  }

  logsOfRound(): Pick<Observation, 'kind' | 'data'>[] {
    const pids = this.#pidsBefore;
    const process = (name: string) => {
      const pid = pids.get(name) ?? 0;
      return { pid, createdAtMs: this.#created.get(pid) ?? 0 };
    };
    this.#pidsBefore = new Map(this.#pids);
    const events: EventRecord[] = demoEvents({ round: this.#round, atMs: this.#wallMs, process });
    for (const { channel } of events) this.#read.set(channel, this.#read.get(channel)! + 1);
    const messages = this.#streams.map((stream, i) => stream.read(demoFiles[i]!.lines(this.#round), this.#wallMs));
    const channels = [...this.#read].map(([channel, read]) => {
      return { channel, read, lag: 0, skipped: 0, dropped: {}, resubscribed: 0, invalidPositions: 0 };
    });
    const files: LogFile[] = this.#streams.map(({ service, source, readBytes }, i) => {
      const { path } = demoFiles[i]!;
      return { service, source, path, state: 'reading', readBytes, lagBytes: 0, lostBytes: 0, dropped: {} };
    });
    return [
      ...(events.length > 0 ? [{ kind: 'eventRecords' as const, data: events }] : []),
      { kind: 'fileMessages', data: messages.filter(({ counted }) => counted.length > 0) },
      { kind: 'eventChannels', data: channels },
      { kind: 'logFiles', data: files },
    ];
  }
}

/** Parses and counts lines as the logs worker does. */
class DemoStream {
  readonly service: string;
  readonly source: string;
  readBytes = 0;
  readonly #patterns = new PatternStore(
    new PatternMemory({ rules: 'coroot', patternsPerLevel: 256, maxSampleBytes: 4096 }),
  );
  readonly #stream: LogStream<{ readonly level?: undefined }>;
  #atMs = 0;
  #records: FileMessages['records'] = [];

  constructor(service: string, source: string) {
    this.service = service;
    this.source = source;
    this.#stream = new LogStream({
      rules: 'coroot',
      json: true,
      jsonLines: true,
      entryLevelFirst: true,
      wholeEntries: true,
      createdMonoMs: 0,
      onMessage: (message) => {
        const hash = this.#patterns.count(message, this.#atMs);
        const { level, body, attributes, traceId, spanId } = logRecordOf(message, hash, [0, 0], [0, 0]);
        const ids = { ...(traceId && { traceId }), ...(spanId && { spanId }) };
        this.#records = [...this.#records, { atMs: this.#atMs, nanoseconds: 0, level, body, attributes, ...ids }];
      },
    });
  }

  read(lines: readonly string[], wallMs: number): FileMessages {
    this.#records = [];
    for (const [i, line] of lines.entries()) {
      this.#atMs = Math.round(wallMs - 4000 + i * 20);
      this.readBytes += Buffer.byteLength(line) + 2;
      this.#stream.push(line, 0, {});
    }
    const counted: FileMessages['counted'][number][] = [];
    this.#patterns.collect(({ sample, ...each }) => counted.push(sample === undefined ? each : { ...each, sample }));
    const records = this.#records.slice(0, RECORDS_PER_ROUND);
    const withheld = this.#records.length - records.length;
    const dropped: Record<string, number> = withheld > 0 ? { rate_limit: withheld } : {};
    return { service: this.service, source: this.source, counted, records, dropped };
  }
}
