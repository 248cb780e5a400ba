// Several sources as one host: order of starts and stops, numbering, time that does not go back, and ticks.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HostHeader, Observation } from '../../src/sources/host.ts';
import { LiveHost, type PushObservation, type Source } from '../../src/sources/live-host.ts';
import type { PendingCall } from '../../src/sources/pending-call.ts';

const header = { agentVersion: '1' } as HostHeader;

function observation(kind: 'system' | 'tick', tMono: number): Observation {
  const head = { seq: 77, tMono, tWall: 0, source: 'test', seconds: 0 };
  return kind === 'tick' ? { ...head, kind, data: { intervalMs: 1000 } } : { ...head, kind, data: { uptimeMs: tMono } };
}

/** A source that notes its calls in a list that it shares with others. */
class FakeSource implements Source {
  push: PushObservation = () => {};
  readonly ended = Promise.withResolvers<void>();
  readonly name: string;
  readonly calls: string[];
  readonly result: Promise<HostHeader | undefined>;
  problemText: string | undefined;
  mayBeLate = false;
  onTick: () => void = () => {};

  constructor(name: string, calls: string[], result: Promise<HostHeader | undefined> = Promise.resolve(undefined)) {
    this.name = name;
    this.calls = calls;
    this.result = result;
  }

  start(push: PushObservation): Promise<HostHeader | undefined> {
    this.calls.push(`start ${this.name}`);
    this.push = push;
    return this.result;
  }

  beforeTick(): void {
    this.onTick();
  }

  stop(): Promise<void> {
    this.calls.push(`stop ${this.name}`);
    return this.ended.promise;
  }

  pendingCall(): PendingCall {
    return { call: this.name, mayBeLate: this.mayBeLate };
  }

  problem(): string | undefined {
    return this.problemText;
  }
}

function twoSources(first = Promise.resolve<HostHeader | undefined>(header)) {
  const calls: string[] = [];
  const polls = new FakeSource('polls', calls, first);
  const events = new FakeSource('events', calls);
  const host = new LiveHost({ kind: 'windows', sources: [polls, events] });
  const pushed: Observation[] = [];
  const start = () => host.start((each) => pushed.push(each));
  return { calls, polls, events, host, pushed, start };
}

test('starts each source after the one before, and resolves with the header of one of them', async () => {
  const first = Promise.withResolvers<HostHeader | undefined>();
  const { calls, start } = twoSources(first.promise);
  const started = start();
  await Promise.resolve();
  assert.deepEqual(calls, ['start polls']);
  first.resolve(header);
  assert.equal(await started, header);
  assert.deepEqual(calls, ['start polls', 'start events']);
});

test('a source that cannot start fails the start of the host, and no later one is started', async () => {
  const { calls, start } = twoSources(Promise.reject(new Error('not here')));
  await assert.rejects(start(), /not here/);
  assert.deepEqual(calls, ['start polls']);
});

test('a source is not started after the host was stopped', async () => {
  const first = Promise.withResolvers<HostHeader | undefined>();
  const { calls, host, polls, events, start } = twoSources(first.promise);
  const started = start();
  polls.ended.resolve();
  events.ended.resolve();
  await host.stop();
  first.resolve(header);
  await started;
  assert.ok(!calls.includes('start events'));
});

test('observations of all sources are numbered by one in the order of their arrival', async () => {
  const { polls, events, pushed, start } = twoSources();
  await start();
  polls.push(observation('system', 10));
  events.push(observation('system', 11));
  polls.push(observation('system', 12));
  assert.deepEqual(
    pushed.map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test('an observation that was read earlier and arrives later does not turn the time back', async () => {
  const { polls, events, pushed, start } = twoSources();
  await start();
  polls.push(observation('system', 10));
  events.push(observation('system', 30));
  polls.push(observation('system', 20));
  polls.push(observation('system', 31));
  assert.deepEqual(
    pushed.map(({ tMono }) => tMono),
    [10, 30, 30, 31],
  );
  assert.deepEqual(
    pushed.map(({ data }) => data),
    [10, 30, 20, 31].map((uptimeMs) => ({ uptimeMs })),
  );
});

test('what a source has gathered is pushed before the tick, and before nothing else', async () => {
  const { polls, events, pushed, start } = twoSources();
  await start();
  events.onTick = () => events.push(observation('system', 15));
  polls.push(observation('system', 10));
  polls.push(observation('tick', 20));
  assert.deepEqual(
    pushed.map(({ kind, seq, tMono }) => `${seq} ${kind} ${tMono}`),
    ['1 system 10', '2 system 15', '3 tick 20'],
  );
});

test('stops sources in the opposite order of their start, and waits for all of them', async () => {
  const { calls, host, polls, events, start } = twoSources();
  await start();
  const stopped = host.stop();
  assert.deepEqual(calls.slice(2), ['stop events', 'stop polls']);
  events.ended.resolve();
  polls.ended.resolve();
  assert.deepEqual(await stopped, []);
});

/** Lets pending promises run while the clock of the test stands still. */
async function advance(t: TestContext, ms: number): Promise<void> {
  t.mock.timers.tick(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

async function stoppedAfter(t: TestContext, mayBeLate: { polls: boolean; events: boolean }) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sources = twoSources();
  await sources.start();
  sources.polls.mayBeLate = mayBeLate.polls;
  sources.events.mayBeLate = mayBeLate.events;
  let pending: readonly PendingCall[] | undefined;
  void sources.host.stop().then((calls) => {
    pending = calls;
  });
  return { ...sources, pending: () => pending };
}

test('a stop names a source that hangs after three and a half seconds', async (t) => {
  const { events, pending } = await stoppedAfter(t, { polls: false, events: false });
  events.ended.resolve();
  await advance(t, 3000);
  await advance(t, 499);
  assert.equal(pending(), undefined);
  await advance(t, 1);
  assert.deepEqual(pending(), [{ call: 'polls', mayBeLate: false }]);
});

test('a stop waits seven seconds for a call that may be late', async (t) => {
  const { polls, pending } = await stoppedAfter(t, { polls: false, events: true });
  polls.ended.resolve();
  await advance(t, 3000);
  await advance(t, 3999);
  assert.equal(pending(), undefined);
  await advance(t, 1);
  assert.deepEqual(pending(), [{ call: 'events', mayBeLate: true }]);
});

test('a stop is complete when a late call returns', async (t) => {
  const { polls, events, pending } = await stoppedAfter(t, { polls: false, events: true });
  polls.ended.resolve();
  await advance(t, 3000);
  await advance(t, 1000);
  events.ended.resolve();
  await advance(t, 0);
  assert.deepEqual(pending(), []);
});

test('a thread that a late call has just left has half a second to end', async (t) => {
  const { polls, events, pending } = await stoppedAfter(t, { polls: false, events: true });
  polls.ended.resolve();
  await advance(t, 3000);
  events.mayBeLate = false;
  await advance(t, 4000);
  assert.equal(pending(), undefined);
  events.ended.resolve();
  await advance(t, 0);
  assert.deepEqual(pending(), []);
});

test('a stop does not wait longer for a late call while another one hangs', async (t) => {
  const { pending } = await stoppedAfter(t, { polls: false, events: true });
  await advance(t, 3000);
  await advance(t, 500);
  assert.deepEqual(pending(), [
    { call: 'polls', mayBeLate: false },
    { call: 'events', mayBeLate: true },
  ]);
});

test('the status has the problems of all sources', async () => {
  const { host, polls, events } = twoSources();
  assert.deepEqual(host.status(), { kind: 'windows', detail: {} });
  polls.problemText = 'a call hangs';
  events.problemText = 'no session';
  assert.equal(host.status().problem, 'a call hangs; no session');
});

test('a host needs a source with a header', async () => {
  await assert.rejects(twoSources(Promise.resolve(undefined)).start(), /no source of this host has a header/);
});
