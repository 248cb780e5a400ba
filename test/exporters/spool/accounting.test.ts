// Every payload is accounted for, whatever the disk does: random operations, restarts and faults against a model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Spool } from '../../../src/exporters/spool/spool.ts';
import type { Amount } from '../../../src/exporters/spool/spool-totals.ts';
import { below, seeded } from '../../helpers/random.ts';
import { faultyFiles } from './faulty-files.ts';
import { ALL, FakeClock, HEADER, openSpool, payloadOf, temporaryFolder } from './support.ts';

const RUNS = 30;
const STEPS = 60;
const QUEUES = ['metrics', 'logs', 'traces'];
const CODES = ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO', 'EBUSY', 'EMFILE', 'EIO+', 'ENOSPC+'];

const sum = (amounts: Iterable<Amount>): Amount => {
  let [payloads, items] = [0, 0];
  for (const amount of amounts) [payloads, items] = [payloads + amount.payloads, items + amount.items];
  return { payloads, items };
};

/** The invariant of each queue, and the sizes. */
function checkTotals(spool: Spool, maxBytes: number, message: string): void {
  let bytes = 0;
  for (const queue of spool.queues()) {
    const { recovered, appended, removed, setAside, dropped } = queue.totals();
    const size = queue.size();
    const left = sum([removed, ...setAside.values(), ...dropped.values(), size]);
    assert.deepEqual(left, sum([recovered, appended]), `${queue.name}, ${message}`);
    bytes += size.bytes;
  }
  const { diskBytes, memoryBytes } = spool.status();
  assert.ok(diskBytes <= maxBytes, `${diskBytes} bytes on disk, ${message}`);
  assert.ok(bytes <= diskBytes + memoryBytes, message);
}

interface Faults {
  /** Probability of a fault of a call. */
  rate: number;
}

async function run(seed: number): Promise<void> {
  using folder = temporaryFolder();
  const random = seeded(seed);
  const faults: Faults = { rate: 0 };
  const clock = new FakeClock();
  let allFail: string | undefined;
  const files = faultyFiles((call) => {
    const code = allFail ?? (random() < faults.rate ? CODES[below(random, CODES.length)] : undefined);
    // A lock that is held cannot be acquired again.
    return call === 'lock' ? code?.replace('+', '') : code;
  });
  const maxBytes = 20 * (HEADER + 100);
  const open = (): Spool => openSpool(folder.path, { maxBytes, memoryBytes: 10 * (HEADER + 100), files, clock });
  let spool = open();
  /** Numbers by queue that were neither removed nor set aside; some of them may have been dropped. */
  const left = new Map(QUEUES.map((name) => [name, new Set<number>()]));
  let number = 1;
  for (let step = 0; step < STEPS; step++) {
    const message = `seed ${seed}, step ${step}`;
    const name = QUEUES[below(random, QUEUES.length)]!;
    const queue = spool.queue(name);
    const action = below(random, 12);
    if (action < 5) {
      const added = Array.from({ length: 1 + below(random, 4) }, () => number++);
      for (const each of added) left.get(name)!.add(each);
      await Promise.all(added.map((each) => queue.append(payloadOf(each, { body: Buffer.alloc(below(random, 200)) }))));
    } else if (action < 9) {
      const found = await queue.first({ maxPayloads: 1 + below(random, 5), maxBytes: 400 });
      const counts = found.map(({ payload }) => payload.count);
      for (const count of counts) assert.ok(left.get(name)!.has(count), `${count} came back, ${message}`);
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => a - b),
        message,
      );
      const done = found.slice(0, below(random, found.length + 1));
      for (const { payload } of done) left.get(name)!.delete(payload.count);
      if (action === 8 && done[0]) {
        await queue.setAside(done[0], 'invalid');
        await queue.remove(done.slice(1).map(({ seq }) => seq));
      } else await queue.remove(done.map(({ seq }) => seq));
    } else if (action === 9) {
      faults.rate = faults.rate === 0 ? random() * 0.4 : 0;
      allFail = below(random, 5) === 0 ? CODES[below(random, CODES.length)] : undefined;
    } else if (action === 10) clock.now += 10_000;
    else if (below(random, 3) === 0) {
      // Files that could not be deleted before the end of the process come back; so the disk works again before.
      [faults.rate, allFail] = [0, undefined];
      clock.now += 10_000;
      await spool.close();
      checkTotals(spool, maxBytes, message);
      spool = open();
    }
    await spool.queue(name).first({ maxPayloads: 0, maxBytes: 0 });
    checkTotals(spool, maxBytes, message);
  }
  [faults.rate, allFail] = [0, undefined];
  clock.now += 10_000;
  // Nothing is being sent any more.
  for (const name of QUEUES) await spool.queue(name).first({ maxPayloads: 0, maxBytes: 0 });
  for (const name of QUEUES) {
    const queue = spool.queue(name);
    await queue.append(payloadOf(number));
    const found = (await queue.first(ALL)).map(({ payload }) => payload.count);
    assert.equal(found.at(-1), number++, `seed ${seed}: the disk works again`);
    await queue.first({ maxPayloads: 0, maxBytes: 0 });
    for (const count of found.slice(0, -1)) assert.ok(left.get(name)!.has(count), `${count} came back, seed ${seed}`);
  }
  assert.match(spool.status().problem, /^$|is full, and the oldest payloads are dropped/, `seed ${seed}`);
  checkTotals(spool, maxBytes, `seed ${seed}`);
  await spool.close();
}

test('appended = removed + set aside + dropped + queued, whatever fails and whenever it restarts', async () => {
  for (let seed = 1; seed <= RUNS; seed++) await run(seed);
});
