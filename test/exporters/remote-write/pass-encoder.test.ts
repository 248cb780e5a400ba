// Encoding of passes in turn: order, what waits, and what is dropped by reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../../src/collectors/samples.ts';
import type { Payload } from '../../../src/exporters/payload.ts';
import { PassEncoder } from '../../../src/exporters/remote-write/pass-encoder.ts';

const pass = (atMs: number, series = 10): Snapshot => ({
  atMs,
  families: [],
  series,
  nodeLabels: { machine_id: 'm', system_uuid: '' },
});

const payloadOf = ({ atMs, series }: Snapshot): Payload => ({
  kind: 'metrics',
  encoding: 'snappy',
  count: series,
  oldestMs: atMs,
  newestMs: atMs,
  body: new Uint8Array(),
});

/** An encoder whose results the test decides, and what it passed on. */
function anEncoder(encode: (snapshot: Snapshot) => Promise<Payload | undefined>) {
  const added: number[] = [];
  const problems: string[] = [];
  const encoder = new PassEncoder({
    encode,
    add: async ({ oldestMs }) => {
      added.push(oldestMs);
    },
    onProblem: (text) => problems.push(text),
  });
  return { encoder, added, problems };
}

test('passes are queued in their order, although an earlier one takes longer to encode', async () => {
  const first = Promise.withResolvers<void>();
  const { encoder, added } = anEncoder(async (snapshot) => {
    if (snapshot.atMs === 1) await first.promise;
    return payloadOf(snapshot);
  });
  encoder.add(pass(1));
  encoder.add(pass(2));
  await new Promise(setImmediate);
  assert.deepEqual(added, []);
  first.resolve();
  await encoder.finish(60_000);
  assert.deepEqual(added, [1, 2]);
  encoder.add(pass(3));
  await encoder.finish(60_000);
  assert.deepEqual(added, [1, 2, 3]);
});

test('passes before the machine id is known are dropped and counted by their series', async () => {
  const { encoder, added, problems } = anEncoder(async (snapshot) =>
    snapshot.atMs < 3 ? undefined : payloadOf(snapshot),
  );
  for (const atMs of [1, 2, 3]) encoder.add(pass(atMs, 7));
  await encoder.finish(60_000);
  assert.deepEqual(added, [3]);
  assert.deepEqual(encoder.dropped, { no_machine_id: 14, encode_failed: 0, encoder_busy: 0, stopped: 0 });
  assert.deepEqual(problems, ['the machine id is not known yet']);
  assert.equal(encoder.problem, '');
});

test('a pass that cannot be encoded is dropped with its reason, and the next one is delivered', async () => {
  const { encoder, added, problems } = anEncoder(async (snapshot) => {
    if (snapshot.atMs === 1) throw new Error('broken');
    return payloadOf(snapshot);
  });
  encoder.add(pass(1, 5));
  await encoder.finish(60_000);
  assert.equal(encoder.problem, 'a pass cannot be encoded: broken');
  encoder.add(pass(2));
  await encoder.finish(60_000);
  assert.deepEqual([added, encoder.dropped.encode_failed, encoder.problem], [[2], 5, '']);
  assert.equal(problems.length, 1);
});

test('passes that are not encoded when the agent stops are dropped, counted and reported once', async () => {
  const first = Promise.withResolvers<void>();
  const problems: string[] = [];
  const added: number[] = [];
  const encoder = new PassEncoder({
    encode: async (snapshot) => {
      await first.promise;
      return payloadOf(snapshot);
    },
    add: async ({ oldestMs }) => {
      added.push(oldestMs);
    },
    onProblem: (text) => {
      problems.push(text);
      first.resolve();
    },
  });
  for (const atMs of [1, 2, 3]) encoder.add(pass(atMs, 7));
  await encoder.finish(0);
  assert.deepEqual([added, encoder.dropped.stopped], [[1], 14]);
  assert.deepEqual(problems, ['the agent stopped before 2 passes were encoded']);
  encoder.add(pass(4));
  await encoder.finish(60_000);
  assert.deepEqual(added, [1, 4]);
});

test('passes that wait are bounded by their series, and one larger than the bound still goes', async () => {
  const first = Promise.withResolvers<void>();
  const { encoder, added } = anEncoder(async (snapshot) => {
    await first.promise;
    return payloadOf(snapshot);
  });
  encoder.add(pass(1, 2_000_000));
  encoder.add(pass(2, 1));
  assert.equal(encoder.dropped.encoder_busy, 1);
  first.resolve();
  await encoder.finish(60_000);
  encoder.add(pass(3, 600_000));
  encoder.add(pass(4, 600_000));
  encoder.add(pass(5, 400_000));
  await encoder.finish(60_000);
  assert.deepEqual(added, [1, 3, 5]);
  assert.equal(encoder.dropped.encoder_busy, 600_001);
});
