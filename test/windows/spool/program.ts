// Uses the spool in Node for Windows; prints one JSON value.

// Arguments: step, folder.
import { execFileSync } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Spool } from '../../../src/exporters/spool/spool.ts';
import type { SpoolClock } from '../../../src/exporters/spool/spool-options.ts';

const [step, folder] = process.argv.slice(2) as [string, string];
const ALL = { maxPayloads: 100, maxBytes: 1_000_000 };
/** No other program may open the file. */
const EXCLUSIVE = 0x10000000;

let pauses = 0;
let atPause = async (): Promise<void> => {};
const clock: SpoolClock = {
  monotonicMs: () => 0,
  async pause() {
    pauses++;
    await atPause();
  },
};
const spool = new Spool({ folder, maxBytes: 10_000_000, clock });
const queue = spool.queue('metrics');
const append = (number: number): Promise<void> =>
  queue.append({
    kind: 'metrics',
    encoding: 'snappy',
    count: number,
    oldestMs: number,
    newestMs: number,
    body: Buffer.alloc(number * 1000, 'x'),
  });

/** Opens the first file without sharing, until the spool pauses. */
async function useFile(): Promise<void> {
  const [name] = (await readdir(join(folder, 'metrics'))).sort();
  const file = await open(join(folder, 'metrics', name!), EXCLUSIVE);
  atPause = async () => {
    atPause = async () => {};
    await file.close();
  };
}

if (step === 'append') {
  for (const number of [1, 2, 3, 4]) await append(number);
  const [first] = await queue.first(ALL);
  await queue.remove([first!.seq]);
  // Killed: neither the spool nor the lock is closed.
  const other = execFileSync(process.execPath, [process.argv[1]!, 'other', folder], { encoding: 'utf8' });
  console.log(JSON.stringify({ problem: spool.status().problem, other: JSON.parse(other) }));
  process.kill(process.pid, 'SIGKILL');
} else if (step === 'other') {
  await append(9);
  console.log(JSON.stringify(spool.status().problem));
  process.exit();
} else {
  await append(5);
  await useFile();
  const found = await queue.first(ALL);
  const numbers = found.map(({ payload }) => [payload.count, payload.body.length]);
  await queue.setAside(found[1]!, 'invalid');
  await useFile();
  await queue.remove(found.map(({ seq }) => seq));
  const { problem, diskBytes, rejectedPayloads } = spool.status();
  await spool.close();
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).sort();
  console.log(JSON.stringify({ numbers, problem, diskBytes, rejectedPayloads, pauses, names }));
}
