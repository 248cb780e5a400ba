// Scenarios of hosts and their tapes, which do not depend on clocks or random numbers.
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { HostHeader, Observation, ObservationKind } from '../../../src/sources/host.ts';
import { recordTo } from '../../../src/sources/tape/recorder.ts';
import { aHeader } from '../observations.ts';
import type { Machine } from './machine.ts';
import { readRound } from './readings.ts';

export interface Scenario {
  /** The prefix of the goldens. */
  readonly name: string;
  /** A description of the host in one sentence. */
  readonly about: string;
  /** The machine at the start of the agent. */
  readonly machine: () => Machine;
  /** Changes ten seconds after a reading, which is five seconds before the next one. */
  readonly rounds: readonly ((machine: Machine) => void)[];
  /** Additional observations, e.g. events, before the tick of a round, counted from 0. */
  readonly extra?: (round: number, machine: Machine) => readonly ExtraReading[];
}

/** An observation of a kind that is not polled. */
export type ExtraReading = Pick<
  Extract<Observation, { kind: ObservationKind }>,
  'kind' | 'data' | 'degraded' | 'unavailable'
>;

export const INTERVAL_MS = 15_000;
const EVENT_MS = 10_000;

/** No change. */
export const quiet = (): void => {};

/** The note in the header of every tape that the machine is simulated. */
const standIn = {
  part: 'Windows',
  replacement:
    'bytes laid out after the vendor’s documentation and read by the parsers of this agent (test/helpers/hosts)',
};

function headerOf({ facts }: Machine): HostHeader {
  const { major, minor, build } = facts.version;
  return aHeader({
    os: { platform: 'windows', version: `${major}.${minor}.${build}` },
    processors: { logical: facts.groups.reduce((sum, count) => sum + count, 0), groups: facts.groups },
    bootTimeMs: aHeader().startedAtMs - facts.upForMs,
    rights: { elevated: facts.elevated, privileges: facts.privileges },
    standIns: [standIn],
  });
}

/** All observations of the scenario. */
export function observationsOf(scenario: Scenario): Observation[] {
  const machine = scenario.machine();
  const observations: Observation[] = [];
  const push = (kind: ObservationKind, outcome: object): void => {
    const { monoMs, wallMs } = machine;
    const head = {
      seq: observations.length + 1,
      tMono: monoMs,
      tWall: wallMs,
      source: 'windows',
      kind,
      seconds: 0.002,
    };
    observations.push({ ...head, ...outcome } as unknown as Observation);
  };
  const round = (number: number): void => {
    for (const [kind, reading] of readRound(machine)) {
      if ('unavailable' in reading) push(kind, reading);
      else push(kind, { data: reading.data, ...(reading.degraded.length > 0 ? { degraded: reading.degraded } : {}) });
    }
    for (const { kind, ...outcome } of scenario.extra?.(number, machine) ?? []) push(kind, outcome);
    push('tick', { data: { intervalMs: INTERVAL_MS } });
  };
  round(0);
  for (const [i, change] of scenario.rounds.entries()) {
    machine.elapse(EVENT_MS);
    change(machine);
    machine.elapse(INTERVAL_MS - EVENT_MS);
    round(i + 1);
  }
  return observations;
}

/** The tape, as the product's recorder writes it. */
export async function tapeOf(scenario: Scenario): Promise<Buffer> {
  const sink = new PassThrough();
  const bytes = buffer(sink);
  const recorder = recordTo(sink, scenario.name, headerOf(scenario.machine()));
  for (const observation of observationsOf(scenario)) recorder.write(observation);
  await recorder.close();
  const { dropped } = recorder.stats();
  if (Object.keys(dropped).length > 0)
    throw new Error(`${scenario.name}: left out of the tape: ${JSON.stringify(dropped)}`);
  return bytes;
}
