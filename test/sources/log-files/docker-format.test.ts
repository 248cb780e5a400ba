// Lines of Docker's json-file driver: pieces, streams and times.
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ReaderFixture } from '../../helpers/file-reader.ts';

const owner = { docker: 'c'.repeat(64) };
const fixture = () =>
  new ReaderFixture({ targets: [{ owner, source: 'stdout/stderr', format: 'docker', fromStart: true }] });

const line = (log: string, stream = 'stdout', time = '2026-01-31T10:00:00.1234567Z'): string =>
  `${JSON.stringify({ log, stream, time })}\n`;

test('keeps the stream and the time in units of 100 ns', () => {
  using logs = fixture();
  writeFileSync(logs.path('app.log'), line('gate shut\r\n', 'stderr'));
  logs.read();
  const [record] = logs.records();
  assert.equal(record!.atMs, Date.UTC(2026, 0, 31, 10, 0, 0, 123));
  assert.equal(record!.nanoseconds, 456_700);
  assert.deepEqual(record!.attributes, { 'pattern.hash': '', 'log.iostream': 'stderr' });
  assert.equal(record!.body, 'gate shut');
  assert.equal(logs.messages()[0]!.docker, owner.docker);
});

test('reads times with a shorter fraction or an offset, and uses the time of reading without one', () => {
  const times: [string, number, number][] = [
    ['2026-01-31T10:00:00Z', Date.UTC(2026, 0, 31, 10), 0],
    ['2026-01-31T10:00:00.5Z', Date.UTC(2026, 0, 31, 10, 0, 0, 500), 0],
    ['2026-01-31T18:00:00.0000001+08:00', Date.UTC(2026, 0, 31, 10), 100],
  ];
  for (const [time, atMs, nanoseconds] of times) {
    using logs = fixture();
    writeFileSync(logs.path('app.log'), line('a\n', 'stdout', time));
    logs.read();
    assert.deepEqual([logs.records()[0]!.atMs, logs.records()[0]!.nanoseconds], [atMs, nanoseconds]);
  }
  using logs = fixture();
  writeFileSync(logs.path('app.log'), line('a\n', 'stdout', 'yesterday'));
  const before = logs.clock.wall;
  logs.read();
  assert.ok(logs.records()[0]!.atMs >= before);
});

test('joins the pieces of long lines, also when the pieces of both streams alternate', () => {
  using logs = fixture();
  const [a, b] = ['a'.repeat(16_384), 'b'.repeat(16_384)];
  writeFileSync(logs.path('app.log'), line(a) + line(b, 'stderr') + line('A\n') + line('B\n', 'stderr'));
  assert.deepEqual(logs.read(), [`${a}A`, `${b}B`]);
});

test('joins pieces on both sides of a restart', () => {
  using logs = fixture();
  const piece = 'a'.repeat(16_384);
  writeFileSync(logs.path('app.log'), line('before\n') + line(piece));
  const batch = { eventRecords: [], fileMessages: [], positions: {} };
  logs.reader.read(batch, logs.clock.mono, Number.POSITIVE_INFINITY);
  Object.assign(logs.positions, batch.positions);
  logs.restart();
  appendFileSync(logs.path('app.log'), line('end\n'));
  assert.ok(logs.read().includes(`${piece}end`));
});

test('passes on a last line without a line feed after a second without another piece', () => {
  using logs = fixture();
  writeFileSync(logs.path('app.log'), line('prompt> '));
  assert.deepEqual([...logs.read(), ...logs.read()], ['prompt>']);
  appendFileSync(logs.path('app.log'), line('next\n'));
  assert.deepEqual(logs.read(), ['next']);
});

test('bounds a line of endless pieces and counts it', () => {
  using logs = fixture();
  const piece = line('x'.repeat(16_384));
  writeFileSync(logs.path('app.log'), piece.repeat(100) + line('\n'));
  const [body] = logs.read();
  assert.equal(body!.length, 65_536);
  assert.equal(logs.files()[0]!.dropped.cut_line, 1);
});

test('counts lines that are no JSON, and reads on', () => {
  using logs = fixture();
  writeFileSync(logs.path('app.log'), `{"log":"a\\n"\nnull byte \0\n[]\n{"log":7}\n${line('b\n')}`);
  assert.deepEqual(logs.read(), ['b']);
  assert.deepEqual(logs.files()[0]!.dropped, { invalid_docker_line: 4 });
});

test('groups lines with carriage returns as the log parser does', () => {
  using logs = fixture();
  const trace = ['10:00:00 ERROR a\r\n', '   at b\r\n', '10:00:01 INFO c\r\n'];
  writeFileSync(logs.path('app.log'), trace.map((text) => line(text)).join(''));
  assert.deepEqual(logs.read(), ['10:00:00 ERROR a\r\n   at b', '10:00:01 INFO c']);
});

test('takes a path with wildcard characters literally', { skip: process.platform === 'win32' }, () => {
  const pattern = '[a]*?.log';
  using logs = new ReaderFixture({
    targets: [{ owner, source: 'stdout/stderr', format: 'docker', fromStart: true, pattern }],
  });
  writeFileSync(logs.path('[a]bc.log'), line('another file\n'));
  writeFileSync(logs.path(pattern), line('gate shut\n'));
  assert.deepEqual(logs.read(), ['gate shut']);
  assert.deepEqual(
    logs.files().map(({ path }) => path),
    [logs.path(pattern)],
  );
});
