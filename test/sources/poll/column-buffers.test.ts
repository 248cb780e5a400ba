// The memory of columns is found once each, so that a message can transfer it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForeignBuffer } from '../../../src/native/buffer.ts';
import { columnBuffers } from '../../../src/sources/poll/column-buffers.ts';
import { parseProcesses } from '../../../src/sources/poll/processes.ts';
import { parseTcpTable, pidRows } from '../../../src/sources/poll/tcp-table.ts';
import { BASE, processList, tcp4Table } from '../../helpers/foreign-memory.ts';
import { anAdapter, aService, processTable, tcpTable } from '../../helpers/observations.ts';

test('finds each column of a process table, and nothing else', () => {
  const table = processTable([{ pid: 1 }, { pid: 2 }]);
  const columns = Object.values(table).filter((value) => ArrayBuffer.isView(value));
  assert.equal(columns.length, 14);
  assert.deepEqual(new Set(columnBuffers(table)), new Set(columns.map(({ buffer }) => buffer)));
});

test('finds each column of all TCP tables', () => {
  assert.equal(new Set(columnBuffers([tcpTable(4, [{ local: '1.2.3.4:5', pid: 1 }]), tcpTable(6, [])])).size, 12);
});

test('finds nothing in records without columns', () => {
  for (const data of [[aService()], [anAdapter()], { uptimeMs: 5 }, [], undefined, null, 'text'])
    assert.deepEqual(columnBuffers(data), []);
});

test('the columns that parsers create share no memory with each other or with the bytes read', () => {
  const bytes = processList([{ pid: 4, name: 'a.exe' }]).bytes;
  const tcp = tcp4Table([
    { state: 2, local: [0, 0, 0, 0], localPort: 80, remote: [0, 0, 0, 0], remotePort: 0, pid: 4 },
  ]).bytes;
  const data = {
    processes: parseProcesses(new ForeignBuffer(bytes, BASE)),
    tables: [parseTcpTable(new ForeignBuffer(tcp, BASE), pidRows[4], 1)],
  };
  for (const part of [data.processes, data.tables]) {
    const copy = structuredClone(part);
    assert.deepEqual(structuredClone(part, { transfer: columnBuffers(part) }), copy);
  }
  assert.ok(bytes.buffer.byteLength > 0 && tcp.buffer.byteLength > 0);
});
