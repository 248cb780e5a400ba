// The process that is killed: adds, removes and sets payloads aside, and prints each step before and after it.

// Arguments: folder, number of the first payload, number of payloads.
import { writeSync } from 'node:fs';
import { Spool } from '../../../../src/exporters/spool/spool.ts';
import { numberedPayload } from './numbered-payload.ts';

const [folder, first, count] = process.argv.slice(2) as [string, string, string];
const print = (line: string): void => void writeSync(1, `${line}\n`);

const spool = new Spool({ folder, maxBytes: 100_000_000 });
const queue = spool.queue('metrics');
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  print(`append ${number}`);
  await queue.append(numberedPayload(number));
  print(`appended ${number}`);
  if (number % 2 === 0) continue;
  const found = await queue.first({ maxPayloads: 2, maxBytes: 1000 });
  const numbers = found.map(({ payload }) => payload.count).join(' ');
  if (number % 4 === 1) {
    print(`remove ${numbers}`);
    await queue.remove(found.map(({ seq }) => seq));
    print(`removed ${numbers}`);
  } else {
    print(`reject ${found[0]!.payload.count}`);
    await queue.setAside(found[0]!, 'invalid');
    print(`rejected ${found[0]!.payload.count}`);
  }
}
await spool.close();
print(`closed ${queue.size().payloads}`);
