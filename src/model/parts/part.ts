// A part of the host model: the observations that it applies, and its actions in a tick.
import type { Observation, ObservationKind, Unavailability } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { Phase } from './phases.ts';

/** An observation of these kinds that carries data. */
export type Available<K extends ObservationKind = ObservationKind> = Extract<
  Observation,
  { readonly kind: K; readonly unavailable?: undefined }
>;

export interface Part {
  /** Several parts may apply the same kind. */
  readonly kinds: readonly ObservationKind[];
  apply(observation: Available): void;
  /** The reading failed; a part without this keeps the data of the last one. */
  fail?(reason: Unavailability): void;
  readonly tick?: TickActions;
}

/** What a part does in the phases of a tick. */
export type TickActions = { readonly [P in Phase]?: (now: Now) => void };

/** A part that applies observations of these kinds. */
export function partFor<K extends ObservationKind>(
  kinds: readonly K[],
  apply: (observation: Available<K>) => void,
  more: Pick<Part, 'fail' | 'tick'> = {},
): Part {
  return {
    kinds,
    apply: (observation) => {
      if (isOneOf(observation, kinds)) apply(observation);
    },
    ...more,
  };
}

function isOneOf<K extends ObservationKind>(observation: Available, kinds: readonly K[]): observation is Available<K> {
  return (kinds as readonly ObservationKind[]).includes(observation.kind);
}
