// Seeded random numbers, which make a failing fuzz run repeatable.

/** Mulberry32: the same sequence of numbers in [0, 1) for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from 0 to `limit` - 1. */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}
