// Services behind the sockets of shared processes: which rows are read, what is kept, and which failures are reported.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForeignBuffer } from '../../../src/native/buffer.ts';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { type ModuleCall, SocketServiceReader, sharedProcesses } from '../../../src/sources/poll/socket-services.ts';
import { moduleRows, parseTcpTable } from '../../../src/sources/poll/tcp-table.ts';
import { BASE, type BuiltTcpRow, tcp4ModuleTable, tcp6ModuleTable } from '../../helpers/foreign-memory.ts';
import { aService } from '../../helpers/observations.ts';

const SHARED = 1000;
const shared = sharedProcesses([
  aService({ name: 'Dnscache', pid: SHARED }),
  aService({ name: 'LanmanWorkstation', pid: SHARED }),
  aService({ name: 'Alone', pid: 2000 }),
  aService({ name: 'Stopped', pid: 0, state: 1 }),
  aService({ name: 'StoppedToo', pid: 0, state: 1 }),
]);

/** Answers by the first opaque number of an IPv4 or IPv6 row, at its offset in the vendor's headers. */
const answering = (answers: Readonly<Record<string, string | number>>) => {
  const asked: string[] = [];
  const call: ModuleCall = (family, row) => {
    assert.equal(row.length, family === 4 ? 160 : 192);
    const module = String(row.readBigUInt64LE(family === 4 ? 32 : 64));
    asked.push(`${family} ${row.readUInt32LE(family === 4 ? 20 : 52)} ${module}`);
    const answer = answers[module] ?? '';
    if (typeof answer === 'number') throw new Win32Error('GetOwnerModuleFromTcpEntry', answer);
    return answer;
  };
  return { call, asked };
};

const row = (pid: number, module: number, localPort = 80): BuiltTcpRow => ({
  state: 2,
  local: [0, 0, 0, 0],
  localPort,
  remote: [0, 0, 0, 0],
  remotePort: 0,
  pid,
  module: BigInt(module),
});

function readRows(reader: SocketServiceReader, rows: readonly BuiltTcpRow[]) {
  const buffer = new ForeignBuffer(tcp4ModuleTable(rows).bytes, BASE);
  return reader.read(buffer, parseTcpTable(buffer, moduleRows[4], 1), moduleRows[4]);
}

function round(reader: SocketServiceReader, rows: readonly BuiltTcpRow[]) {
  reader.beginRound(shared);
  const services = readRows(reader, rows);
  return { services, degraded: reader.endRound() };
}

test('a process is shared when it has at least two services', () => {
  assert.deepEqual(
    [...shared].map(([pid, names]) => [pid, [...names.values()]]),
    [[SHARED, ['Dnscache', 'LanmanWorkstation']]],
  );
});

test('rows of shared processes get the name of the SCM; files and other modules are no services', () => {
  const { call, asked } = answering({ 1: 'DNSCACHE', 2: 'LanmanWorkstation', 3: 'svchost.exe', 4: 'Alone' });
  const { services, degraded } = round(new SocketServiceReader(call), [
    row(SHARED, 1),
    row(2000, 2),
    row(4, 2),
    row(SHARED, 2),
    row(SHARED, 3),
    row(SHARED, 4),
  ]);
  assert.deepEqual(services, [
    { row: 0, name: 'Dnscache' },
    { row: 3, name: 'LanmanWorkstation' },
  ]);
  assert.deepEqual(degraded, []);
  assert.deepEqual(asked, ['4 1000 1', '4 1000 2', '4 1000 3', '4 1000 4']);
});

test('reads IPv6 rows with their own call', () => {
  const { call, asked } = answering({ 1: 'Dnscache' });
  const reader = new SocketServiceReader(call);
  const zeros = new Array<number>(16).fill(0);
  const buffer = new ForeignBuffer(tcp6ModuleTable([{ ...row(SHARED, 1), local: zeros, remote: zeros }]).bytes, BASE);
  reader.beginRound(shared);
  assert.deepEqual(reader.read(buffer, parseTcpTable(buffer, moduleRows[6], 1), moduleRows[6]), [
    { row: 0, name: 'Dnscache' },
  ]);
  assert.deepEqual(asked, ['6 1000 1']);
});

test('keeps an answer for all rows with the same module until none is left', () => {
  const { call, asked } = answering({ 1: 'Dnscache' });
  const reader = new SocketServiceReader(call);
  const two = [row(SHARED, 1, 53), row(SHARED, 1, 54)];
  for (let i = 0; i < 3; i++) assert.equal(round(reader, two).services?.length, 2);
  assert.equal(asked.length, 1);
  round(reader, []);
  round(reader, two);
  assert.equal(asked.length, 2);
});

test('reports a refusal with its right, returns no services, and tries again in the next round', () => {
  const { call, asked } = answering({ 1: 5 });
  const reader = new SocketServiceReader(call);
  for (let i = 1; i <= 2; i++) {
    const { services, degraded } = round(reader, [row(SHARED, 1), row(SHARED, 1, 81)]);
    assert.equal(services, undefined);
    assert.equal(degraded.length, 1);
    assert.equal(degraded[0]!.part, 'services behind the sockets of shared processes');
    assert.equal(degraded[0]!.code, 5);
    assert.match(degraded[0]!.requiredRight ?? '', /administrator/);
    assert.equal(asked.length, i);
  }
});

test('reports missing rights when all names are empty', () => {
  const { services, degraded } = round(new SocketServiceReader(answering({}).call), [row(SHARED, 1)]);
  assert.equal(services, undefined);
  assert.match(`${degraded[0]?.reason} ${degraded[0]?.requiredRight}`, /empty names .*administrator/);
});

test('returns the other names when one row fails', () => {
  const { services, degraded } = round(new SocketServiceReader(answering({ 1: 8, 2: 'Dnscache' }).call), [
    row(SHARED, 1),
    row(SHARED, 2),
  ]);
  assert.deepEqual(services, [{ row: 1, name: 'Dnscache' }]);
  assert.deepEqual([degraded.length, degraded[0]!.code, degraded[0]!.requiredRight], [1, 8, undefined]);
});

test('a socket without a module or of an ended process has no service and is no failure', () => {
  // ERROR_NOT_FOUND and ERROR_PARTIAL_COPY.
  const { call, asked } = answering({ 1: 1168, 2: 299 });
  const reader = new SocketServiceReader(call);
  for (let i = 0; i < 2; i++) {
    const { services, degraded } = round(reader, [row(SHARED, 1), row(SHARED, 2)]);
    assert.deepEqual([services, degraded], [[], []]);
  }
  assert.equal(asked.length, 2);
});

test('an empty name among others is no sign of missing rights', () => {
  const { services, degraded } = round(new SocketServiceReader(answering({ 2: 'Dnscache' }).call), [
    row(SHARED, 1),
    row(SHARED, 2),
  ]);
  assert.deepEqual([services, degraded], [[{ row: 1, name: 'Dnscache' }], []]);
});

test('without a row of a shared process nothing is missing', () => {
  assert.deepEqual(round(new SocketServiceReader(answering({}).call), [row(2000, 1)]), { services: [], degraded: [] });
});

test('limits the calls of a round, and continues in the next', () => {
  const rows = Array.from({ length: 450 }, (_, i) => row(SHARED, i + 1));
  const { call, asked } = answering(Object.fromEntries(rows.map((_, i) => [i + 1, 'Dnscache'])));
  const reader = new SocketServiceReader(call);
  const first = round(reader, rows);
  assert.deepEqual([first.services?.length, asked.length], [200, 200]);
  assert.match(first.degraded[0]!.reason, /^250 sockets are left/);
  assert.deepEqual(
    [round(reader, rows), round(reader, rows)].map(({ services, degraded }) => [services?.length, degraded.length]),
    [
      [400, 1],
      [450, 0],
    ],
  );
  assert.equal(asked.length, 450);
});

test('reports a system without tables with module information', () => {
  const reader = new SocketServiceReader(answering({}).call);
  reader.beginRound(shared);
  reader.reportFailure(new Win32Error('GetExtendedTcpTable', 50));
  const [degraded] = reader.endRound();
  assert.deepEqual([degraded!.code, degraded!.requiredRight], [50, undefined]);
  assert.match(degraded!.consequence ?? '', /group of services/);
});
