// Serialises a batch of records; a record that cannot be serialised does not cost the others.
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Serialises records into one request. Throws, or returns undefined, if it cannot. */
export type Serialise = (records: readonly ReadableLogRecord[]) => Uint8Array | undefined;

/** A request, or undefined without records. */
export interface EncodedBatch {
  readonly plain: Uint8Array | undefined;
  readonly records: readonly ReadableLogRecord[];
  /** Records that could not be serialised. */
  readonly failed: number;
}

export function encodeBatch(batch: readonly ReadableLogRecord[], serialise: Serialise): EncodedBatch {
  const plain = attempt(batch, serialise);
  if (plain) return { plain, records: batch, failed: 0 };
  const records: ReadableLogRecord[] = [];
  const singles: Uint8Array[] = [];
  for (const record of batch) {
    const single = attempt([record], serialise);
    if (!single) continue;
    records.push(record);
    singles.push(single);
  }
  const failed = batch.length - records.length;
  if (records.length === 0) return { plain: undefined, records, failed };
  // Serialised together, the records of a container share one block.
  return { plain: attempt(records, serialise) ?? Buffer.concat(singles), records, failed };
}

function attempt(records: readonly ReadableLogRecord[], serialise: Serialise): Uint8Array | undefined {
  try {
    return serialise(records);
  } catch {
    return undefined;
  }
}
