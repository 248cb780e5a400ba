// Log lines of a fixed number of kinds, each of which has a pattern of its own, for the benchmark of the log parser.
import { below, seeded } from '../helpers/random.ts';

const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'ke', 'li', 'mo', 'nu', 'pa', 're', 'si', 'to', 'vu', 'wy'];
const WORDS = 512;
/** Values, which do not belong to a pattern. */
const values: readonly ((random: () => number) => string)[] = [
  (random) => `${below(random, 1_000_000)}`,
  (random) => `10.${below(random, 256)}.${below(random, 256)}.7:${1024 + below(random, 60_000)}`,
  (random) => `0x${below(random, 0xffffff).toString(16)}`,
  (random) => `'tank ${below(random, 500)} (north)'`,
  (random) => `[id=${below(random, 100_000)}, kind=flow]`,
  (random) => `size=${below(random, 1_000_000_000)}`,
  (random) => `C:\\data\\tank${below(random, 1000)}\\part-${below(random, 10_000)}.dat`,
];

/** A word for a number below `WORDS`, of three syllables and never hexadecimal. */
const word = (n: number): string => `${syllables[n & 15]}${syllables[(n >> 4) & 15]}${syllables[n >> 8]}n`;

/** About 200 characters each. Lower kinds are more frequent. All lines have the level word, e.g. `ERROR`. */
export function generatedLogLines(kinds: number, count: number, level: string): string[] {
  const random = seeded(3);
  const shapes = Array.from({ length: kinds }, () => Array.from({ length: 12 }, () => word(below(random, WORDS))));
  return Array.from({ length: count }, (_, i) => {
    const shape = shapes[Math.min(below(random, kinds), below(random, kinds))]!;
    const clock = new Date(1_930_000_000_000 + i * 37).toISOString();
    const parts = shape.map((text, at) =>
      at % 3 === 2 ? `${text} ${values[(at + i) % values.length]!(random)}` : text,
    );
    return `${clock} ${level} [worker-${below(random, 64)}] ${parts.join(' ')}`;
  });
}
