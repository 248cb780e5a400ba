// Reads the body of an answer and keeps its start.
import type { IncomingMessage } from 'node:http';

/** Bytes that are kept. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** Bytes that are read and discarded to reuse the connection; a longer answer is cut. */
export const MAX_DISCARDED_BYTES = 1024 * 1024;

/**
 * Resolves to true when the answer has ended, and to false when it was cut or is too long. `kept` receives the start
 * of the body as it grows.
 */
export function readAnswer(response: IncomingMessage, kept: (start: Uint8Array) => void): Promise<boolean> {
  return new Promise((resolve) => {
    let start = Buffer.alloc(0);
    let total = 0;
    response.on('data', (chunk: Buffer) => {
      const room = MAX_ANSWER_BYTES - start.length;
      if (room > 0) {
        start = Buffer.concat([start, chunk.subarray(0, room)]);
        kept(start);
      }
      total += chunk.length;
      if (total > MAX_ANSWER_BYTES + MAX_DISCARDED_BYTES) resolve(false);
    });
    response.on('end', () => resolve(response.complete));
    response.on('error', () => resolve(false));
    response.on('close', () => resolve(false));
  });
}
