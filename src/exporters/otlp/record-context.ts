// Context of a record on its way through the SDK to the processor.
import type { Context, SpanContext } from '@opentelemetry/api';

/**
 * Carries what the SDK would check and copy at a high cost (attributes, a weak set for each value), or leave out (a
 * span context with one id). The processor adds it to the record. Other values of a context are not needed.
 */
export class RecordContext implements Context {
  readonly attributes: Readonly<Record<string, string>>;
  readonly spanContext: SpanContext | undefined;

  constructor(attributes: Readonly<Record<string, string>>, spanContext: SpanContext | undefined) {
    this.attributes = attributes;
    this.spanContext = spanContext;
  }

  getValue(): undefined {
    return undefined;
  }

  setValue(): this {
    return this;
  }

  deleteValue(): this {
    return this;
  }
}
