// Sums the losses that Windows reports over several sessions, each of which counts from zero.
import { CounterGroup } from '../../base/counter-group.ts';
import { GrowingCounter } from '../../base/growing-counter.ts';
import type { SessionLoss } from './session.ts';

/**
 * The counts have 32 bits:
 * https://learn.microsoft.com/windows/win32/api/evntrace/ns-evntrace-event_trace_properties
 */
export class LossTotal {
  readonly #events = new GrowingCounter();
  readonly #buffers = new GrowingCounter();
  readonly #realTimeBuffers = new GrowingCounter();
  readonly #group = new CounterGroup([
    { counter: this.#events, bits: 32 },
    { counter: this.#buffers, bits: 32 },
    { counter: this.#realTimeBuffers, bits: 32 },
  ]);

  /** Sets the counts of the current session. Counts below half of the last ones come from a new session. */
  update({ events, buffers, realTimeBuffers }: SessionLoss): void {
    this.#group.add([events, buffers, realTimeBuffers]);
  }

  beginSession(): void {
    this.#group.replaceSource(undefined);
  }

  total(): SessionLoss {
    return {
      events: this.#events.total,
      buffers: this.#buffers.total,
      realTimeBuffers: this.#realTimeBuffers.total,
    };
  }
}
