// Sends the observations of a round in few messages: each message wakes the main thread.
import type { Observation, ObservationKind } from '../host.ts';
import type { PushObservation } from './poller.ts';

/**
 * Sent at once, with those before them: the model compares lists of processes and connections with events, which arrive
 * on another way. The tick ends the round.
 */
const SENT_AT_ONCE: ReadonlySet<ObservationKind> = new Set(['processes', 'tcp', 'tick']);

/** Collects observations; `send` gets them in their order, with the memory that may be moved to another thread. */
export function batchObservations(
  send: (observations: readonly Observation[], transfer: ArrayBuffer[]) => void,
): PushObservation {
  let waiting: Observation[] = [];
  let memory: ArrayBuffer[] = [];
  return (observation, transfer) => {
    waiting.push(observation);
    memory.push(...transfer);
    if (!SENT_AT_ONCE.has(observation.kind)) return;
    const [observations, moved] = [waiting, memory];
    waiting = [];
    memory = [];
    send(observations, moved);
  };
}
