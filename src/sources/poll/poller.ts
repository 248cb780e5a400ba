// Runs the polls of a plan in rounds: reads what is due, isolates each failure and ends a round with a tick.
import { Activity } from '../activity.ts';
import type { PollKind } from '../grants.ts';
import type { Observation, ObservationData, ObservationKind, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import { columnBuffers } from './column-buffers.ts';
import type { AnyPoll, PollResults, Results } from './poll.ts';

/** Takes one observation. The memory in `transfer` may be moved to another thread. */
export type PushObservation = (observation: Observation, transfer: ArrayBuffer[]) => void;

export interface PollClock {
  /** Milliseconds on the monotonic clock that all threads share. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
}

export interface PollerOptions {
  /** In the order in which a round runs them. */
  readonly polls: readonly AnyPoll[];
  /** Planned time between two rounds; the tick carries it. */
  readonly intervalMs: number;
  readonly clock: PollClock;
  /** Shows which kind is read. */
  readonly activity?: Activity;
  readonly push: PushObservation;
}

type Outcome =
  | {
      readonly data: ObservationData[ObservationKind];
      readonly degraded?: readonly Unavailability[];
      readonly seconds?: number;
    }
  | { readonly unavailable: Unavailability };

export class Poller {
  readonly #options: PollerOptions;
  readonly #activity: Activity;
  readonly #results: Partial<PollResults> = {};
  /** Round in which each kind is due next; kinds that are not in the map are due now. */
  readonly #dueRounds = new Map<PollKind, number>();
  #round = 0;
  #seq = 0;

  /** Throws when a poll needs a kind that does not come before it, because it would never run or see old results. */
  constructor(options: PollerOptions) {
    const earlier = new Set<string>();
    for (const { kind, needs } of options.polls) {
      const missing = needs?.find((need) => !earlier.has(need));
      if (missing !== undefined) throw new Error(`the poll ${kind} needs ${missing}, which must come before it`);
      earlier.add(kind);
    }
    this.#options = options;
    this.#activity = options.activity ?? new Activity();
  }

  /** Runs one round and returns the number of its tick. */
  round(): number {
    for (const poll of this.#options.polls) if (this.#isDue(poll)) this.#run(poll);
    this.#round++;
    const { clock, intervalMs } = this.#options;
    this.#push('tick', clock.monotonicMs(), { data: { intervalMs } });
    return this.#seq;
  }

  /** Ends every poll, after the last round; one that throws does not keep the others. */
  close(): void {
    for (const poll of this.#options.polls) {
      try {
        poll.close?.();
      } catch {
        // The observations of the agent have ended, so there is no place for a report.
      }
    }
  }

  #isDue({ kind, needs = [] }: AnyPoll): boolean {
    return (this.#dueRounds.get(kind) ?? 0) <= this.#round && needs.every((need) => this.#results[need] !== undefined);
  }

  #run(poll: AnyPoll): void {
    const startedAtMs = this.#options.clock.monotonicMs();
    const outcome = this.#read(poll);
    if (outcome) this.#push(poll.kind, startedAtMs, outcome);
  }

  #read(poll: AnyPoll): Outcome | undefined {
    const { kind, schedule, grant } = poll;
    try {
      // The needs were checked when the poll was found due, which the type of the union cannot express.
      const reading = this.#activity.during(`the reading of ${kind}`, () =>
        poll.read(this.#results as Results<keyof PollResults>),
      );
      if (!reading) return undefined;
      const { data, degraded = [], seconds } = reading;
      if ('result' in reading) Object.assign(this.#results, { [kind]: reading.result });
      const isComplete = degraded.length === 0;
      this.#dueRounds.set(kind, this.#round + (isComplete ? schedule.complete : schedule.degraded));
      return {
        data,
        ...(isComplete ? {} : { degraded }),
        ...(seconds === undefined ? {} : { seconds }),
      };
    } catch (error) {
      this.#dueRounds.set(kind, this.#round + schedule.failed);
      return { unavailable: unavailability(kind, error, grant) };
    }
  }

  #push(kind: ObservationKind, startedAtMs: number, outcome: Outcome): void {
    const { clock, push } = this.#options;
    const tMono = clock.monotonicMs();
    const seconds = (tMono - startedAtMs) / 1000;
    const head = { seq: ++this.#seq, tMono, tWall: clock.wallMs(), source: 'windows', kind, seconds };
    // TypeScript cannot follow a kind through the mapped union; the poll of each kind is typed.
    push({ ...head, ...outcome } as unknown as Observation, 'data' in outcome ? columnBuffers(outcome.data) : []);
  }
}
