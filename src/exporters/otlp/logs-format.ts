// The format of OTLP logs over HTTP, as the delivery uses it: https://opentelemetry.io/docs/specs/otlp/#otlphttp
import type { Payload, PayloadFormat, RejectionReason, RequestBody } from '../payload.ts';
import { compress, decompress, ENCODINGS, type OtlpCompression, plainSize } from './compression.ts';
import { checkRequest, type LogsPart, rejectedRecords, splitRequest } from './logs-message.ts';

/** A payload that is refused is split again and again, so that few requests isolate one record. */
const MAX_PARTS = 16;

/** The next simpler compression; every receiver knows none. */
const SIMPLER: Readonly<Partial<Record<OtlpCompression, OtlpCompression>>> = { zstd: 'gzip', gzip: 'none' };

/** Texts of receivers, e.g. Loki's "entry too far behind" and "timestamp too old". */
const REASONS: readonly (readonly [RegExp, RejectionReason])[] = [
  [/out of order|too far behind/i, 'out_of_order'],
  [/too old|out of bounds/i, 'too_old'],
  [/duplicate/i, 'duplicate'],
  [/too (?:large|long|big)|larger than|max(?:imum)?[ _]\w*[ _]?size/i, 'too_large'],
];

/** One instance for a destination: it keeps the compression that the receiver understands. */
export class OtlpLogsFormat implements PayloadFormat {
  #compression: OtlpCompression;

  constructor(compression: OtlpCompression) {
    this.#compression = compression;
  }

  /** The compression of the next request. */
  get compression(): OtlpCompression {
    return this.#compression;
  }

  /**
   * Messages of protobuf are merged by concatenation:
   * https://protobuf.dev/programming-guides/encoding/#last-one-wins
   */
  async encodeRequest(payloads: readonly Payload[]): Promise<RequestBody> {
    const encoding = ENCODINGS[this.#compression];
    const plains = await Promise.all(payloads.map(decompress));
    for (const plain of plains) checkRequest(plain);
    const first = payloads[0]!;
    const isReady = payloads.length === 1 && first.encoding === encoding;
    return {
      headers: {
        'Content-Type': 'application/x-protobuf',
        ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      },
      body: isReady ? first.body : await compress(Buffer.concat(plains), encoding),
    };
  }

  plainBytes(payload: Payload): number {
    return plainSize(payload);
  }

  /** Up to 16 parts: resource blocks first, then the records of one block. */
  async split(payload: Payload): Promise<readonly Payload[]> {
    const parts = splitRequest(await decompress(payload), MAX_PARTS);
    return parts.length < 2 ? [] : Promise.all(parts.map((part) => payloadOf(part, payload)));
  }

  rejectionReason(status: number, answer: string): RejectionReason {
    if (status === 413) return 'too_large';
    return REASONS.find(([pattern]) => pattern.test(answer))?.[1] ?? 'invalid';
  }

  rejectedCount(answer: Uint8Array): number {
    return rejectedRecords(answer);
  }

  stepDown(): boolean {
    const simpler = SIMPLER[this.#compression];
    this.#compression = simpler ?? this.#compression;
    return simpler !== undefined;
  }
}

async function payloadOf(part: LogsPart, whole: Payload): Promise<Payload> {
  return {
    kind: 'logs',
    encoding: 'zstd',
    count: part.count,
    oldestMs: part.oldestMs ?? whole.oldestMs,
    newestMs: part.newestMs ?? whole.newestMs,
    body: await compress(part.body, 'zstd'),
  };
}
