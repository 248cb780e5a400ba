// Runs the reader of the Event Log on Windows as the logs worker does, and prints what it has read.
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { WaitForMultipleObjects } from '../../../src/native/kernel32-events.ts';
import { wevtapi } from '../../../src/native/wevtapi/library.ts';
import { Activity } from '../../../src/sources/activity.ts';
import { createEventLogReader } from '../../../src/sources/event-log/create-event-log-reader.ts';
import type { LogBatch } from '../../../src/sources/logs/contracts.ts';
import type { EventLogOutput, EventLogTask } from './event-log.ts';

const WAIT_MS = 50;
const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as EventLogTask;
const { channels, locale, positions, computer, measured } = task;
const now = () => performance.now() * task.speed;
const reader = createEventLogReader({ channels, locale, positions, computer, now, activity: new Activity() });
const signals = reader.signals();
const handles = Buffer.alloc(signals.length * 8);
for (const [at, signal] of signals.entries()) handles.writeBigUInt64LE(signal, at * 8);

let lastState = '';
let count = 0;
let usage = process.cpuUsage();

function print(output: EventLogOutput): void {
  writeSync(1, `${JSON.stringify(output)}\n`);
}

function printBatch({ eventRecords: records, positions }: LogBatch): void {
  const channels = reader.state().eventChannels;
  const text = JSON.stringify([channels, positions]);
  if (records.length === 0 && text === lastState) return;
  lastState = text;
  print({ records, positions, channels });
}

/** Of the double; undefined for a wevtapi that is none. */
function countOpenHandles(): number | undefined {
  try {
    return wevtapi.func<() => number>('int __stdcall CountOpenHandles(void)')();
  } catch {
    return undefined;
  }
}

const empty = (): LogBatch => ({ eventRecords: [], fileMessages: [], positions: {} });
while (!existsSync(task.stopFile)) {
  const batch = empty();
  const more = reader.read(batch, now(), now() + 50 * task.speed);
  if (measured > 0) {
    // The first records compile the code.
    if (count < measured / 2 && count + batch.eventRecords.length >= measured / 2) usage = process.cpuUsage();
    count += batch.eventRecords.length;
    if (count >= measured) break;
  } else {
    printBatch(batch);
  }
  if (!more) WaitForMultipleObjects(signals.length, handles, 0, WAIT_MS);
}
const { user, system } = process.cpuUsage(usage);
const last = reader.state().eventChannels;
reader.close();
const openHandles = countOpenHandles();
print({
  records: [],
  positions: {},
  channels: last,
  cpuUs: user + system,
  ...(openHandles !== undefined && { openHandles }),
});
