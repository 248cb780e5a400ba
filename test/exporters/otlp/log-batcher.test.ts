// Batches of records under pressure: bounds, order, and failures that are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { Serialise } from '../../../src/exporters/otlp/batch-encoder.ts';
import type { Payload } from '../../../src/exporters/payload.ts';
import { LogsFixture } from '../../helpers/otlp-logs.ts';

/** A queue that stores a payload when the test says so. */
class SlowQueue {
  readonly started: Payload[] = [];
  readonly #finish: (() => void)[] = [];

  append(payload: Payload): Promise<void> {
    this.started.push(payload);
    return new Promise((resolve) => this.#finish.push(resolve));
  }

  /** Lets all that has begun, and all that follows, be stored. */
  async finishAll(): Promise<void> {
    for (let idle = 0; idle < 20; idle++) {
      if (this.#finish.length > 0) idle = 0;
      for (const finish of this.#finish.splice(0)) finish();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

test('drops records and counts them when the queue is slower than the source', async () => {
  const queue = new SlowQueue();
  const fixture = new LogsFixture({ queue });
  let accepted = 0;
  while (fixture.emit('/a', { body: String(accepted) })) accepted++;
  // Eight batches are being stored, and 4,096 records wait.
  assert.equal(accepted, 8 * 512 + 4096);
  assert.equal(fixture.emit('/a'), false);
  assert.equal(fixture.logs.sink.full, true);
  const stopped = fixture.logs.stop(1000);
  while (queue.started.length < accepted / 512) await queue.finishAll();
  await queue.finishAll();
  assert.equal(await stopped, true);
  const { dropped, accepted: counted, pending } = fixture.logs.status();
  assert.deepEqual([counted, dropped.queue_full, pending], [accepted, 2, 0]);
  assert.equal(
    queue.started.reduce((sum, { count }) => sum + count, 0),
    accepted,
  );
});

test('serialises a full batch at once although earlier ones are still being stored', () => {
  const sizes: number[] = [];
  const serialise: Serialise = (records) => {
    sizes.push(records.length);
    return ProtobufLogsSerializer.serializeRequest([...records]);
  };
  const fixture = new LogsFixture({ queue: new SlowQueue(), serialise });
  for (let i = 0; i < 12 * 512; i++) fixture.emit('/a');
  assert.deepEqual(sizes, new Array(12).fill(512));
  assert.equal(fixture.logs.status().pending, 4 * 512);
});

test('loses nothing when the source waits until there is room', async () => {
  const fixture = new LogsFixture();
  for (let i = 0; i < 20_000; i++) {
    await fixture.logs.sink.ready();
    assert.equal(fixture.emit('/a', { body: String(i) }), true);
  }
  const bodies = (await fixture.records()).map(({ body }) => Number(body));
  assert.deepEqual(
    bodies,
    Array.from({ length: 20_000 }, (_, i) => i),
  );
});

test('bounds the bytes that wait when records are large', async () => {
  const fixture = new LogsFixture({ queue: new SlowQueue() });
  let bytes = 0;
  while (fixture.emit('/a', { body: 'x'.repeat(60_000) })) bytes += 60_000;
  assert.ok(bytes <= 10 * 1024 * 1024, `${bytes} bytes`);
});

/** Fails for records with the body `poison`, alone or with others. */
const poisoned: Serialise = (records) => {
  if (records.some(({ body }) => body === 'poison')) throw new Error('poison');
  return ProtobufLogsSerializer.serializeRequest([...records]);
};

test('loses only the record that cannot be serialised, and counts it', async () => {
  const fixture = new LogsFixture({ serialise: poisoned });
  for (const body of ['a', 'poison', 'b', 'poison', 'c']) fixture.emit('/a', { body });
  const [blocks] = await fixture.stored();
  assert.deepEqual(
    blocks!.map((block) => block.map(({ body }) => body)),
    [['a', 'b', 'c']],
  );
  assert.equal(fixture.payloads[0]!.count, 3);
  assert.equal(fixture.logs.status().dropped.encode_failed, 2);
});

test('sends records one by one when they can be serialised only alone', async () => {
  const serialise: Serialise = (records) => (records.length > 1 ? undefined : poisoned(records));
  const fixture = new LogsFixture({ serialise });
  for (const body of ['a', 'b']) fixture.emit('/a', { body });
  assert.deepEqual(
    (await fixture.records()).map(({ body }) => body),
    ['a', 'b'],
  );
});

test('makes no payload of a batch in which no record can be serialised', async () => {
  const fixture = new LogsFixture({ serialise: () => undefined });
  fixture.emit('/a');
  assert.equal(await fixture.logs.stop(1000), true);
  assert.deepEqual([fixture.payloads.length, fixture.logs.status().dropped.encode_failed], [0, 1]);
});

test('counts the records of a payload that the queue fails to store, and goes on', async () => {
  let calls = 0;
  const payloads: Payload[] = [];
  const queue = {
    append: async (payload: Payload) => {
      if (calls++ === 0) throw new Error('no space');
      payloads.push(payload);
    },
  };
  const fixture = new LogsFixture({ queue });
  for (let i = 0; i < 1024; i++) fixture.emit('/a');
  assert.equal(await fixture.logs.stop(1000), true);
  assert.deepEqual([payloads.length, fixture.logs.status().dropped.not_stored], [1, 512]);
});
