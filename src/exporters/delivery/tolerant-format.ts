// Wraps a format so that a fault in it, e.g. on a broken body, does not stop the delivery.
import type { PayloadFormat } from '../payload.ts';

/** Only `encodeRequest` fails for a broken payload, which is set aside then. */
export function tolerant(format: PayloadFormat): PayloadFormat {
  return {
    encodeRequest: (payloads) => format.encodeRequest(payloads),
    plainBytes: (payload) => orElse(payload.body.byteLength, () => format.plainBytes(payload)),
    // A payload that cannot be split is dropped or set aside as a whole.
    split: (payload) => format.split(payload).catch(() => []),
    rejectionReason: (status, answer) => orElse('invalid', () => format.rejectionReason(status, answer)),
    // The request was accepted, whatever its answer says.
    rejectedCount: (answer) => orElse(0, () => Math.max(0, format.rejectedCount(answer))),
    stepDown: () => orElse(false, () => format.stepDown()),
  };
}

function orElse<T>(otherwise: T, run: () => T): T {
  try {
    return run();
  } catch {
    return otherwise;
  }
}
