// Whether events have told every connect since the last look, or the tables must stand in for them.
import type { EtwSessionRecord, Unavailability } from '../../sources/host.ts';

/** How connects are known at the moment. */
export interface ConnectSource {
  readonly by: 'events' | 'tables';
  /** Why not by events; empty when they are. */
  readonly reason: string;
}

export class EventCoverage {
  #session: EtwSessionRecord | undefined;
  #reason = 'there are no events of connections here';
  /** What was true at the last look; undefined when events did not run then. */
  #atLastLook: string | undefined;

  /** The session as it stands, undefined before its first word. */
  get session(): EtwSessionRecord | undefined {
    return this.#session;
  }

  update(session: EtwSessionRecord): void {
    this.#session = session;
    this.#reason = session.reason;
  }

  setUnavailable({ reason }: Unavailability): void {
    this.#session = undefined;
    this.#reason = reason;
  }

  get source(): ConnectSource {
    if (this.#runs()) return { by: 'events', reason: '' };
    const session = this.#session;
    const reason = session?.state === 'running' ? 'the provider of TCP events is not enabled' : this.#reason;
    return { by: 'tables', reason: reason || `the event session is ${session?.state ?? 'off'}` };
  }

  /** Ends a look: true when events ran all the time since the one before, and none was lost. */
  look(): boolean {
    const now = this.#runs() ? this.#state() : undefined;
    const covered = now !== undefined && now === this.#atLastLook;
    this.#atLastLook = now;
    return covered;
  }

  #runs(): boolean {
    const session = this.#session;
    return session?.state === 'running' && session.providers.some((name) => /tcpip/i.test(name));
  }

  /** Changes whenever an event may have gone by unseen. */
  #state(): string {
    const { restarts, eventsLost, buffersLost, realTimeBuffersLost, dropped } = this.#session!;
    const left = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return [restarts, eventsLost, buffersLost, realTimeBuffersLost, left].join();
  }
}
