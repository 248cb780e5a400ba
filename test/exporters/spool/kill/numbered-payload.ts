// Payloads that carry a number and a body which follows from it.
import type { Payload } from '../../../../src/exporters/payload.ts';

export function numberedPayload(number: number): Payload {
  const body = Buffer.alloc(50 + (number % 7) * 30, `payload ${number} `);
  return { kind: 'metrics', encoding: 'snappy', count: number, oldestMs: number, newestMs: number + 1, body };
}
