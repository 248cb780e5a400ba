// The creation time of a process: with the pid it identifies the process.

/** Events, process lists and tapes have the same FILETIME for one process, apart from rounding. */
const SAME_BIRTH_MS = 1;

/** Whether two creation times, in milliseconds since 1970, belong to the same process of a pid. */
export function sameBirth(a: number, b: number): boolean {
  return Math.abs(a - b) < SAME_BIRTH_MS;
}
