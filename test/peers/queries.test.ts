// Prometheus and VictoriaMetrics take replayed hosts, keep every sample, and evaluate Coroot's queries as expected.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { prometheusPackage, victoriaMetricsPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { catalogue, type MetricDefinition } from '../../src/collectors/catalogue.ts';
import type { RequestBody } from '../../src/exporters/payload.ts';
import { remoteWriteFormat } from '../../src/exporters/remote-write/format.ts';
import type { HostHeader, Observation } from '../../src/sources/host.ts';
import { openTape } from '../../src/sources/tape/read-tape.ts';
import { containerHost } from '../helpers/hosts/container-host.ts';
import { gpuServer } from '../helpers/hosts/gpu-server.ts';
import { iisAndSql } from '../helpers/hosts/iis-and-sql.ts';
import { observationsOf, type Scenario } from '../helpers/hosts/scenario.ts';
import { aHeader } from '../helpers/observations.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { query, storedSeries } from '../helpers/peers/promql.ts';
import { openVictoriaMetrics } from '../helpers/peers/victoria-metrics.ts';
import { corootQueries } from '../helpers/promql/coroot-queries.ts';
import { History, type RateRule } from '../helpers/promql/history.ts';
import { labelKey, type Vector } from '../helpers/promql/vector.ts';
import { type DeliveredPass, passesUntilNow } from '../helpers/tape-passes.ts';

interface Replay {
  readonly name: string;
  readonly stepMs: number;
  read(): Promise<{ header: HostHeader; observations: readonly Observation[] }>;
}

const scenario = (host: Scenario): Replay => ({
  name: host.name,
  stepMs: 15_000,
  read: async () => ({ header: aHeader(), observations: observationsOf(host) }),
});

const replays: readonly Replay[] = [
  {
    name: 'demo tape',
    stepMs: 5_000,
    read: async () => {
      await using tape = await openTape('docs/demo/shop.tape.gz');
      const observations: Observation[] = [];
      for await (const observation of tape.observations) observations.push(observation);
      return { header: tape.header, observations };
    },
  },
  scenario(containerHost),
  scenario(gpuServer),
  scenario(iisAndSql),
];

interface Receiver extends AsyncDisposable {
  readonly server: URL;
  readonly writeUrl: URL;
  flush?(): Promise<void>;
}

interface Peer {
  readonly rule: RateRule;
  readonly skip: string | false;
  open(): Promise<Receiver>;
}

const peers: readonly Peer[] = [
  { rule: 'prometheus', skip: await whyNoPeer(prometheusPackage), open: () => openPrometheus() },
  { rule: 'victoria-metrics', skip: await whyNoPeer(victoriaMetricsPackage), open: openVictoriaMetrics },
];

const replayed = new Map<Replay, Promise<readonly DeliveredPass[]>>();
const passesOf = (replay: Replay): Promise<readonly DeliveredPass[]> => {
  const passes =
    replayed.get(replay) ?? replay.read().then(({ header, observations }) => passesUntilNow(header, observations));
  replayed.set(replay, passes);
  return passes;
};

/** The labels that the agent adds: facts of the reference agent, computed apart from the encoder. */
function agentLabels(passes: readonly DeliveredPass[]): { job: string; instance: string } {
  const { families } = passes[0]!;
  const { machine_id = '', system_uuid = '' } = families.find(({ name }) => name === 'node_info')!.samples[0]!.labels;
  const uuid = system_uuid.replaceAll('-', '').toUpperCase();
  const hash = createHash('md5').update(`${machine_id}${uuid}`).digest('hex');
  return { job: 'coroot-node-agent', instance: uuid === '' || uuid === machine_id ? machine_id : hash };
}

async function send(url: URL, { headers, body }: RequestBody): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  assert.equal(answer.status, 204, await answer.text());
}

/** Sends the first passes one by one and the rest merged, as after an outage. */
async function deliver(url: URL, passes: readonly DeliveredPass[]): Promise<void> {
  const payloads = passes.map(({ payload }) => payload);
  for (const payload of payloads.slice(0, 3)) await send(url, await remoteWriteFormat.encodeRequest([payload]));
  await send(url, await remoteWriteFormat.encodeRequest(payloads.slice(3)));
}

/** VictoriaMetrics keeps about 12 digits, and the servers add floating-point numbers in an order of their own. */
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

function assertSame(actual: Vector, expected: Vector, message: string): void {
  const values = new Map(expected.map(({ labels, value }) => [labelKey(labels), value]));
  assert.deepEqual(actual.map(({ labels }) => labelKey(labels)).sort(), [...values.keys()].sort(), message);
  for (const { labels, value } of actual) {
    const wanted = values.get(labelKey(labels))!;
    assert.ok(isClose(value, wanted), `${message}: ${labelKey(labels)} is ${value}, not ${wanted}`);
  }
}

/** Families of queries with a result, of all replays. */
const answered = new Set<string>();

for (const { rule, skip, open } of peers)
  for (const replay of replays)
    test(`${rule} keeps all samples of ${replay.name} and answers Coroot's queries`, { skip }, async () => {
      const passes = await passesOf(replay);
      await using peer = await open();
      await deliver(peer.writeUrl, passes);
      await peer.flush?.();
      const history = new History(passes, agentLabels(passes));
      const lastMs = passes.at(-1)!.atMs;

      const stored = await storedSeries(peer.server, '{job="coroot-node-agent"}', lastMs, lastMs - passes[0]!.atMs + 1);
      assert.equal(stored.length, history.size);
      const samplesOf = new Map(stored.map(({ labels, samples }) => [labelKey(labels), samples]));
      for (const { name, labels, samples } of history.series()) {
        const kept = samplesOf.get(labelKey({ ...labels, __name__: name })) ?? [];
        const isSame = ([atMs, value]: readonly [number, number], i: number): boolean =>
          atMs === samples[i]?.atMs && isClose(value, samples[i].value);
        assert.ok(kept.length === samples.length && kept.every(isSame), `${name} ${labelKey(labels)}`);
      }

      const rangeMs = 3 * replay.stepMs;
      const times = [lastMs, passes[Math.floor(passes.length / 2)]!.atMs, lastMs - Math.round(replay.stepMs / 3)];
      for (const atMs of times)
        for (const { metric, promql, expected } of corootQueries) {
          const results = await query(peer.server, promql.replaceAll('$RANGE', `${rangeMs / 1000}s`), atMs);
          const unnamed = results.map(({ labels: { __name__: _name, ...labels }, value }) => ({ labels, value }));
          const wanted = expected({
            latest: (name) => history.latest(name, atMs),
            rate: (name) => history.rate(name, atMs, rangeMs, rule),
          });
          assertSame(unnamed, wanted, `${promql} at ${atMs - lastMs} ms`);
          if (unnamed.length > 0) answered.add(metric);
        }

      const [info] = await query(peer.server, `timestamp(node_info) - ${passes[0]!.atMs / 1000}`, lastMs);
      assert.ok(Math.abs(info!.value - (lastMs - passes[0]!.atMs) / 1000) < 0.001);
    });

test('every family that Coroot reads is emitted by one of the hosts', { skip: peers.some(({ skip }) => skip) }, () => {
  const families = new Set(Object.values<MetricDefinition>(catalogue).map(({ name }) => name));
  const silent = corootQueries.filter(({ metric }) => !answered.has(metric)).map(({ metric }) => metric);
  assert.deepEqual(silent, []);
  for (const { metric } of corootQueries) assert.ok(metric === 'up' || families.has(metric), metric);
});
