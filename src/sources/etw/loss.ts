// Sums the losses that Windows reports over several sessions, each of which counts from zero.
import type { SessionLoss } from './session.ts';

const NONE: SessionLoss = { events: 0, buffers: 0, realTimeBuffers: 0 };

export class LossTotal {
  #previousSessions = NONE;
  #currentSession = NONE;

  /** Sets the counts of the current session. Counts that decrease come from a new session. */
  update(counts: SessionLoss): void {
    const { events, buffers, realTimeBuffers } = this.#currentSession;
    if (counts.events < events || counts.buffers < buffers || counts.realTimeBuffers < realTimeBuffers)
      this.beginSession();
    this.#currentSession = counts;
  }

  beginSession(): void {
    this.#previousSessions = this.total();
    this.#currentSession = NONE;
  }

  total(): SessionLoss {
    return {
      events: this.#previousSessions.events + this.#currentSession.events,
      buffers: this.#previousSessions.buffers + this.#currentSession.buffers,
      realTimeBuffers: this.#previousSessions.realTimeBuffers + this.#currentSession.realTimeBuffers,
    };
  }
}
