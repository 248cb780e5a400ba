// Compares what killed agents printed with what the server accepted, by the server's own count.
import assert from 'node:assert/strict';
import type { CorootCollector } from '../helpers/coroot-collector.ts';
import { numberOf } from './numbered-pass.ts';

export interface Round {
  readonly lines: readonly string[];
  readonly killed: boolean;
}

export interface AcceptedRequest {
  readonly round: number;
  /** One text for each sample: its series and its time. */
  readonly samples: readonly string[];
  /** Of its passes, in growing order. */
  readonly numbers: readonly number[];
}

/** In the order in which the server accepted them. */
export function acceptedRequests({ metrics, requests }: CorootCollector): AcceptedRequest[] {
  const accepted = requests.filter(({ path, status }) => path === '/v1/metrics' && status === 200);
  return accepted.map(({ headers }, at) => {
    const { timeseries } = metrics[at]!;
    const samples = timeseries.flatMap(({ labels, samples: values }) =>
      values.map(({ timestamp }) => `${labels.map(({ name, value }) => `${name}=${value}`).join(',')} @${timestamp}`),
    );
    const times = new Set(
      timeseries.flatMap(({ samples: values }) => values.map(({ timestamp }) => Number(timestamp))),
    );
    const numbers = [...times].map(numberOf).sort((a, b) => a - b);
    return { round: Number(headers['x-round']), samples, numbers };
  });
}

const numbersIn = ({ lines }: Round, step: string): number[] =>
  lines.filter((line) => line.startsWith(`${step} `)).map((line) => Number(line.split(' ')[1]));

/** All rounds, of which the last one was not killed and left an empty spool. */
export function checkRequests(rounds: readonly Round[], requests: readonly AcceptedRequest[]): void {
  const accepted = new Map<string, number>();
  const samplesOf = new Map<number, Set<string>>();
  for (const { samples } of requests)
    for (const sample of samples) {
      accepted.set(sample, (accepted.get(sample) ?? 0) + 1);
      const number = numberOf(Number(sample.slice(sample.lastIndexOf('@') + 1)));
      samplesOf.set(number, (samplesOf.get(number) ?? new Set()).add(sample));
    }
  for (const [at, round] of rounds.entries()) checkRound(round, at, samplesOf);
  checkOrder(rounds, requests);
}

function checkRound(round: Round, at: number, samplesOf: ReadonlyMap<number, ReadonlySet<string>>): void {
  for (const line of round.lines.filter((each) => each.startsWith('spooled '))) {
    const [number, samples] = line.split(' ').slice(1).map(Number) as [number, number];
    assert.equal(samplesOf.get(number)?.size, samples, `pass ${number}, spooled in round ${at}`);
  }
  // Passes are spooled in order: only the last one of a killed process may be missing.
  const lost = numbersIn(round, 'pass').filter((number) => !samplesOf.has(number));
  const allowed = round.killed ? numbersIn(round, 'pass').slice(-1) : [];
  assert.deepEqual(
    lost.filter((number) => !allowed.includes(number)),
    [],
    `lost in round ${at}`,
  );
}

/** Times grow; only the first request of a round may repeat passes, those of the request before it. */
function checkOrder(rounds: readonly Round[], requests: readonly AcceptedRequest[]): void {
  let highest = 0;
  let before: AcceptedRequest | undefined;
  for (const request of requests) {
    const { round, numbers } = request;
    const message = `passes ${numbers.join(' ')} in round ${round} after ${before?.numbers.join(' ')}`;
    const repeated = numbers.filter((number) => number <= highest);
    if (repeated.length > 0) {
      assert.notEqual(round, before!.round, `repeated in the same round: ${message}`);
      const removed = rounds.slice(0, round).flatMap((each) => numbersIn(each, 'removed'));
      assert.deepEqual(
        repeated.filter((number) => removed.includes(number) || !before!.numbers.includes(number)),
        [],
        `repeated, but not in flight at the kill: ${message}`,
      );
    }
    assert.ok(before === undefined || round >= before.round, message);
    assert.equal(new Set(request.samples).size, request.samples.length, `a sample twice in one request: ${message}`);
    highest = Math.max(highest, ...numbers);
    before = request;
  }
}
