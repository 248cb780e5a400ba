// `npm run demo-logs`: replaces the logs on docs/demo/shop.tape.gz, without a new recording.
import type { HostHeader, Observation } from '../src/sources/host.ts';
import { openTape } from '../src/sources/tape/read-tape.ts';
import { createRecorder } from '../src/sources/tape/recorder.ts';
import { LOG_STAND_IN, withDemoLogs } from './lib/demo-logs.ts';

const tape = 'docs/demo/shop.tape.gz';

async function read(): Promise<{ header: HostHeader; observations: Observation[] }> {
  await using source = await openTape(tape);
  const observations: Observation[] = [];
  for await (const observation of withDemoLogs(source.observations)) observations.push(observation);
  return { header: source.header, observations };
}

const { header, observations } = await read();
const standIns = [...header.standIns.filter(({ part }) => part !== LOG_STAND_IN.part), LOG_STAND_IN];
const recorder = await createRecorder(tape, { ...header, standIns }, { overwrite: true });
for (const observation of observations) recorder.write(observation);
await recorder.close();
const { observations: count, bytes, dropped } = recorder.stats();
console.log(`${tape}: ${count} observations, ${bytes} bytes, dropped ${JSON.stringify(dropped)}`);
