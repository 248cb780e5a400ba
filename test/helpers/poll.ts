// Waiting for something that another process does: asks again and again, and gives up with the last answer.
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Resolves with the first answer that is not undefined; throws when none came in `timeoutMs`. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(PAUSE_MS)) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`, { cause: last });
}
