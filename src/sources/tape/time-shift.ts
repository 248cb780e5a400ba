// Moves the wall times of a tape, so that a recorded host appears to run now.
import type { HostHeader, Observation } from '../host.ts';
import type { Field } from '../records/field.ts';
import { KINDS } from '../records/kinds.ts';
import { hostHeader } from '../records/run.ts';

/**
 * Moves every wall time of an observation by `ms`: of its head, of events, of the creation of processes. So all times
 * keep their distances. Monotonic times and the times inside undecoded events stay as they are.
 */
export function shiftObservation(recorded: Observation, ms: number): Observation {
  const shifted = { ...recorded, tWall: recorded.tWall + ms };
  if (shifted.data === undefined) return shifted;
  // The type ties data to its kind; the compiler does not see that they match.
  const { shiftTimes } = KINDS[shifted.kind] as Field<unknown>;
  return shiftTimes ? ({ ...shifted, data: shiftTimes(shifted.data, ms) } as Observation) : shifted;
}

/** Moves the wall times of a header by `ms`. */
export function shiftHeader(recorded: HostHeader, ms: number): HostHeader {
  return hostHeader.shiftTimes!(recorded, ms);
}
