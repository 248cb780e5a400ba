// A destination against a real Prometheus: order, refused samples, restarts, and the Coroot collector between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import type { Destination } from '../../src/exporters/delivery/destination.ts';
import type { Payload } from '../../src/exporters/payload.ts';
import { remoteWriteFormat } from '../../src/exporters/remote-write/format.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { createDestination } from '../helpers/delivery.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { storedSeries } from '../helpers/peers/promql.ts';
import { createTransport } from '../helpers/receiver.ts';
import { encodeWriteRequest } from '../helpers/write-request.ts';

const skip = await whyNoPeer(prometheusPackage);
const nowMs = Date.now();
const HOUR_MS = 3_600_000;

/** A payload with one sample of each series, all of one time. */
function payloadOf(agoMs: number, values: Readonly<Record<string, number>>): Payload {
  const atMs = nowMs - agoMs;
  const rows = Object.entries(values).map(([series, value]) => ({
    labels: { __name__: 'delivered', series },
    value,
    atMs,
  }));
  return {
    kind: 'metrics',
    encoding: 'snappy',
    count: rows.length,
    oldestMs: atMs,
    newestMs: atMs,
    body: encodeWriteRequest(rows),
  };
}

function destinationTo(url: URL): Destination {
  const { transport } = createTransport({});
  return createDestination(undefined, { url, transport, format: remoteWriteFormat }).destination;
}

/** The stored samples by series, as milliseconds before now and value. */
async function stored(server: URL): Promise<Record<string, (readonly number[])[]>> {
  const series = await storedSeries(server, 'delivered', nowMs, 4 * HOUR_MS);
  return Object.fromEntries(
    series.map(({ labels, samples }) => [labels.series, samples.map(([atMs, value]) => [nowMs - atMs, value])]),
  );
}

test('delivers an hour of passes in order, many in one request', { skip }, async () => {
  await using prometheus = await openPrometheus();
  const destination = destinationTo(prometheus.writeUrl);
  for (let pass = 0; pass < 240; pass++) await destination.add(payloadOf(HOUR_MS - pass * 15_000, { a: pass, b: 1 }));
  assert.equal((await destination.flush()).delivered, true);
  const { a, b } = await stored(prometheus.server);
  assert.deepEqual(
    a,
    Array.from({ length: 240 }, (_, pass) => [HOUR_MS - pass * 15_000, pass]),
  );
  assert.equal(b?.length, 240);
  const { totals } = destination.status();
  assert.equal(totals.delivered.items, 480);
  assert.equal(totals.requests.success, 4, 'at most 64 payloads in a request');
  await destination.stop(1000);
});

test('drops only the samples that Prometheus refuses, by reason, and keeps the others', { skip }, async () => {
  await using prometheus = await openPrometheus();
  const other = destinationTo(prometheus.writeUrl);
  await other.add(payloadOf(1000, { shared: 1 }));
  assert.equal((await other.flush()).delivered, true);
  await other.stop(1000);

  const destination = destinationTo(prometheus.writeUrl);
  await destination.add(payloadOf(3 * HOUR_MS, { ancient: 2, older: 2 }));
  await destination.add(payloadOf(60_000, { own: 3, shared: 3, third: 3 }));
  await destination.add(payloadOf(1000, { own: 4, shared: 4 }));
  await destination.add(payloadOf(0, { own: 5, shared: 5 }));
  assert.equal((await destination.flush()).delivered, true);
  const { totals, queuedPayloads } = destination.status();
  const dropped = Object.fromEntries(Object.entries(totals.dropped).map(([reason, { items }]) => [reason, items]));
  assert.deepEqual(dropped, { too_old: 2, out_of_order: 1, duplicate: 1 });
  assert.equal(totals.delivered.items, 5);
  assert.equal(totals.produced.items, 9);
  assert.equal(queuedPayloads, 0);
  assert.deepEqual(await stored(prometheus.server), {
    own: [
      [60_000, 3],
      [1000, 4],
      [0, 5],
    ],
    shared: [
      [1000, 1],
      [0, 5],
    ],
    third: [[60_000, 3]],
  });
  await destination.stop(1000);
});

test('holds the queue while Prometheus is away, and delivers it after its restart', { skip }, async () => {
  await using prometheus = await openPrometheus();
  const destination = destinationTo(prometheus.writeUrl);
  await destination.add(payloadOf(30_000, { a: 1 }));
  assert.equal((await destination.flush()).delivered, true);
  await prometheus.process.kill();
  await destination.add(payloadOf(15_000, { a: 2 }));
  await destination.add(payloadOf(0, { a: 3 }));
  const { delivered, outcome } = await destination.flush();
  assert.deepEqual([delivered, outcome?.kind], [false, 'retryable']);
  await prometheus.process.start();
  assert.equal((await destination.flush()).delivered, true);
  assert.deepEqual(await stored(prometheus.server), {
    a: [
      [30_000, 1],
      [15_000, 2],
      [0, 3],
    ],
  });
  await destination.stop(1000);
});

test('sends through a Coroot collector, whose 200 hides what its Prometheus refuses', { skip }, async () => {
  await using prometheus = await openPrometheus();
  await using collector = await CorootCollector.open({ keys: ['right'], prometheus: prometheus.writeUrl });
  const url = new URL('/v1/metrics', collector.url);
  const { transport } = createTransport({ apiKey: 'right' });
  const { destination } = createDestination(undefined, { url, transport, format: remoteWriteFormat });
  await destination.add(payloadOf(15_000, { a: 1 }));
  assert.equal((await destination.flush()).delivered, true);

  collector.keys.clear();
  await destination.add(payloadOf(10_000, { a: 2 }));
  const { delivered, outcome } = await destination.flush();
  assert.deepEqual([delivered, outcome?.kind, outcome?.status], [false, 'refused', 404]);
  assert.match(destination.status().problem, /unknown key/);
  assert.equal(destination.status().queuedItems, 1, 'a wrong key costs no data');
  collector.keys.add('right');
  assert.equal((await destination.flush()).delivered, true);

  await destination.add(payloadOf(12_000, { a: 3 }));
  assert.equal((await destination.flush()).delivered, true);
  assert.equal(collector.refusedMetrics.length, 1);
  assert.deepEqual(await stored(prometheus.server), {
    a: [
      [15_000, 1],
      [10_000, 2],
    ],
  });
  assert.equal(destination.status().totals.delivered.items, 3);
  await destination.stop(1000);
});

test('repeats a request whose answer was cut off, and Prometheus stores it once', { skip }, async () => {
  await using prometheus = await openPrometheus();
  await using collector = await CorootCollector.open({ prometheus: prometheus.writeUrl });
  const destination = destinationTo(new URL('/v1/metrics', collector.url));
  collector.faults.set('/v1/metrics', { kind: 'cut', when: 'after', times: 1 });
  await destination.add(payloadOf(0, { a: 1 }));
  assert.equal((await destination.flush()).delivered, false);
  assert.equal((await destination.flush()).delivered, true);
  assert.equal(collector.requests.length, 2);
  assert.deepEqual(await stored(prometheus.server), { a: [[0, 1]] });
  await destination.stop(1000);
});
