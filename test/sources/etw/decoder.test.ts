// The decoder: dispatch by provider, id and version, DNS and process events from bytes, counters of rejected events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventDecoder } from '../../../src/sources/etw/decoder.ts';
import { copyTable } from '../../../src/sources/etw/providers/tcp-columns.ts';
import {
  type BuiltEvent,
  connectByName,
  connectionResult,
  DNS_CLIENT,
  dnsAnswered,
  dnsAsked,
  event,
  KERNEL_PROCESS,
  processStart,
  processStop,
  rundown,
  summary,
  TCPIP,
  tcbAndAddresses,
} from '../../helpers/etw-builder.ts';
import { decodeAll, flushRows, viewOf } from '../../helpers/etw-decode.ts';
import { tcpEvents } from '../../helpers/event-tables.ts';

const AT = 1_767_300_000_123.5;

test('decodes a DNS request and its result, with the requesting process from the header', () => {
  const request = { name: 'Shop.Example.com.', type: 28, options: 0x4000_6000n };
  const results = '::ffff:192.0.2.7;type:  5 www.example.com;2001:db8::7;';
  const { dns, dropped } = decodeAll([
    dnsAsked(request, { atMs: AT, pid: 4242 }),
    dnsAnswered({ ...request, status: 9003, results }, { atMs: AT + 12.25, pid: 4242, containerId: 'a1b2c3' }),
  ]);
  const head = { pid: 4242, name: 'Shop.Example.com.', queryType: 28, options: 0x4000_6000 };
  assert.deepEqual(dropped, {});
  assert.deepEqual(dns, [
    { type: 'started', atMs: AT, ...head },
    { type: 'completed', atMs: AT + 12.25, ...head, status: 9003, results, containerId: 'a1b2c3' },
  ]);
});

test('decodes the low 53 bits of DNS query options exactly', () => {
  const options = [0x8_0000_4002_6000n, 0x1f_ffff_ffff_ffffn, 0xffe0_0000_0000_0001n, 0xffff_ffff_ffff_ffffn];
  const { dns } = decodeAll(options.map((bits) => dnsAsked({ name: 'a.example', options: bits })));
  assert.deepEqual(
    dns.map((record) => record.options),
    [0x8_0000_4002_6000, 2 ** 53 - 1, 1, 2 ** 53 - 1],
  );
});

test('drops a last DNS result that does not end in a semicolon, because it was cut', () => {
  const results = ['192.0.2.1;192.0.2.1', '192.0.2.1', '::ffff:192.0.2.7;type:  5 www.exam', '192.0.2.1;'];
  const { dns } = decodeAll(results.map((text) => dnsAnswered({ name: 'a.example', results: text })));
  assert.deepEqual(
    dns.map((record) => record.results),
    ['192.0.2.1;', '', '::ffff:192.0.2.7;', '192.0.2.1;'],
  );
});

test('decodes a DNS result without NUL, without addresses, and cut at the length limit', () => {
  const long = '2001:db8:1111:2222:3333:4444:5555:6666;'.repeat(400);
  const { dns } = decodeAll([
    dnsAnswered({ name: 'a.example', results: '192.0.2.1;', nul: false }),
    dnsAnswered({ name: 'a.example', status: 9501, nul: false }),
    dnsAnswered({ name: 'a.example', results: long }),
  ]);
  assert.equal(dns[0]!.results, '192.0.2.1;');
  assert.equal(dns[1]!.results, '');
  const kept = dns[2]!.results!;
  assert.ok(kept.length > 8000 && kept.length <= 8192, `${kept.length} characters`);
  assert.ok(long.startsWith(kept) && kept.endsWith(';'), 'the cut is behind a whole address');
});

test('removes trailing NULs from a container id', () => {
  const { dns } = decodeAll([
    dnsAsked({ name: 'a' }, { containerId: 'c0ffee\0\0' }),
    dnsAsked({ name: 'a' }, { containerId: '\0' }),
  ]);
  assert.equal(dns[0]!.containerId, 'c0ffee');
  assert.ok(!('containerId' in dns[1]!));
});

test('decodes each version of a process start, for mandatory labels of different lengths', () => {
  const image = '\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe';
  for (let version = 0; version <= 5; version++) {
    for (const sidParts of [0, 1, 5]) {
      const values = { processId: 900, createdAtMs: AT - 1, parentId: 800, sessionId: 2, image, sidParts };
      const { processes, dropped } = decodeAll([processStart(version, values, { atMs: AT, pid: 800 })]);
      assert.deepEqual(dropped, {});
      assert.deepEqual(
        processes,
        [
          {
            type: 'started',
            atMs: AT,
            pid: 900,
            createdAtMs: AT - 1,
            parentPid: 800,
            sessionId: 2,
            imageName: 'svchost.exe',
          },
        ],
        `version ${version}`,
      );
    }
  }
});

test('decodes each version of a process stop, with processor time when the frequency is known', () => {
  const values = { processId: 900, createdAtMs: AT - 5000, exitCode: 0xc000_0005, image: 'averylongimage', nul: false };
  const usage = {
    cycles: 7_500_000_000n,
    reads: 11,
    writes: 12,
    readKilobytes: 13,
    writtenKilobytes: 4_000_000_000,
    hardFaults: 14,
  };
  const head = {
    type: 'stopped',
    atMs: AT,
    pid: 900,
    createdAtMs: AT - 5000,
    exitCode: 0xc000_0005,
    imageName: 'averylongimage',
  };
  const io = {
    cycles: 7_500_000_000,
    reads: 11,
    writes: 12,
    readBytes: 13 * 1024,
    writtenBytes: 4_000_000_000 * 1024,
    hardFaults: 14,
  };
  const decode = (version: number, cpuMHz: number) =>
    decodeAll([processStop(version, { ...values, ...usage }, { atMs: AT })], cpuMHz).processes;
  assert.deepEqual(decode(0, 2500), [head]);
  for (const version of [1, 2]) {
    // 7.5 billion cycles at 2.5 GHz take three seconds.
    assert.deepEqual(decode(version, 2500), [{ ...head, cpuMs: 3000, ...io }]);
    assert.deepEqual(decode(version, 0), [{ ...head, ...io }]);
  }
});

test('does not decode an event id that another provider uses', () => {
  const { tcp, dns, processes, dropped } = decodeAll([
    event(DNS_CLIENT, 1033, 0, connectionResult(1033, 0, {}).payload),
    event(TCPIP, 3006, 0, dnsAsked({ name: 'a' }).payload),
    event(KERNEL_PROCESS, 1033, 0, Buffer.alloc(100)),
    event('00000000-0000-0000-0000-000000000000', 1033, 0, connectionResult(1033, 0, {}).payload),
  ]);
  assert.deepEqual([tcp.count, dns.length, processes.length], [0, 0, 0]);
  assert.deepEqual(dropped, {
    'not requested: dns-client 1033 v0': 1,
    'not requested: tcpip 3006 v0': 1,
    'not requested: kernel-process 1033 v0': 1,
    'not requested: unknown provider 1033 v0': 1,
  });
});

test('counts DNS and process events of an unknown version and leaves them out', () => {
  const newer = (built: BuiltEvent, version: number) => ({ ...built, version });
  const { dns, processes, dropped } = decodeAll([
    newer(dnsAsked({ name: 'a' }), 1),
    newer(dnsAnswered({ name: 'a' }), 2),
    newer(processStart(5, { processId: 1, createdAtMs: AT, image: 'a' }), 6),
    newer(processStop(2, { processId: 1, createdAtMs: AT, image: 'a' }), 3),
  ]);
  assert.deepEqual([dns.length, processes.length], [0, 0]);
  assert.deepEqual(Object.keys(dropped).sort(), [
    'unknown version: dns-client 3006 v1',
    'unknown version: dns-client 3008 v2',
    'unknown version: kernel-process 1 v6',
    'unknown version: kernel-process 2 v3',
  ]);
});

test('counts further events by reason alone once 64 events have a counter', () => {
  const flood = Array.from({ length: 1000 }, (_, id) => event(TCPIP, 2000 + id, 0, Buffer.alloc(0)));
  const { dropped } = decodeAll(flood);
  assert.equal(Object.keys(dropped).length, 65);
  assert.equal(
    Object.values(dropped).reduce((sum, count) => sum + count, 0),
    1000,
  );
  assert.equal(dropped['not requested'], 936);
});

/** The payload bytes that each event requires; the decoder does not read beyond them. */
const requiredBytes: readonly [BuiltEvent, number][] = [
  [connectionResult(1017, 1, {}), 60],
  [connectionResult(1033, 0, { local: '[::1]:1', remote: '[::1]:2' }), 84],
  [connectionResult(1034, 1, { local: '', remote: '' }), 28],
  [tcbAndAddresses(1002, {}), 56],
  [rundown(3, {}), 56],
  // The name may end with the payload, even inside a character; everything before it is required.
  [connectByName({ name: 'a.b' }), 56],
  [summary(1, {}), 220],
  [dnsAsked({ name: 'ab' }), 18],
  [dnsAnswered({ name: 'ab', results: '192.0.2.1' }), 22],
  [processStart(0, { processId: 1, createdAtMs: AT, image: 'a' }), 20],
  [processStart(5, { processId: 1, createdAtMs: AT, image: 'a', sidParts: 2 }), 64],
  [processStop(0, { processId: 1, createdAtMs: AT, image: 'a' }), 48],
  [processStop(2, { processId: 1, createdAtMs: AT, image: 'a' }), 84],
];

test('counts a truncated event as malformed, at every length', () => {
  for (const [built, least] of requiredBytes) {
    for (let length = 0; length <= built.payload.length; length++) {
      const { tcp, dns, processes, dropped } = decodeAll([{ ...built, payload: built.payload.subarray(0, length) }]);
      const rows = tcp.count + dns.length + processes.length;
      const label = `${built.id} v${built.version} of ${length} bytes`;
      assert.equal(rows, length >= least ? 1 : 0, label);
      const name = { [TCPIP]: 'tcpip', [DNS_CLIENT]: 'dns-client', [KERNEL_PROCESS]: 'kernel-process' }[built.provider];
      assert.deepEqual(dropped, rows === 1 ? {} : { [`malformed: ${name} ${built.id} v${built.version}`]: 1 }, label);
    }
  }
});

test('a malformed event leaves no value in the row of the next event', () => {
  const cut = summary(1, { bytesOut: 9, local: '1.2.3.4:5', remote: '6.7.8.9:10', tcb: 77n });
  const next = tcbAndAddresses(1187, { local: '', remote: '', tcb: 0n }, { atMs: AT });
  const { tcp } = decodeAll([
    { ...cut, payload: cut.payload.subarray(0, 210) },
    connectByName({ name: 'x'.repeat(2000) }),
    next,
  ]);
  assert.deepEqual(tcp, tcpEvents([{ type: 7, atMs: AT }]));
});

test('times outside 1970 to 9999, overlong names and overlong addresses are malformed', () => {
  const bad = connectionResult(1033, 0, {});
  const longAddress = Buffer.from(bad.payload);
  longAddress.writeUInt32LE(129, 0);
  const { tcp, dns, processes, dropped } = decodeAll([
    { ...bad, ticks: 0n },
    { ...bad, ticks: 0xffff_ffff_ffff_ffffn },
    { ...bad, payload: Buffer.concat([longAddress, Buffer.alloc(200)]) },
    dnsAsked({ name: 'n'.repeat(1025) }),
    dnsAsked({ name: 'a', type: 65_536 }),
    processStart(3, { processId: 1, createdAtMs: -5, image: 'a' }),
  ]);
  assert.deepEqual([tcp.count, dns.length, processes.length], [0, 0, 0]);
  assert.deepEqual(dropped, {
    'malformed: tcpip 1033 v0': 3,
    'malformed: dns-client 3006 v0': 2,
    'malformed: kernel-process 1 v3': 1,
  });
});

test('each flush pushes only new rows, and lent tables share memory', () => {
  const decoder = new EventDecoder();
  for (let i = 0; i < 3000; i++) decoder.decode(viewOf(connectionResult(1033, 1, { processId: i })));
  assert.equal(decoder.pending, 3000);
  const first = flushRows(decoder).tcp;
  const copy = copyTable(first);
  decoder.decode(viewOf(connectionResult(1033, 1, { processId: 9999 })));
  const second = flushRows(decoder).tcp;
  assert.deepEqual([first.count, second.count, decoder.pending], [3000, 1, 0]);
  assert.equal(second.pid[0], 9999);
  // The second table uses the memory of the first.
  const buffers = (table: object) =>
    Object.values(table).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer] : []));
  assert.deepEqual(buffers(second), buffers(first));
  assert.deepEqual([first.pid[0], first.pid[2999]], [9999, 2999]);
  for (const [name, column] of Object.entries(second)) {
    if (ArrayBuffer.isView(column))
      assert.equal(column.byteLength, name.endsWith('Address') ? 16 : (column as Uint8Array).BYTES_PER_ELEMENT, name);
  }
  // The copy does not change.
  assert.deepEqual([copy.count, copy.pid[0], copy.pid[2999], copy.name.length], [3000, 0, 2999, 3000]);
  assert.equal(new Set(buffers(copy)).size, buffers(copy).length);
});
