// Remote write 1.0 as a format of the delivery: https://prometheus.io/docs/specs/prw/remote_write_spec/
import type { Payload, PayloadFormat, RequestBody } from '../payload.ts';
import { type Block, readPreamble, verifyBlock } from './block-format.ts';
import { rejectionReason } from './rejection.ts';
import { joinElements } from './slice-writer.ts';
import { splitPayload } from './split.ts';

export const remoteWriteFormat: PayloadFormat = {
  encodeRequest,
  plainBytes,
  split: splitPayload,
  rejectionReason,
  rejectedCount: () => 0,
  stepDown: () => false,
};

/**
 * Joins the blocks without decompressing them: a WriteRequest is a sequence of repeated fields. Each block is checked
 * first, because a broken one would break those that follow it.
 */
async function encodeRequest(payloads: readonly Payload[]): Promise<RequestBody> {
  if (payloads.length === 0) throw new Error('a request needs at least one payload');
  const blocks: Block[] = [];
  for (const { kind, encoding, body } of payloads) {
    if (kind !== 'metrics' || encoding !== 'snappy')
      throw new Error(`remote write cannot send ${kind} with encoding ${encoding}`);
    const block = readPreamble(body);
    await verifyBlock(block);
    blocks.push(block);
  }
  const [first] = payloads;
  const plainLength = blocks.reduce((sum, block) => sum + block.plainLength, 0);
  const elements = blocks.map((block) => block.elements);
  return { headers, body: payloads.length === 1 ? first!.body : joinElements(plainLength, elements) };
}

const headers = {
  'Content-Type': 'application/x-protobuf',
  'Content-Encoding': 'snappy',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
};

/** A body with a broken preamble counts with its own length; `encodeRequest` reports it. */
function plainBytes({ body }: Payload): number {
  try {
    return readPreamble(body).plainLength;
  } catch {
    return body.length;
  }
}
