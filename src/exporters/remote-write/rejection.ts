// Recognises why a receiver of remote write rejects samples, by the texts of its answer.
import type { RejectionReason } from '../payload.ts';

/**
 * - Prometheus, Thanos, VictoriaMetrics: errors of storage/interface.go in Prometheus' repository.
 * - Grafana Mimir: ids of pkg/util/globalerror and their texts. Cortex: pkg/ingester and pkg/util/validation.
 * - Amazon Managed Service for Prometheus: "Common ingestion errors" of its user guide.
 */
const texts: readonly (readonly [RejectionReason, RegExp])[] = [
  ['out_of_order', /out[ -]of[ -]order[ -]sample|sample[ -](?:timestamp[ -])?out[ -]of[ -]order/i],
  ['too_old', /out of bounds|too[ -]old|too[ -]far[ -]in[ -](?:the[ -])?past/i],
  [
    'duplicate',
    /duplicate[ -](?:sample|timestamp)|different value but same timestamp|repeated timestamp but different value/i,
  ],
  ['too_large', /too big (?:un)?packed request|request body too large|max-write-message-size|block is too large/i],
];

/** The reason that the answer mentions first: labels of the rejected series follow it and may have any text. */
export function rejectionReason(status: number, answer: string): RejectionReason {
  if (status === 413) return 'too_large';
  let found: RejectionReason = 'invalid';
  let foundAt = Number.POSITIVE_INFINITY;
  for (const [reason, pattern] of texts) {
    const at = answer.search(pattern);
    if (at < 0 || at >= foundAt) continue;
    found = reason;
    foundAt = at;
  }
  return found;
}
