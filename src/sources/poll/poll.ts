// What a poll is: a kind of observation that is read in rounds, when it is due and what it needs.
import type { Grant, PollKind } from '../grants.ts';
import type { ObservationData, ServiceRecord, Unavailability } from '../host.ts';
import type { LongLivedConnection } from './long-lived-connections.ts';

/**
 * What polls of some kinds hand to the polls after them. It is not the observation, because the columns of that belong
 * to another thread once it is pushed.
 */
export interface PollResults {
  readonly services: readonly ServiceRecord[];
  /** Names of jobs, e.g. `\Container_0123`, also of those that may not be opened. */
  readonly jobs: readonly string[];
  /** Connections of the host's own compartment that the table before had as well. */
  readonly tcp: readonly LongLivedConnection[];
}

/** The results of the last successful read of each kind; those of `Needed` are present. */
export type Results<Needed extends keyof PollResults = never> = Pick<PollResults, Needed> & Partial<PollResults>;

/** The outcome of one successful read. */
export type Reading<K extends PollKind> = {
  readonly data: ObservationData[K];
  /** Parts that are missing from `data`. */
  readonly degraded?: readonly Unavailability[];
  /** How long it took to read, if that was done before the round. */
  readonly seconds?: number;
} & (K extends keyof PollResults ? { readonly result: PollResults[K] } : unknown);

/** Rounds from one read to the next, by the outcome of the first. */
export interface Schedule {
  readonly complete: number;
  /** Parts were missing. */
  readonly degraded: number;
  /** The read threw. */
  readonly failed: number;
}

/** Reads in one round out of `rounds`, whatever the outcome. */
export function everyRounds(rounds: number): Schedule {
  return { complete: rounds, degraded: rounds, failed: rounds };
}

/** Reads in every round. */
export const EVERY_ROUND = everyRounds(1);

export interface Poll<K extends PollKind, Needed extends keyof PollResults = never> {
  readonly kind: K;
  readonly schedule: Schedule;
  /** Kinds that come earlier in the plan. The poll waits until each of them was read successfully once. */
  readonly needs?: readonly Needed[];
  /** Reported when nothing of the kind can be read. */
  readonly grant: Grant;
  /**
   * Returns undefined when there is nothing to read in this round. What it throws makes the kind unavailable in this
   * round.
   */
  read(results: Results<Needed>): Reading<K> | undefined;
  /** Undoes what reads have turned on in Windows; called once, after the last round. */
  close?(): void;
}

/** A poll of any kind. */
export type AnyPoll = { [K in PollKind]: Poll<K, keyof PollResults> }[PollKind];
