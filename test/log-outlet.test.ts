// Log records between model and delivery: opening of the sink, bounds, and what the source of logs waits for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { LogOutlet } from '../src/log-outlet.ts';
import type { LogRecord, LogSink } from '../src/logs/log-record.ts';
import type { HostModel } from '../src/model/host-model.ts';
import { aMessage, fileMessages } from './helpers/logs.ts';
import { aModel, round, wall, web } from './helpers/model.ts';
import { observation } from './helpers/observations.ts';

const identity = { hostname: 'web-1', machineId: 'abc' };

/** A sink that resolves its promises when the test says so. */
class FakeSink implements LogSink {
  readonly emitted: [containerId: string, body: string][] = [];
  readonly removed: string[] = [];
  full = false;
  readonly room = Promise.withResolvers<void>();
  readonly disk = Promise.withResolvers<void>();

  emit(containerId: string, { body }: LogRecord): boolean {
    this.emitted.push([containerId, body]);
    return true;
  }

  ready = (): Promise<void> => this.room.promise;
  stored = (): Promise<void> => this.disk.promise;

  remove(containerId: string): void {
    this.removed.push(containerId);
  }
}

class Fixture {
  readonly model: HostModel = aModel();
  readonly sink = new FakeSink();
  readonly opened: object[] = [];
  readonly faults: unknown[] = [];
  readonly outlet: LogOutlet;

  constructor(open: () => Promise<LogSink | undefined> = async () => this.sink) {
    this.outlet = new LogOutlet({
      open: (host) => {
        this.opened.push(host);
        return open();
      },
      onFault: (error) => this.faults.push(error),
    });
    this.outlet.attach(this.model.logs);
    round(this.model, 0, { services: [web()], processes: [{ pid: 100, createdAtMs: wall(-1000) }] });
  }

  /** Messages with these texts, of the service `web` unless another is named. */
  write(bodies: readonly string[], service = 'web'): void {
    const records = bodies.map((body) => aMessage({ body }));
    this.model.observe(observation('fileMessages', [fileMessages({ service, records })], { atMs: 1000 }));
  }
}

/** Whether a promise resolves without further events. */
async function resolves(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await turn();
  await turn();
  return done;
}

test('opens the sink once, with the identity, and passes on what was pending in its order', async () => {
  const fixture = new Fixture();
  fixture.write(['1', '2']);
  assert.deepEqual(fixture.opened, []);
  fixture.outlet.afterTick(identity);
  fixture.write(['3']);
  await turn();
  fixture.write(['4']);
  fixture.outlet.afterTick(identity);
  assert.deepEqual(fixture.opened, [{ hostName: 'web-1', machineId: 'abc' }]);
  assert.deepEqual(
    fixture.sink.emitted,
    ['1', '2', '3', '4'].map((body) => ['/win/web', body]),
  );
});

test('waits three ticks for the machine id, and goes on without it', async () => {
  const fixture = new Fixture();
  fixture.outlet.afterTick(undefined);
  fixture.outlet.afterTick({ hostname: 'web-1', machineId: '' });
  assert.deepEqual(fixture.opened, []);
  fixture.outlet.afterTick({ hostname: 'web-1', machineId: '' });
  assert.deepEqual(fixture.opened, [{ hostName: 'web-1', machineId: '' }]);
});

test('bounds what is pending, counts what does not fit, and lets the source wait', async () => {
  const fixture = new Fixture();
  for (let i = 0; i < 5; i++) fixture.write(new Array(1000).fill('x'));
  assert.deepEqual([...fixture.model.logs.dropped], [['sink_not_open', 904]]);
  const ready = fixture.outlet.ready();
  assert.equal(await resolves(ready), false);
  fixture.outlet.afterTick(identity);
  assert.equal(await resolves(ready), false);
  assert.equal(fixture.sink.emitted.length, 4096);
  fixture.sink.room.resolve();
  assert.equal(await resolves(ready), true);
});

test('bounds the length of pending texts', () => {
  const fixture = new Fixture();
  fixture.write(new Array(70).fill('x'.repeat(65_536)));
  assert.deepEqual([...fixture.model.logs.dropped], [['sink_not_open', 6]]);
});

test('reports records as stored when the sink has stored them, also those that were pending', async () => {
  const fixture = new Fixture();
  fixture.write(['1']);
  const stored = fixture.outlet.stored();
  assert.equal(await resolves(stored), false);
  fixture.outlet.afterTick(identity);
  assert.equal(await resolves(stored), false);
  fixture.sink.disk.resolve();
  assert.equal(await resolves(stored), true);
});

test('reports records as stored only after the tick that finds their container', async () => {
  const fixture = new Fixture();
  fixture.outlet.afterTick(identity);
  await turn();
  fixture.sink.disk.resolve();
  fixture.write(['1'], 'later');
  const stored = fixture.outlet.stored();
  assert.equal(await resolves(stored), false);
  round(fixture.model, 15_000, { services: [web(), web({ name: 'later', pid: 200 })], processes: [] });
  assert.equal(await resolves(stored), true);
  assert.deepEqual(fixture.sink.emitted, [['/win/later', '1']]);
});

test('drops and counts records if the sink cannot be opened, and lets the source go on', async () => {
  const fixture = new Fixture(() => Promise.reject(new Error('no SDK')));
  fixture.write(['1']);
  const stored = fixture.outlet.stored();
  fixture.outlet.afterTick(identity);
  await turn();
  fixture.write(['2']);
  assert.deepEqual([fixture.faults.length, [...fixture.model.logs.dropped]], [1, [['open_failed', 2]]]);
  assert.deepEqual([await resolves(fixture.outlet.ready()), await resolves(stored)], [true, true]);
});

test('passes on what waits for its container when it stops, and takes nothing afterwards', async () => {
  const fixture = new Fixture();
  fixture.outlet.afterTick(identity);
  await turn();
  fixture.sink.room.resolve();
  fixture.write(['1'], 'unknown');
  const ready = fixture.outlet.ready();
  fixture.outlet.stop();
  fixture.write(['2']);
  assert.deepEqual(fixture.sink.emitted, [['', '1']]);
  assert.deepEqual([...fixture.model.logs.dropped], [['stopped', 1]]);
  assert.equal(await resolves(ready), false);
  const stored = fixture.outlet.stored();
  fixture.sink.disk.resolve();
  assert.equal(await resolves(stored), true);
});

test('drops what is pending if it stops before the sink is opened', () => {
  const fixture = new Fixture();
  fixture.write(['1', '2']);
  fixture.outlet.stop();
  fixture.outlet.afterTick(identity);
  assert.deepEqual([fixture.opened, [...fixture.model.logs.dropped]], [[], [['stopped', 2]]]);
});

test('releases the provider of a container that is removed', async () => {
  const fixture = new Fixture();
  fixture.outlet.afterTick(identity);
  await turn();
  fixture.write(['1']);
  for (const atMs of [15_000, 200_000, 400_000]) round(fixture.model, atMs, { services: [], processes: [] });
  assert.deepEqual(fixture.sink.removed, ['/win/web']);
});

test('without a destination nothing is kept, and the source never waits', async () => {
  const model = aModel();
  const outlet = new LogOutlet({ open: undefined, onFault: (error) => assert.fail(String(error)) });
  outlet.attach(model.logs);
  outlet.afterTick(identity);
  assert.equal(model.logs.listener, undefined);
  assert.deepEqual([await resolves(outlet.ready()), await resolves(outlet.stored())], [true, true]);
});
