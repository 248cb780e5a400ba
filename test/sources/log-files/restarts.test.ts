// Lines of a file that is rotated while the reader is stopped at random points: none is lost.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { LogBatch } from '../../../src/sources/logs/contracts.ts';
import { ReaderFixture } from '../../helpers/file-reader.ts';
import { below, seeded } from '../../helpers/random.ts';

const ROUNDS = 150;

/** A kill loses the batches whose positions were not stored, and nothing else. */
test('no line is lost and only lines after the stored position come twice, killed 150 times', () => {
  for (const seed of [1, 2, 3]) {
    const random = seeded(seed);
    using logs = new ReaderFixture({ wallMs: Date.now() - 60_000 });
    logs.read();
    let written = 0;
    let rotations = 0;
    const write = (): void => {
      const count = below(random, 20);
      let text = '';
      for (let i = 0; i < count; i++) text += `line ${written++}\n`;
      const cut = below(random, text.length + 1);
      appendFileSync(logs.path('app.log'), text.slice(0, cut));
      appendFileSync(logs.path('app.log'), text.slice(cut));
    };
    const rotate = (): void => {
      for (let number = rotations++; number >= 1; number--) {
        const from = logs.path(`app.log.${number}`);
        if (existsSync(from)) renameSync(from, logs.path(`app.log.${number + 1}`));
      }
      if (existsSync(logs.path('app.log'))) renameSync(logs.path('app.log'), logs.path('app.log.1'));
      writeFileSync(logs.path('app.log'), '');
    };
    /** Messages whose positions are stored, in their order, and those of all runs. */
    const stored: number[] = [];
    const received = new Set<number>();
    let unstored: LogBatch[] = [];
    const numbersOf = (batches: readonly LogBatch[]) =>
      batches.flatMap(({ fileMessages }) =>
        fileMessages.flatMap(({ records }) => records.map(({ body }) => Number(body.slice(5)))),
      );
    const store = (): void => {
      for (const { positions } of unstored) {
        for (const [key, position] of Object.entries(positions)) {
          if (position === '') delete logs.positions[key];
          else logs.positions[key] = position;
        }
      }
      stored.push(...numbersOf(unstored));
      unstored = [];
    };
    const turn = (): void => {
      logs.clock.mono += 250 + below(random, 2000);
      const batch: LogBatch = { eventRecords: [], fileMessages: [], positions: {} };
      logs.reader.read(batch, logs.clock.mono, Number.POSITIVE_INFINITY);
      for (const number of numbersOf([batch])) received.add(number);
      unstored.push(batch);
    };
    for (let round = 0; round < ROUNDS; round++) {
      let rotated = false;
      for (let step = below(random, 8); step >= 0; step--) {
        const action = below(random, 6);
        if (action < 2) write();
        else if (action === 2 && !rotated) {
          rotate();
          rotated = true;
        } else if (action === 3) store();
        else turn();
      }
      // A kill: what was not stored is forgotten.
      unstored = [];
      logs.restart();
    }
    write();
    for (let i = 0; i < 5; i++) turn();
    logs.clock.mono += 5000;
    turn();
    turn();
    store();
    assert.ok(written > 500, `${written} lines`);
    const missing = Array.from({ length: written }, (_, i) => i).filter((number) => !received.has(number));
    assert.deepEqual(missing, [], `seed ${seed}`);
    assert.equal(new Set(stored).size, stored.length, `lines before a stored position came twice, seed ${seed}`);
  }
});

test('truncations at random points lose at most what was not read before them', () => {
  const random = seeded(7);
  using logs = new ReaderFixture();
  logs.read();
  const bodies: string[] = [];
  const expected: string[] = [];
  for (let round = 0; round < 100; round++) {
    const text = `${round} ${'x'.repeat(below(random, 100))}`;
    appendFileSync(logs.path('app.log'), `${text}\n`);
    expected.push(text);
    bodies.push(...logs.read());
    if (below(random, 3) === 0) truncateSync(logs.path('app.log'), 0);
    if (below(random, 4) === 0) logs.restart();
  }
  bodies.push(...logs.read());
  assert.deepEqual(
    bodies,
    expected.map((text) => text.trim()),
  );
});
