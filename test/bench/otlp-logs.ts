// Speed and memory of log records from the sink to compressed payloads; prints the figures as one JSON line.
import { keepHeapSmall } from '../../src/base/memory.ts';
import { OtlpLogsFormat } from '../../src/exporters/otlp/logs-format.ts';
import { openOtlpLogs } from '../../src/exporters/otlp/open-otlp-logs.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import type { LogRecord } from '../../src/logs/log-record.ts';
import { rssAnonMiB } from './event-memory-use.ts';

export interface OtlpLogsTask {
  readonly records: number;
}

export interface OtlpLogsResult {
  /** Records per second of CPU time of the whole process: emitted, serialised and compressed with zstd. */
  readonly perCpuSecond: number;
  readonly plainBytesPerRecord: number;
  readonly storedBytesPerRecord: number;
  /** Of a request with gzip that holds sixteen payloads. */
  readonly sentBytesPerRecord: number;
  /** Growth by loading the SDK and 500 providers with a record each, MiB; 0 where RssAnon is unknown. */
  readonly providersMiB: number;
}

const CONTAINERS = 50;
const PROVIDERS = 500;
const words = 'connection request timeout upstream order payment cache retry worker queue session token shard'.split(
  ' ',
);

/** About 200 bytes of text with the variety of an application log: numbers, an address, an identifier, words. */
function recordOf(i: number): LogRecord {
  const word = (step: number) => words[(i * step) % words.length]!;
  const id = Math.imul(i, 2_654_435_761) >>> 0;
  const body =
    `${word(1)} ${word(3)} failed for ${word(5)} ${id.toString(16).padStart(8, '0')} at 10.${i & 255}.${(i >> 8) & 255}.` +
    `${id & 255}:${1024 + (id & 0x7fff)} after ${id % 5000} ms, attempt ${i % 7}: the ${word(7)} did not answer in the ` +
    `time that the ${word(11)} of the ${word(2)} allows, see ${word(4)}`;
  return {
    time: [1_764_288_000 + (i >> 10), (i & 1023) * 976_500],
    observed: [1_764_288_001 + (i >> 10), 0],
    level: i % 3 === 0 ? 'error' : 'info',
    body,
    attributes: { 'pattern.hash': i % 3 === 0 ? '9ae0ea9e3c9c6e1b9b6247c8395efdce' : '', thread: String(i % 32) },
  };
}

keepHeapSmall();
const { records } = JSON.parse(process.argv[2]!) as OtlpLogsTask;
const identity = { hostName: 'web-1', machineId: '0123456789abcdef0123456789abcdef' };
// More records than a payload has, so that each has other texts.
const pool = Array.from({ length: 8192 }, (_, i) => recordOf(i));

const before = rssAnonMiB();
const idle = await openOtlpLogs({ ...identity, queue: { append: async () => {} } });
for (let i = 0; i < PROVIDERS; i++) idle.sink.emit(`/system/service-${i}`, pool[i]!);
await idle.stop(10_000);
const providersMiB = rssAnonMiB() - before;

const containers = Array.from({ length: CONTAINERS }, (_, i) => `/system/service-${i}`);
const kept: Payload[] = [];
const logs = await openOtlpLogs({
  ...identity,
  queue: {
    append: async (payload) => {
      if (kept.length < 16) kept.push(payload);
    },
  },
});
async function emit(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (logs.sink.full) await logs.sink.ready();
    logs.sink.emit(containers[i % CONTAINERS]!, pool[i % pool.length]!);
  }
}
await emit(50_000);
const startedAt = process.cpuUsage();
await emit(records);
const stopped = await logs.stop(60_000);
const { user, system } = process.cpuUsage(startedAt);
const { accepted, plainBytes, storedBytes } = logs.status();
if (!stopped || accepted !== records + 50_000) throw new Error(`${accepted} records were accepted`);
const request = await new OtlpLogsFormat('gzip').encodeRequest(kept);
const result: OtlpLogsResult = {
  perCpuSecond: records / ((user + system) / 1e6),
  plainBytesPerRecord: plainBytes / accepted,
  storedBytesPerRecord: storedBytes / accepted,
  sentBytesPerRecord: request.body.length / kept.reduce((sum, { count }) => sum + count, 0),
  providersMiB,
};
console.log(JSON.stringify(result));
