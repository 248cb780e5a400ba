// The double of a Coroot collector keeps the rules of the real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { prometheusPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { CorootCollector } from '../helpers/coroot-collector.ts';
import { openPrometheus } from '../helpers/peers/prometheus.ts';
import { encodeWriteRequest } from '../helpers/write-request.ts';

const metrics = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
const noPrometheus = await whyNoPeer(prometheusPackage);
const nowMs = Date.now();

/** One log record with the body `hi`, encoded by hand: field and wire type, length, content. */
const logs = Buffer.from([0x0a, 0x0a, 0x12, 0x08, 0x12, 0x06, 0x2a, 0x04, 0x0a, 0x02, 0x68, 0x69]);

function body(atMs = nowMs): Buffer<ArrayBuffer> {
  return Buffer.from(encodeWriteRequest([{ labels: { __name__: 'up', job: 'test' }, value: 1, atMs }]));
}

async function post(
  collector: CorootCollector,
  path: string,
  content: Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<number> {
  const answer = await fetch(new URL(path, collector.url), { method: 'POST', body: content, headers });
  await answer.arrayBuffer();
  return answer.status;
}

test('an unknown, missing or rotated key is answered with 404 on every route', async () => {
  await using collector = await CorootCollector.open({ keys: ['secret'] });
  for (const path of ['/v1/metrics', '/v1/logs', '/v1/traces', '/v1/profiles', '/v1/config'])
    for (const key of [{}, { 'x-api-key': 'other' }])
      assert.equal(await post(collector, path, body(), { ...metrics, ...key }), 404, path);
  assert.equal(await post(collector, '/v1/metrics', body(), { ...metrics, 'x-api-key': 'secret' }), 200);
  collector.keys.clear();
  assert.equal(await post(collector, '/v1/metrics', body(), { ...metrics, 'x-api-key': 'secret' }), 404);
  assert.equal(collector.metrics.length, 1);
});

test('metrics need exactly the content type and encoding of remote write 1.0 and a valid body', async () => {
  await using collector = await CorootCollector.open();
  const write = (changes: Record<string, string>, content = body()): Promise<number> =>
    post(collector, '/v1/metrics', content, { ...metrics, ...changes });
  assert.equal(await write({ 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }), 400);
  assert.equal(await write({ 'content-encoding': 'gzip' }), 400);
  assert.equal(await write({}, Buffer.from('garbage')), 400);
  assert.equal(await write({}), 200);
  assert.deepEqual(collector.metrics, [
    {
      timeseries: [
        {
          labels: [
            { name: '__name__', value: 'up' },
            { name: 'job', value: 'test' },
          ],
          samples: [{ value: 1, timestamp: String(nowMs) }],
        },
      ],
      metadata: [],
    },
  ]);
});

test('logs are taken plain, gzip, deflate and zstd, as protobuf only', async () => {
  await using collector = await CorootCollector.open();
  const send = (content: Buffer<ArrayBuffer>, encoding?: string, type = 'application/x-protobuf'): Promise<number> =>
    post(collector, '/v1/logs', content, {
      'content-type': type,
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    });
  assert.equal(await send(logs), 200);
  assert.equal(await send(gzipSync(logs), 'gzip'), 200);
  assert.equal(await send(deflateSync(logs), 'deflate'), 200);
  assert.equal(await send(zstdCompressSync(logs), 'zstd'), 200);
  assert.equal(await send(logs, 'br'), 400);
  assert.equal(await send(logs, 'gzip'), 400);
  assert.equal(await send(logs, undefined, 'application/json'), 400);
  const bodies = collector.logs.map(({ resourceLogs }) => resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!.body);
  assert.deepEqual(bodies, Array(4).fill({ stringValue: 'hi' }));
});

test('profiles need a service name, and neither logs nor profiles are taken without ClickHouse', async () => {
  await using collector = await CorootCollector.open();
  // One sample with the value 7.
  const profile = Buffer.from([0x12, 0x03, 0x12, 0x01, 0x07]);
  assert.equal(await post(collector, '/v1/profiles', profile), 400);
  assert.equal(await post(collector, '/v1/profiles?service.name=shop&pid=4', profile), 200);
  assert.equal(await post(collector, '/v1/profiles?service.name=shop', gzipSync(profile)), 200);
  assert.equal(await post(collector, '/v1/profiles?service.name=shop', Buffer.from('garbage')), 400);
  assert.deepEqual(
    collector.profiles.map(({ service, labels, profile: { sample } }) => [service, String(labels), sample[0]!.value]),
    [
      ['shop', 'pid=4', ['7']],
      ['shop', '', ['7']],
    ],
  );
  await using small = await CorootCollector.open({ clickhouse: false });
  assert.equal(await post(small, '/v1/profiles?service.name=shop', profile), 404);
  assert.equal(await post(small, '/v1/logs', logs, { 'content-type': 'application/x-protobuf' }), 404);
});

test('a Prometheus behind the collector refuses a sample and the agent sees 200', { skip: noPrometheus }, async () => {
  await using prometheus = await openPrometheus();
  await using collector = await CorootCollector.open({ prometheus: prometheus.writeUrl });
  assert.equal(await post(collector, '/v1/metrics', body(), metrics), 204);
  assert.equal(await post(collector, '/v1/metrics', body(nowMs - 1000), metrics), 200);
  assert.equal(collector.metrics.length, 1);
  assert.equal(collector.refusedMetrics.length, 1);
  await prometheus.process.stop();
  assert.equal(await post(collector, '/v1/metrics', body(), metrics), 500);
});

test('faults change the answer, cut connections and refuse them, and end', async () => {
  await using collector = await CorootCollector.open();
  const write = (): Promise<number> => post(collector, '/v1/metrics', body(), metrics);
  collector.faults.set('/v1/metrics', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, times: 2 });
  assert.deepEqual([await write(), await write(), await write()], [429, 429, 200]);

  collector.faults.set('/v1/metrics', { kind: 'cut', when: 'before', times: 1 });
  await assert.rejects(write());
  assert.equal(collector.metrics.length, 1);
  collector.faults.set('/v1/metrics', { kind: 'cut', when: 'after', times: 1 });
  await assert.rejects(write());
  assert.equal(collector.metrics.length, 2, 'accepted, although the sender cannot know');

  const { promise, resolve } = Promise.withResolvers<void>();
  collector.faults.set('/v1/metrics', { kind: 'delay', until: promise, times: 1 });
  const delayed = write();
  assert.equal(collector.metrics.length, 2);
  resolve();
  assert.equal(await delayed, 200);

  await collector.refuse();
  await assert.rejects(write());
  await collector.accept();
  assert.equal(await write(), 200);
  assert.deepEqual(
    collector.requests.map(({ status }) => status),
    [429, 429, 200, 0, 0, 200, 200],
  );
});
