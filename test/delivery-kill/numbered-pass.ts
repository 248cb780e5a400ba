// The times of numbered passes, 15 seconds apart.
const FIRST_MS = 1_764_288_000_000;
const INTERVAL_MS = 15_000;

export const timeOf = (number: number): number => FIRST_MS + number * INTERVAL_MS;
export const numberOf = (atMs: number): number => (atMs - FIRST_MS) / INTERVAL_MS;
