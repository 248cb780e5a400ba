// A destination: order, waits, refusals, rejected payloads and what the status says of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, createDestination, jsonFormat, payloadOf, settled } from '../../helpers/delivery.ts';

const success: Answer = { kind: 'success' };

test('merges what is queued into one request, in order, and removes it', async () => {
  const { destination, queue, transport } = createDestination();
  for (const sample of [1, 2, 3]) await destination.add(payloadOf([sample]));
  destination.start();
  await settled();
  assert.deepEqual(transport.requests, [[1, 2, 3]]);
  assert.equal(queue.size().payloads, 0);
  await destination.add(payloadOf([4, 5]));
  await settled();
  assert.deepEqual(transport.accepted, [1, 2, 3, 4, 5]);
  const { state, totals, problem } = destination.status();
  assert.deepEqual([state, problem], ['delivering', '']);
  assert.deepEqual(totals.produced, { payloads: 4, items: 5 });
  assert.deepEqual(totals.delivered, { payloads: 4, items: 5 });
  assert.deepEqual(totals.requests, { success: 2 });
});

test('merges at most 64 payloads and 8 MiB of plain bytes, one payload even if it is larger', async () => {
  const MiB = 1024 * 1024;
  const plain = new Map([
    [1, 5 * MiB],
    [2, 3 * MiB],
    [3, 1],
    [4, 9 * MiB],
  ]);
  const plainBytes = ({ oldestMs }: { oldestMs: number }): number => plain.get(oldestMs / 1000) ?? 1;
  const { destination, transport } = createDestination(undefined, { format: jsonFormat({ plainBytes }) });
  for (let sample = 1; sample <= 100; sample++) await destination.add(payloadOf([sample]));
  destination.start();
  await settled();
  assert.deepEqual(transport.requests.slice(0, 3), [[1, 2], [3], [4]]);
  assert.ok(transport.requests.every(({ length }) => length <= 64));
  assert.equal(transport.accepted.length, 100);
});

test('waits 5 to 60 s between attempts, longer with each failure, and 5 s after a success', async () => {
  const { destination, clock, transport } = createDestination(() => ({ kind: 'retryable' }));
  clock.jitter = () => 0;
  await destination.add(payloadOf([1]));
  destination.start();
  await clock.advance(300_000);
  assert.deepEqual(clock.waits.slice(0, 5), [5000, 10_000, 20_000, 30_000, 30_000]);
  clock.jitter = () => 0.999_999;
  const { nextAttemptInMs, state, consecutiveFailures } = destination.status();
  assert.ok(nextAttemptInMs! > 0 && nextAttemptInMs! <= 60_000);
  assert.equal(state, 'retrying');
  assert.equal(consecutiveFailures, transport.requests.length);
  await clock.advance(30_000);
  assert.ok(clock.waits.at(-1)! > 59_000 && clock.waits.at(-1)! <= 60_000);
  transport.answer = () => success;
  await clock.advance(60_000);
  assert.deepEqual(transport.accepted, [1]);
  transport.answer = () => ({ kind: 'retryable' });
  await destination.add(payloadOf([2]));
  await settled();
  assert.ok(clock.waits.at(-1)! <= 10_000);
});

test('waits as long as the receiver asks for, with up to a tenth more, and never less than 1 s', async () => {
  const { destination, clock, transport } = createDestination(() => ({ kind: 'retryable', retryAfterMs: 120_000 }));
  await destination.add(payloadOf([1]));
  destination.start();
  await clock.advance(119_000);
  assert.equal(transport.requests.length, 1);
  await clock.advance(13_000);
  assert.equal(transport.requests.length, 2);
  transport.answer = () => ({ kind: 'retryable', retryAfterMs: 0 });
  await clock.advance(132_000);
  assert.equal(clock.waits.at(-1), 1000);
});

test('keeps everything while the key is unknown, and delivers it after the key works again', async () => {
  for (const answer of [{ kind: 'refused' }, { kind: 'redirected' }] as const) {
    const { destination, queue, clock, transport, log } = createDestination(() => answer);
    destination.start();
    for (let sample = 1; sample <= 240; sample++) {
      await destination.add(payloadOf([sample]));
      await clock.advance(15_000);
    }
    assert.equal(queue.size().payloads, 240);
    assert.ok(clock.waits.every((ms) => ms >= 60_000 && ms <= 300_000));
    assert.equal(destination.status().state, 'refused');
    assert.match(destination.status().problem, /answered (404|302)/);
    assert.equal(log.filter(({ level }) => level === 'warn').length, 1);
    transport.answer = () => success;
    await clock.advance(300_000);
    assert.deepEqual(
      transport.accepted,
      Array.from({ length: 240 }, (_, at) => at + 1),
    );
    assert.deepEqual(destination.status().totals.dropped, {});
    assert.equal(destination.status().problem, '');
    assert.equal(log.at(-1)!.level, 'info');
  }
});

test('catches up after an hour without a receiver in a few merged requests, in order', async () => {
  const { destination, clock, transport } = createDestination(() => ({ kind: 'retryable', status: 0 }));
  destination.start();
  for (let sample = 1; sample <= 240; sample++) {
    await destination.add(payloadOf([sample]));
    await clock.advance(15_000);
  }
  const failed = transport.requests.length;
  assert.ok(failed >= 60 && failed <= 130, `${failed} attempts in an hour`);
  transport.answer = () => success;
  await clock.advance(60_000);
  assert.equal(transport.requests.length - failed, Math.ceil(240 / 64));
  assert.deepEqual(
    transport.accepted,
    Array.from({ length: 240 }, (_, at) => at + 1),
  );
});

test('halves a request that is too large, then splits payloads, and sets a single item aside', async () => {
  const { destination, queue, transport } = createDestination((samples) =>
    samples.includes(13) || samples.length > 3 ? { kind: 'too-large' } : success,
  );
  for (const samples of [[1, 2, 3], [4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14], [15], [13]])
    await destination.add(payloadOf(samples));
  destination.start();
  await settled();
  assert.deepEqual(transport.accepted, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15]);
  assert.deepEqual(queue.aside, [
    { samples: [11, 12, 13, 14], reason: 'too_large' },
    { samples: [13], reason: 'too_large' },
  ]);
  const { totals, problem } = destination.status();
  assert.deepEqual(totals.delivered, { payloads: 5, items: 14 });
  assert.deepEqual(totals.dropped, { too_large: { payloads: 1, items: 2 } });
  assert.match(problem, /413/);
  const before = transport.requests.length;
  transport.answer = () => success;
  for (let sample = 20; sample < 40; sample++) await destination.add(payloadOf([sample]));
  await settled();
  assert.ok(transport.requests.length > before);
});

test('holds the queue for a receiver that calls requests of every size too large', async () => {
  const { destination, queue, transport, clock } = createDestination(() => ({ kind: 'too-large' }));
  const samples = Array.from({ length: 60 }, (_, i) => i + 1);
  await destination.add(payloadOf(samples));
  await destination.add(payloadOf([100]));
  destination.start();
  await settled();
  const refused = transport.requests.length;
  assert.ok(refused < 40, String(refused));
  assert.equal(destination.status().state, 'refused');
  assert.match(destination.status().problem, /every size/);
  assert.equal(queue.size().payloads, 2);
  await clock.advance(300_000);
  await settled();
  const later = transport.requests.length - refused;
  assert.ok(later >= 1 && later <= 5, String(later));
  transport.answer = () => success;
  await clock.advance(300_000);
  await settled();
  const { totals } = destination.status();
  const dropped = totals.dropped.too_large?.items ?? 0;
  assert.equal(totals.delivered.items + dropped, 61);
  assert.ok(dropped < 32, String(dropped));
  assert.equal(queue.size().payloads, 0);
});

test('isolates a rejected payload, splits it once, drops by reason and delivers the rest', async () => {
  const reasons = new Map([
    [5, 'out_of_order'],
    [8, 'too_old'],
    [10, 'duplicate'],
    [12, ''],
  ]);
  const { destination, queue, transport } = createDestination((samples) => {
    const bad = samples.find((sample) => reasons.has(sample));
    return bad === undefined ? success : { kind: 'rejected', text: reasons.get(bad)! };
  });
  for (const samples of [[1, 2], [3, 4, 5, 6], [7], [8], [9, 10], [11, 12], [13]])
    await destination.add(payloadOf(samples));
  destination.start();
  await settled();
  assert.deepEqual(transport.accepted, [1, 2, 3, 4, 7, 9, 11, 13]);
  assert.deepEqual(queue.aside, [{ samples: [11, 12], reason: 'invalid' }]);
  const { totals } = destination.status();
  assert.deepEqual(totals.dropped, {
    out_of_order: { payloads: 0, items: 2 },
    too_old: { payloads: 1, items: 1 },
    duplicate: { payloads: 0, items: 1 },
    invalid: { payloads: 0, items: 1 },
  });
  assert.deepEqual(totals.delivered, { payloads: 6, items: 8 });
  assert.equal(queue.size().payloads, 0);
});

test('treats a rejection for size as too large', async () => {
  const { destination, transport } = createDestination((samples) =>
    samples.length > 1 ? { kind: 'rejected', text: 'too_large' } : success,
  );
  await destination.add(payloadOf([1, 2, 3, 4]));
  destination.start();
  await settled();
  assert.deepEqual(transport.accepted, [1, 2, 3, 4]);
});

test('counts items that an accepted request reports as rejected', async () => {
  const { destination } = createDestination(undefined, { format: jsonFormat({ rejectedCount: () => 2 }) });
  await destination.add(payloadOf([1, 2, 3]));
  destination.start();
  await settled();
  const { totals, problem } = destination.status();
  assert.deepEqual(totals.delivered, { payloads: 1, items: 1 });
  assert.deepEqual(totals.dropped, { invalid: { payloads: 0, items: 2 } });
  assert.match(problem, /rejected 2 items/);
});

test('explains refused samples after the clock was set back, and how long it lasts', async () => {
  const { destination, clock, transport, queue } = createDestination();
  destination.start();
  const add = () => destination.add(payloadOf([Math.round(clock.wallMs() / 1000)]));
  await add();
  await clock.advance(15_000);
  const newest = transport.accepted.at(-1)!;
  transport.answer = ([sample]) => (sample! <= newest ? { kind: 'rejected', text: 'out_of_order' } : success);
  clock.set(-3_600_000);
  await add();
  await clock.advance(15_000);
  const until = new Date(newest * 1000).toISOString();
  assert.match(destination.status().problem, /set back by 3600 s/);
  assert.ok(destination.status().problem.includes(until));
  assert.deepEqual(destination.status().totals.dropped, { out_of_order: { payloads: 1, items: 1 } });
  await clock.advance(3_600_000);
  await add();
  await clock.advance(15_000);
  assert.equal(destination.status().problem, '');
  assert.equal(queue.size().payloads, 0);
});

test('does not blame the clock when another writer is ahead', async () => {
  const { destination } = createDestination(() => ({ kind: 'rejected', text: 'out_of_order' }));
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  assert.equal(destination.status().problem, 'answered 400');
});

test('steps the compression down before the first success only', async () => {
  for (const status of [400, 415, 500]) {
    let steps = 0;
    const format = jsonFormat({ stepDown: () => ++steps <= 1 });
    const kind = status === 500 ? 'retryable' : 'rejected';
    const { destination, clock, transport } = createDestination(() => (steps === 1 ? success : { kind, status }), {
      format,
    });
    await destination.add(payloadOf([1]));
    destination.start();
    await settled();
    assert.deepEqual(transport.accepted, [1]);
    assert.deepEqual(clock.waits, []);
    transport.answer = () => ({ kind, status });
    await destination.add(payloadOf([2]));
    await settled();
    assert.equal(steps, 1);
  }
});

test('sets a payload aside that cannot be encoded, and delivers the others', async () => {
  const whole = jsonFormat();
  const format = jsonFormat({
    encodeRequest: async (payloads) => {
      if (payloads.some(({ oldestMs }) => oldestMs === 2000)) throw new Error('unexpected end');
      return await whole.encodeRequest(payloads);
    },
  });
  const { destination, transport, queue } = createDestination(undefined, { format });
  for (const sample of [1, 2, 3]) await destination.add(payloadOf([sample]));
  destination.start();
  await settled();
  assert.deepEqual(transport.accepted, [1, 3]);
  assert.deepEqual(queue.aside, [{ samples: [2], reason: 'invalid' }]);
});

test('does not send again what the queue fails to remove', async () => {
  const { destination, queue, clock, transport } = createDestination();
  queue.removeFaults = [new Error('EIO'), new Error('EIO')];
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  assert.match(destination.status().problem, /spool fails: EIO/);
  await clock.advance(60_000);
  assert.deepEqual(transport.accepted, [1]);
  assert.equal(queue.size().payloads, 0);
  assert.deepEqual(destination.status().totals.delivered, { payloads: 1, items: 1 });
  assert.equal(destination.status().problem, '');
});

test('does not send what a full spool dropped during a wait', async () => {
  const { destination, queue, clock, transport } = createDestination(() => ({ kind: 'retryable' }));
  for (const sample of [1, 2, 3]) await destination.add(payloadOf([sample]));
  destination.start();
  await settled();
  queue.dropOldest();
  transport.answer = () => success;
  await clock.advance(10_000);
  assert.deepEqual(transport.accepted, [2, 3]);
});

test('status has the age of the oldest sample although the clock was set', async () => {
  const { destination, clock } = createDestination(() => ({ kind: 'retryable' }));
  const now = clock.wallMs();
  await destination.add(payloadOf([1], { oldestMs: now, newestMs: now }));
  destination.start();
  await clock.advance(30_000);
  clock.set(-86_400_000);
  assert.equal(destination.status().oldestAgeMs, 30_000);
  assert.equal(destination.status().sinceLastSuccessMs, undefined);
});

test('masks the URL in the status', () => {
  const { destination } = createDestination();
  assert.equal(destination.status().url, 'https://receiver.test/write?token=********');
  assert.doesNotMatch(JSON.stringify(destination.status()), /canary/);
});

test('shows a fault of the configuration also while requests succeed', async () => {
  const { destination, transport } = createDestination();
  transport.configurationProblem = 'ca-file does not exist';
  await destination.add(payloadOf([1]));
  destination.start();
  await settled();
  assert.equal(destination.status().problem, 'ca-file does not exist');
});

test('delivers although the size of a payload or the text of an answer cannot be read', async () => {
  const fails = () => {
    throw new Error('unexpected end');
  };
  const format = jsonFormat({ plainBytes: fails, rejectedCount: fails, rejectionReason: fails, stepDown: fails });
  const { destination, transport, queue } = createDestination(undefined, { format });
  for (const sample of [1, 2]) await destination.add(payloadOf([sample]));
  destination.start();
  await settled();
  assert.deepEqual(transport.requests, [[1, 2]]);
  assert.equal(queue.size().payloads, 0);
  assert.equal(destination.status().problem, '');
  transport.answer = () => ({ kind: 'rejected' });
  await destination.add(payloadOf([3]));
  await settled();
  assert.deepEqual(queue.aside, [{ samples: [3], reason: 'invalid' }]);
});
