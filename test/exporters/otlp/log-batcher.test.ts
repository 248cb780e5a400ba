// Batches of records under pressure: bounds, order, and failures that are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogBatcher } from '../../../src/exporters/otlp/log-batcher.ts';
import { LoggerProviders } from '../../../src/exporters/otlp/logger-providers.ts';
import { RecordCounts } from '../../../src/exporters/otlp/record-counts.ts';
import { toSdkRecord } from '../../../src/exporters/otlp/sdk-record.ts';
import type { Payload } from '../../../src/exporters/payload.ts';
import { decodeRecords } from '../../helpers/otlp-decoder.ts';
import { LogsFixture, logRecord } from '../../helpers/otlp-logs.ts';

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
  while (fixture.emit('/a', { body: `${'x'.repeat(200)}${accepted}` })) accepted++;
  assert.equal(fixture.emit('/a'), false);
  assert.equal(fixture.logs.sink.full, true);
  const { pending } = fixture.logs.status();
  const stopped = fixture.logs.stop(1000);
  while (queue.started.length < accepted / 1024) await queue.finishAll();
  await queue.finishAll();
  assert.equal(await stopped, true);
  const status = fixture.logs.status();
  assert.deepEqual([status.accepted, status.dropped.queue_full, status.pending], [accepted, 2, 0]);
  assert.equal(
    queue.started.reduce((sum, { count }) => sum + count, 0),
    accepted,
  );
  // Four payloads of about 240 kB are being stored, and 2 MiB wait.
  const bytesPerRecord = status.plainBytes / accepted;
  assert.ok(pending * bytesPerRecord >= 1.9 * 2 ** 20, `${pending} records of ${bytesPerRecord} bytes wait`);
  assert.ok(accepted * bytesPerRecord <= 3.3 * 2 ** 20, `${accepted} records of ${bytesPerRecord} bytes`);
});

test('bounds the payloads that are stored at once when records are small', () => {
  const fixture = new LogsFixture({ queue: new SlowQueue() });
  for (let i = 0; i < 8 * 1024; i++) assert.ok(fixture.emit('/a', { body: '' }));
  assert.equal(fixture.logs.status().pending, 4 * 1024);
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
  assert.ok(bytes <= 6 * 1024 * 1024, `${bytes} bytes`);
});

test('counts the records of a payload that cannot be compressed, and goes on', async () => {
  const counts = new RecordCounts();
  const appended: Payload[] = [];
  let calls = 0;
  const batcher = new LogBatcher({
    compress: async (plain) => {
      if (calls++ === 0) throw new Error('no memory');
      return Uint8Array.from(plain);
    },
    append: async (payload) => void appended.push(payload),
    schedule: () => () => {},
    counts,
  });
  const logger = new LoggerProviders({ hostName: '', machineId: '' }, batcher).loggerOf('/a');
  for (let i = 0; i < 1024 + 3; i++) logger.emit(toSdkRecord(logRecord({ body: String(i) }), counts));
  await batcher.forceFlush();
  assert.deepEqual([counts.dropped.encode_failed, counts.dropped.not_stored], [1024, 0]);
  assert.deepEqual(
    appended.map(({ body }) => decodeRecords(body).map((record) => record.body)),
    [['1024', '1025', '1026']],
  );
});

test('drops only the record whose attribute is no text, and counts it', async () => {
  const fixture = new LogsFixture();
  const attributes = { first: 'text', second: 7 } as unknown as Record<string, string>;
  for (const body of ['a', 'b', 'c'])
    assert.equal(fixture.emit('/a', { body, ...(body === 'b' && { attributes }) }), body !== 'b');
  assert.deepEqual(
    (await fixture.records()).map(({ body }) => body),
    ['a', 'c'],
  );
  assert.equal(fixture.logs.status().dropped.malformed, 1);
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
  for (let i = 0; i < 2048; i++) fixture.emit('/a');
  assert.equal(await fixture.logs.stop(1000), true);
  assert.deepEqual([payloads.length, fixture.logs.status().dropped.not_stored], [1, 1024]);
});
