// `npm run fuzz`: sends a million damaged events through ring and decoders and prints the branches that were reached.
import { blockCoverage } from '../test/helpers/coverage.ts';
import { FUZZED_FILES, fuzzEvents } from '../test/helpers/etw-fuzz.ts';

const ROUNDS = 1_000_000;
const STEP = 100_000;

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (repeat with: npm run fuzz -- ${seed})`);
let rows = 0;
let dropped = 0;
let outside = 0;
let slowestMs = 0;
const { blocks, missed } = await blockCoverage(
  (url) => FUZZED_FILES.test(url),
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
console.log(
  `${rows} events became rows; ${dropped} were rejected by the decoders and ${outside} by the ring, all counted`,
);
console.log(`slowest event: ${slowestMs.toFixed(1)} ms to decode`);
console.log(`${blocks - missed.length} of ${blocks} functions and branches were reached`);
for (const each of missed) console.log(`not reached: ${each}`);
