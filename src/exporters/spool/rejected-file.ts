// Names of the files of rejected payloads, which are kept for a person to examine.
import { PAYLOAD_SUFFIX, type PayloadNumbers, parsePayloadStem, payloadStem } from './payload-file.ts';

export const REJECTED_FOLDER = 'rejected';

export interface RejectedFile {
  readonly name: string;
  readonly queue: string;
  readonly seq: number;
  readonly count: number;
  readonly bytes: number;
}

/** E.g. `0000000000000042-1500-1764288000000.metrics.out_of_order.payload`. */
export function rejectedName(numbers: PayloadNumbers, queue: string, reason: string): string {
  const word = reason
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, 32);
  return `${payloadStem(numbers)}.${queue}.${word || 'unknown'}${PAYLOAD_SUFFIX}`;
}

/** Undefined for any other text. */
export function parseRejectedName(name: string): { queue: string; seq: number; count: number } | undefined {
  const [, stem, queue] = /^([\d-]+)\.([a-z][a-z0-9_]{0,31})\.[a-z0-9_]{1,32}\.payload$/.exec(name) ?? [];
  const numbers = parsePayloadStem(stem ?? '');
  return numbers && queue ? { queue, seq: numbers.seq, count: numbers.count } : undefined;
}
