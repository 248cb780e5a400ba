// From the ring of a worker to pushed observations: lent and owned tables, and a flood of one provider.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSource } from '../../../src/sources/etw/event-source.ts';
import { OpenTrace } from '../../../src/sources/etw/open-trace.ts';
import type { EtwSessionRecord, TcpEventTable } from '../../../src/sources/host.ts';

/** Writes generated events; the session name is their rate and duration. */
const entry = new URL('../../bench/event-worker.ts', import.meta.url);
const floodEntry = new URL('../../helpers/etw-flood-worker.ts', import.meta.url);

/** The first tables that are pushed, and a copy of their control blocks at that moment. */
async function firstTables(lend: boolean, wanted: number) {
  const tables: { table: TcpEventTable; tcb: number[] }[] = [];
  const enough = Promise.withResolvers<void>();
  const source = new EventSource({
    sessionName: '40000 60',
    trace: new OpenTrace(),
    raw: false,
    lend,
    entry,
    onFatal: enough.reject,
    push: (kind, data) => {
      if (kind !== 'tcpEvents' || tables.length === wanted) return;
      const table = data as TcpEventTable;
      tables.push({ table, tcb: [...table.tcb] });
      if (tables.length === wanted) enough.resolve();
    },
  });
  source.start();
  await enough.promise;
  await source.stop();
  return tables;
}

test('lent tables share memory until it has to grow', { timeout: 60_000 }, async () => {
  const memory = (await firstTables(true, 12)).map(({ table }) => table.tcb.buffer);
  for (const [i, buffer] of memory.slice(1).entries()) {
    const before = memory[i]!;
    assert.ok(
      buffer === before || buffer.byteLength > before.byteLength,
      `table ${i + 1} in other memory of ${buffer.byteLength} bytes`,
    );
  }
  assert.ok(new Set(memory).size < memory.length);
});

test('owned tables have memory of their own and do not change', { timeout: 60_000 }, async () => {
  const tables = await firstTables(false, 5);
  assert.equal(new Set(tables.map(({ table }) => table.tcb.buffer)).size, 5);
  for (const { table, tcb } of tables) assert.deepEqual([...table.tcb], tcb);
});

test('a flood of DNS events loses no TCP event and is counted for its provider', { timeout: 60_000 }, async () => {
  const tcpEvents = 5000;
  let received = 0;
  let session: EtwSessionRecord | undefined;
  const done = Promise.withResolvers<void>();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const source = new EventSource({
    sessionName: `10000 ${tcpEvents}`,
    trace: new OpenTrace(),
    raw: false,
    lend: true,
    entry: floodEntry,
    onFatal: done.reject,
    push: (kind, data) => {
      if (kind === 'etw') session = data as EtwSessionRecord;
      if (kind === 'tcpEvents') received += (data as TcpEventTable).count;
      // A main thread that is slower than the flood.
      if (kind === 'dnsEvents') Atomics.wait(pause, 0, 0, 5);
      // The worker posts its state after the last event.
      if (session?.state === 'running') done.resolve();
    },
  });
  source.start();
  await done.promise;
  await source.stop();
  for (let before = -1; before !== session!.events; ) {
    before = session!.events;
    source.beforeTick();
  }
  const { 'ring full: dns-client': refused, ...others } = session!.dropped;
  assert.equal(received, tcpEvents);
  assert.ok(refused! >= 10_000, `${refused} refused`);
  assert.deepEqual(others, {});
});

test('a timer reads the ring only while a session runs', { timeout: 60_000 }, async (t) => {
  const intervals = t.mock.method(globalThis, 'setInterval');
  const states = ['retrying', 'running', 'retrying'].map((state) => ({
    state,
    reason: state,
    providers: [],
    degraded: [],
    restarts: 0,
    cpuMHz: 0,
  }));
  const script = `
    import { parentPort } from 'node:worker_threads';
    for (const state of ${JSON.stringify(states)}) parentPort.postMessage(state);`;
  const seen: [state: string, timers: number][] = [];
  const done = Promise.withResolvers<void>();
  const source = new EventSource({
    sessionName: '',
    trace: new OpenTrace(),
    raw: false,
    lend: false,
    entry: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
    onFatal: done.reject,
    push: (kind, data) => {
      if (kind !== 'etw') return;
      const started = intervals.mock.calls.flatMap(({ result }) => result ?? []);
      const running = started.filter((timer) => !(timer as unknown as { _destroyed: boolean })._destroyed);
      seen.push([(data as EtwSessionRecord).state, running.length]);
      if (seen.length === 4) done.resolve();
    },
  });
  source.start();
  await done.promise;
  await source.stop();
  assert.deepEqual(seen, [
    ['starting', 0],
    ['retrying', 0],
    ['running', 1],
    ['retrying', 0],
  ]);
});
