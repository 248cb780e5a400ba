// What Windows lost, added up over sessions that each begin at zero.
import type { SessionLoss } from './session.ts';

const nothing: SessionLoss = { events: 0, buffers: 0, realTimeBuffers: 0 };

export class LossTotal {
  #before = nothing;
  #now = nothing;

  /** The counts of the session as they are at the moment; counts that go back belong to another session. */
  take(counts: SessionLoss): void {
    const { events, buffers, realTimeBuffers } = this.#now;
    if (counts.events < events || counts.buffers < buffers || counts.realTimeBuffers < realTimeBuffers) this.begin();
    this.#now = counts;
  }

  /** Another session begins. */
  begin(): void {
    this.#before = this.total();
    this.#now = nothing;
  }

  total(): SessionLoss {
    return {
      events: this.#before.events + this.#now.events,
      buffers: this.#before.buffers + this.#now.buffers,
      realTimeBuffers: this.#before.realTimeBuffers + this.#now.realTimeBuffers,
    };
  }
}
