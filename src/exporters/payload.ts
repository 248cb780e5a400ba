// One payload for a destination, and what the delivery must know of its format.

export type PayloadKind = 'metrics' | 'logs' | 'traces' | 'profiles';

/** How the body of a payload is compressed: snappy is the block format, without frames. */
export type PayloadEncoding = 'identity' | 'snappy' | 'zstd' | 'gzip';

/** A complete body of a request: one pass of metrics, or a batch of records. Immutable. */
export interface Payload {
  readonly kind: PayloadKind;
  readonly encoding: PayloadEncoding;
  /** Samples or records in the body. */
  readonly count: number;
  /** Times of the oldest and the newest sample or record, milliseconds since 1970. */
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly body: Uint8Array;
}

/** The body of one request, ready to be sent. */
export interface RequestBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Why a receiver rejected a payload for good; the label `reason` of the metrics. */
export type RejectionReason = 'out_of_order' | 'too_old' | 'duplicate' | 'too_large' | 'invalid';

/** What the delivery must know of the format of a destination, e.g. remote write. */
export interface PayloadFormat {
  /** Merges payloads, at least one, in the given order into the body of one request. Throws for a broken body. */
  encodeRequest(payloads: readonly Payload[]): Promise<RequestBody>;
  /** Bytes of the body when it is not compressed, without decompressing it. */
  plainBytes(payload: Payload): number;
  /** Parts of one payload, in order, with all its samples or records; empty if it cannot be split. */
  split(payload: Payload): Promise<readonly Payload[]>;
  /** The reason that a receiver gives in its answer with status 400, 413, 415 or 422. */
  rejectionReason(status: number, answer: string): RejectionReason;
  /** Samples or records that an answer with status 2xx reports as rejected, e.g. OTLP's partial success; usually 0. */
  rejectedCount(answer: Uint8Array): number;
  /**
   * Called when the receiver refuses a request that it could not decompress or understand (400, 415, 500) and no
   * request has succeeded yet. Returns true if the format has changed the compression, so that a retry makes sense.
   */
  stepDown(): boolean;
}
