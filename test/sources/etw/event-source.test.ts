// From a worker's ring to what is pushed: tables of TCP events are lent, or the receiver's own, as was asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSource } from '../../../src/sources/etw/event-source.ts';
import type { TcpEventTable } from '../../../src/sources/host.ts';

/** Writes generated events, as many a second and for as many seconds as the session's name says. */
const entry = new URL('../../bench/event-worker.ts', import.meta.url);

/** The first tables that are pushed, and a copy of their control blocks as they were then. */
async function firstTables(lend: boolean, wanted: number) {
  const tables: { table: TcpEventTable; tcb: number[] }[] = [];
  const enough = Promise.withResolvers<void>();
  const source = new EventSource({
    sessionName: '40000 60',
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

test('lent tables lie in the same memory, one after the other, until it has to grow', { timeout: 60_000 }, async () => {
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

test('tables of one’s own stay as they are', { timeout: 60_000 }, async () => {
  const tables = await firstTables(false, 5);
  assert.equal(new Set(tables.map(({ table }) => table.tcb.buffer)).size, 5);
  for (const { table, tcb } of tables) assert.deepEqual([...table.tcb], tcb);
});
