// The state of each kind of reading: last success, failures, current problems.
import type { Observation, ObservationKind, Unavailability } from '../sources/host.ts';

export interface Reading {
  readonly kind: ObservationKind;
  readings: number;
  failures: number;
  /** Milliseconds since 1970, 0 if there was none. */
  lastGoodAtMs: number;
  /** Duration of the last reading. */
  seconds: number;
  /** The last attempt failed: the model has older data. */
  stale: boolean;
  problems: readonly Unavailability[];
}

export class Readings {
  readonly #byKind = new Map<ObservationKind, Reading>();

  /** Returns the problems that the last attempt did not have, so that each is reported once. */
  update(observation: Observation): readonly Unavailability[] {
    const before = this.#byKind.get(observation.kind);
    const problems = observation.unavailable ? [observation.unavailable] : (observation.degraded ?? []);
    const failed = observation.unavailable !== undefined;
    this.#byKind.set(observation.kind, {
      kind: observation.kind,
      readings: (before?.readings ?? 0) + 1,
      failures: (before?.failures ?? 0) + (failed ? 1 : 0),
      lastGoodAtMs: failed ? (before?.lastGoodAtMs ?? 0) : observation.tWall,
      seconds: observation.seconds,
      stale: failed,
      problems,
    });
    return problems.filter(
      (problem) => !before?.problems.some((old) => old.part === problem.part && old.reason === problem.reason),
    );
  }

  of(kind: ObservationKind): Reading | undefined {
    return this.#byKind.get(kind);
  }

  all(): Reading[] {
    return [...this.#byKind.values()];
  }
}
