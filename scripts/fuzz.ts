// `npm run fuzz`: a million damaged events through ring and decoders, and which of their branches that reached.
import { blockCoverage } from '../test/helpers/coverage.ts';
import { fuzzEvents } from '../test/helpers/etw-fuzz.ts';

const ROUNDS = 1_000_000;
const STEP = 100_000;

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (npm run fuzz -- ${seed} does the same again)`);
let rows = 0;
let dropped = 0;
let outside = 0;
let slowestMs = 0;
const { blocks, missed } = await blockCoverage(
  (url) =>
    /\/src\/sources\/etw\/(decoder|event-view|tcpip|dns-client|kernel-process|tcp-columns|raw|ring|ring-writer)\.ts$/.test(
      url,
    ),
  () => {
    for (let done = 0; done < ROUNDS; done += STEP) {
      const result = fuzzEvents(STEP, seed + done);
      rows += result.rows;
      dropped += result.dropped;
      outside += result.outside;
      slowestMs = Math.max(slowestMs, result.slowestMs);
      console.log(`${done + STEP} events`);
    }
  },
);
console.log(`${rows} became rows, ${dropped} were left out by the decoders and ${outside} by the ring, each counted`);
console.log(`the slowest took ${slowestMs.toFixed(1)} ms to decode`);
console.log(`${blocks - missed.length} of ${blocks} functions and branches ran`);
for (const each of missed) console.log(`not reached: ${each}`);
