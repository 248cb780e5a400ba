// Decides whether events reported every connect since the last scan, or connects must be inferred from the TCP tables.
import type { EtwSessionRecord, Unavailability } from '../../sources/host.ts';

/** Where connects come from at the moment. */
export interface ConnectSource {
  readonly by: 'events' | 'tables';
  /** Why they do not come from events; empty if they do. */
  readonly reason: string;
}

export class EventCoverage {
  #session: EtwSessionRecord | undefined;
  #reason = 'connection events are not available';
  /** Loss counters at the last scan; undefined if the session did not run then. */
  #countersAtLastScan: string | undefined;

  /** The last state of the session, undefined before its first record. */
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
    if (this.#isRunning()) return { by: 'events', reason: '' };
    const session = this.#session;
    const reason = session?.state === 'running' ? 'the provider of TCP events is not enabled' : this.#reason;
    return { by: 'tables', reason: reason || `the event session is ${session?.state ?? 'off'}` };
  }

  /** Ends an interval between two scans. Returns true if the session ran throughout and no event was lost. */
  endInterval(): boolean {
    const now = this.#isRunning() ? this.#lossCounters() : undefined;
    const covered = now !== undefined && now === this.#countersAtLastScan;
    this.#countersAtLastScan = now;
    return covered;
  }

  #isRunning(): boolean {
    const session = this.#session;
    return session?.state === 'running' && session.providers.some((name) => /tcpip/i.test(name));
  }

  /** Changes whenever an event may have been lost. */
  #lossCounters(): string {
    const { restarts, eventsLost, buffersLost, realTimeBuffersLost, dropped } = this.#session!;
    const allDropped = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return [restarts, eventsLost, buffersLost, realTimeBuffersLost, allDropped].join();
  }
}
