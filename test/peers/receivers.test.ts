// What real receivers of remote write answer to old, repeated and mixed samples; the delivery is built on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusPackage, victoriaMetricsPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { query, storedSeries } from '../helpers/peers/promql.ts';
import { openVictoriaMetrics } from '../helpers/peers/victoria-metrics.ts';
import { encodeWriteRequest } from '../helpers/write-request.ts';

const noPrometheus = await whyNoPeer(prometheusPackage);
const noVictoriaMetrics = await whyNoPeer(victoriaMetricsPackage);
const nowMs = Date.now();

interface Row {
  readonly series: string;
  readonly value: number;
  readonly agoMs: number;
}

async function write(url: URL, rows: readonly Row[]): Promise<{ status: number; text: string }> {
  const body = encodeWriteRequest(
    rows.map(({ series, value, agoMs }) => ({
      labels: { __name__: 'peer_test', series },
      value,
      atMs: nowMs - agoMs,
    })),
  );
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  };
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: answer.status, text: (await answer.text()).trim() };
}

test('Prometheus refuses old, repeated and mixed samples with 400', { skip: noPrometheus }, async () => {
  await using prometheus = await openPrometheus();
  const send = (rows: readonly Row[]) => write(prometheus.writeUrl, rows);
  assert.equal((await send([{ series: 'a', value: 1, agoMs: 1000 }])).status, 204);

  const older = await send([{ series: 'a', value: 2, agoMs: 2000 }]);
  assert.deepEqual([older.status, /out of order/.test(older.text)], [400, true]);
  const repeated = await send([{ series: 'a', value: 3, agoMs: 1000 }]);
  assert.deepEqual([repeated.status, /duplicate sample/.test(repeated.text)], [400, true]);
  const tooOld = await send([{ series: 'b', value: 4, agoMs: 3 * 3_600_000 }]);
  assert.deepEqual([tooOld.status, /out of bounds/.test(tooOld.text)], [400, true]);

  const mixed = await send([
    { series: 'a', value: 5, agoMs: 3000 },
    { series: 'fresh', value: 6, agoMs: 0 },
  ]);
  assert.equal(mixed.status, 400);
  assert.deepEqual(await query(prometheus.server, 'peer_test{series="fresh"}', nowMs), [], 'rolled back');
  assert.equal((await send([{ series: 'fresh', value: 6, agoMs: 0 }])).status, 204);
  assert.equal((await query(prometheus.server, 'peer_test{series="fresh"}', nowMs))[0]?.value, 6);
});

test('Prometheus takes older samples within its out-of-order window', { skip: noPrometheus }, async () => {
  await using prometheus = await openPrometheus({ outOfOrderWindow: '1h' });
  const send = (rows: readonly Row[]) => write(prometheus.writeUrl, rows);
  assert.equal((await send([{ series: 'a', value: 1, agoMs: 1000 }])).status, 204);
  assert.equal((await send([{ series: 'a', value: 2, agoMs: 2000 }])).status, 204);
  const [series] = await storedSeries(prometheus.server, 'peer_test', nowMs, 60_000);
  assert.deepEqual(
    series?.samples.map(([, value]) => value),
    [2, 1],
  );
});

test('VictoriaMetrics takes samples in any order', { skip: noVictoriaMetrics }, async () => {
  await using victoriaMetrics = await openVictoriaMetrics();
  const send = (rows: readonly Row[]) => write(victoriaMetrics.writeUrl, rows);
  for (const [value, agoMs] of [
    [1, 1000],
    [2, 2000],
    [3, 3 * 3_600_000],
  ] as const)
    assert.equal((await send([{ series: 'a', value, agoMs }])).status, 204);
  await victoriaMetrics.flush();
  const [series] = await storedSeries(victoriaMetrics.server, 'peer_test', nowMs, 4 * 3_600_000);
  assert.deepEqual(
    series?.samples.map(([, value]) => value),
    [3, 2, 1],
  );
});

test('a Prometheus that was killed has the samples again after its start', { skip: noPrometheus }, async () => {
  await using prometheus = await openPrometheus();
  assert.equal((await write(prometheus.writeUrl, [{ series: 'a', value: 1, agoMs: 1000 }])).status, 204);
  await prometheus.process.kill();
  await assert.rejects(write(prometheus.writeUrl, []));
  await prometheus.process.start();
  assert.equal((await query(prometheus.server, 'peer_test', nowMs))[0]?.value, 1);
});
