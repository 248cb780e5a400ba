// When a process began: with its pid that names it.

/** Births of one process from events, process lists and tapes are the same FILETIME, but for rounding. */
const SAME_BIRTH_MS = 1;

/** Whether two births, in milliseconds since 1970, are of one process of that pid. */
export function sameBirth(a: number, b: number): boolean {
  return Math.abs(a - b) < SAME_BIRTH_MS;
}
