// Polls for a condition that another process fulfils, until a timeout.
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Resolves with the first result that is not undefined; throws with the last error after `timeoutMs`. */
export async function until<T>(
  subject: string,
  timeoutMs: number,
  poll: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(PAUSE_MS)) {
    try {
      const result = await poll();
      if (result !== undefined) return result;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${timeoutMs} ms in vain for: ${subject}`, { cause: last });
}
