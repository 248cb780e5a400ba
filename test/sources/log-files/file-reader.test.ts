// Following files through rotation, truncation, deletion and restarts, with real files.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Activity } from '../../../src/sources/activity.ts';
import { diskAccess, type FileAccess } from '../../../src/sources/log-files/file-access.ts';
import { ReaderFixture } from '../../helpers/file-reader.ts';

test('reads an existing file from its end at the first start', () => {
  using logs = new ReaderFixture();
  writeFileSync(logs.path('app.log'), 'old\n');
  assert.deepEqual(logs.read(), []);
  appendFileSync(logs.path('app.log'), 'new\n');
  assert.deepEqual(logs.read(), ['new']);
});

test('reads an existing file from its beginning if its target says so', () => {
  using logs = new ReaderFixture({ targets: [{ fromStart: true }] });
  writeFileSync(logs.path('app.log'), 'a\nb\n');
  assert.deepEqual(logs.read(), ['a', 'b']);
});

test('waits for a file that appears later and reads it from its beginning', () => {
  using logs = new ReaderFixture();
  assert.deepEqual(logs.read(), []);
  assert.equal(logs.files()[0]!.state, 'waiting');
  writeFileSync(logs.path('app.log'), 'first\n');
  assert.deepEqual(logs.read(), ['first']);
  assert.equal(logs.files()[0]!.state, 'reading');
});

test('reads a file that was created after the first start from its beginning, found in any way', () => {
  for (const pattern of ['app.log', 'a*.log', 'sub*/x?.log']) {
    using logs = new ReaderFixture({ targets: [{ pattern }], wallMs: Date.now() - 60_000 });
    mkdirSync(logs.path('sub1'));
    writeFileSync(logs.path(pattern.startsWith('sub') ? 'sub1/x1.log' : 'app.log'), 'first\n');
    assert.deepEqual(logs.read(), ['first'], pattern);
  }
});

test('completes a line that was written in many pieces', () => {
  using logs = new ReaderFixture();
  logs.read();
  for (const piece of ['o', 'n', 'e ', 'li', 'ne']) {
    appendFileSync(logs.path('app.log'), piece);
    assert.deepEqual(logs.read(), []);
  }
  appendFileSync(logs.path('app.log'), '\n');
  assert.deepEqual(logs.read(), ['one line']);
});

test('reads the rest of a renamed file before the new one', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\nb\n');
  logs.read();
  appendFileSync(logs.path('app.log'), 'c\nd\n');
  renameSync(logs.path('app.log'), logs.path('app.log.1'));
  writeFileSync(logs.path('app.log'), 'e\n');
  assert.deepEqual(logs.read(), ['c', 'd', 'e']);
  appendFileSync(logs.path('app.log'), 'f\n');
  assert.deepEqual(logs.read(), ['f']);
});

test('reads all files of several rotations between two polls, in their order', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\n');
  logs.read();
  appendFileSync(logs.path('app.log'), 'b\n');
  renameSync(logs.path('app.log'), logs.path('app.log.3'));
  writeFileSync(logs.path('app.log.2'), 'c\n');
  writeFileSync(logs.path('app.log.1'), 'd\n');
  writeFileSync(logs.path('app.log'), 'e\n');
  assert.deepEqual(logs.read(), ['b', 'c', 'd', 'e']);
});

test('passes on a partial last line of a rotated file once, completed or not', () => {
  for (const completion of ['', 'end\n']) {
    using logs = new ReaderFixture();
    logs.read();
    writeFileSync(logs.path('app.log'), 'start ');
    logs.read();
    renameSync(logs.path('app.log'), logs.path('app.log.1'));
    writeFileSync(logs.path('app.log'), 'next\n');
    logs.clock.mono += 100;
    logs.reader.read({ eventRecords: [], fileMessages: [], positions: {} }, logs.clock.mono, Number.POSITIVE_INFINITY);
    appendFileSync(logs.path('app.log.1'), completion);
    assert.deepEqual(logs.read(), [completion === '' ? 'start' : 'start end', 'next']);
  }
});

test('reads a truncated file from its beginning and counts what was lost', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a longer line\n');
  logs.read();
  truncateSync(logs.path('app.log'), 0);
  appendFileSync(logs.path('app.log'), 'b\n');
  assert.deepEqual(logs.read(), ['b']);
  assert.equal(logs.files()[0]!.lostBytes, 0);
});

test('notices a truncated file that has grown beyond the old offset between two polls', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\n');
  logs.read();
  truncateSync(logs.path('app.log'), 0);
  appendFileSync(logs.path('app.log'), 'b\nc\nd\n');
  assert.deepEqual(logs.read(), ['b', 'c', 'd']);
});

test('notices a truncated file with the same bytes before the old offset by its start', () => {
  using logs = new ReaderFixture();
  logs.read();
  const same = 'tick\n'.repeat(40);
  writeFileSync(logs.path('app.log'), `start 1\n${same}`);
  logs.read();
  truncateSync(logs.path('app.log'), 0);
  appendFileSync(logs.path('app.log'), `start 2\n${same}more\n`);
  assert.equal(logs.read()[0], 'start 2');
});

test('reads a file that replaced a deleted one from its beginning', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\npartial');
  logs.read();
  rmSync(logs.path('app.log'));
  assert.deepEqual(logs.read(), ['partial']);
  assert.equal(logs.files()[0]!.state, 'waiting');
  writeFileSync(logs.path('app.log'), 'aa\nbb\n');
  assert.deepEqual(logs.read(), ['aa', 'bb']);
});

test('continues behind the stored position after a restart', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\nb\n');
  assert.deepEqual(logs.read(), ['a', 'b']);
  logs.restart();
  appendFileSync(logs.path('app.log'), 'c\n');
  assert.deepEqual(logs.read(), ['c']);
});

test('continues after a restart although the file was rotated meanwhile', () => {
  for (const name of ['app.log.1', 'app.log.3', 'app-2026-01-31.log']) {
    using logs = new ReaderFixture();
    logs.read();
    writeFileSync(logs.path('app.log'), 'a\n');
    logs.read();
    logs.reader.close();
    appendFileSync(logs.path('app.log'), 'b\n');
    renameSync(logs.path('app.log'), logs.path(name));
    if (name === 'app.log.3') for (const number of [2, 1]) writeFileSync(logs.path(`app.log.${number}`), `${number}\n`);
    writeFileSync(logs.path('app.log'), 'c\n');
    logs.restart();
    assert.deepEqual(logs.read(), name === 'app.log.3' ? ['b', '2', '1', 'c'] : ['b', 'c'], name);
    logs.restart();
    assert.deepEqual(logs.read(), []);
  }
});

test('reads a file from its beginning after a restart if its content was replaced meanwhile', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\nb\n');
  logs.read();
  truncateSync(logs.path('app.log'), 0);
  appendFileSync(logs.path('app.log'), 'c\nd\ne\n');
  logs.restart();
  assert.deepEqual(logs.read(), ['c', 'd', 'e']);
});

test('reads a message that was not complete at the stop again, as a whole', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), '10:00:00 first\n10:00:01 ERROR second\n\tat a\n');
  // One turn: the second message may still get lines.
  logs.clock.mono += 100;
  const batch = { eventRecords: [], fileMessages: [], positions: {} };
  logs.reader.read(batch, logs.clock.mono, Number.POSITIVE_INFINITY);
  Object.assign(logs.positions, batch.positions);
  logs.restart();
  appendFileSync(logs.path('app.log'), '\tat b\n');
  assert.deepEqual(logs.read(), ['10:00:01 ERROR second\n\tat a\n\tat b']);
});

test('a pattern that also matches rotated files reads no line twice, also after a restart', () => {
  using logs = new ReaderFixture({ targets: [{ pattern: 'app.log*' }], wallMs: Date.now() - 60_000 });
  writeFileSync(logs.path('app.log'), 'a\n');
  assert.deepEqual(logs.read(5100), ['a']);
  for (const round of [1, 2, 3]) {
    appendFileSync(logs.path('app.log'), `b${round}\n`);
    for (let number = round; number > 1; number--)
      renameSync(logs.path(`app.log.${number - 1}`), logs.path(`app.log.${number}`));
    renameSync(logs.path('app.log'), logs.path('app.log.1'));
    writeFileSync(logs.path('app.log'), `c${round}\n`);
    assert.deepEqual([...logs.read(5100), ...logs.read(5100)], [`b${round}`, `c${round}`]);
    if (round === 2) logs.restart();
  }
  logs.restart();
  assert.deepEqual(logs.read(5100), []);
});

test('a file with few lines is read within two turns, however much another one has', () => {
  using logs = new ReaderFixture({ targets: [{ pattern: 'app.log' }, { pattern: 'b.log', source: 'b' }] });
  logs.read();
  writeFileSync(logs.path('app.log'), 'a line\n'.repeat(1_000_000));
  writeFileSync(logs.path('b.log'), 'b line\n');
  logs.clock.mono += 1100;
  const batch = { eventRecords: [], fileMessages: [] as { source: string; records: unknown[] }[], positions: {} };
  // The flood fills the batch of the first turn; the second one begins with the other file.
  for (let turn = 0; turn < 2; turn++)
    assert.equal(logs.reader.read(batch as never, logs.clock.mono, Number.POSITIVE_INFINITY), true);
  // The message of the last line of a file is complete when it has been idle.
  const readBytes = Object.fromEntries(logs.files().map(({ source, readBytes: bytes }) => [source, bytes]));
  assert.equal(readBytes.b, 7);
  assert.ok(readBytes.app! <= 1024 * 1024, `${readBytes.app}`);
  assert.equal(logs.files()[0]!.lagBytes, 7_000_000 - readBytes.app!);
});

test('counts messages exactly and withholds records beyond the rate limit, by reason', () => {
  using logs = new ReaderFixture({ parser: { recordsPerSecond: 2 } });
  logs.read();
  writeFileSync(logs.path('app.log'), 'ERROR gate shut\n'.repeat(100));
  logs.read();
  const messages = logs.messages();
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  assert.equal(sum(messages.flatMap(({ counted }) => counted.map(({ count }) => count))), 100);
  const records = sum(messages.map((each) => each.records.length));
  assert.ok(records >= 20 && records <= 25, `${records}`);
  assert.equal(sum(messages.map(({ dropped }) => dropped.rate_limit ?? 0)), 100 - records);
  assert.equal(messages.flatMap(({ counted }) => counted.filter(({ sample }) => sample !== undefined)).length, 1);
});

test('follows a limited number of files and says how many are not read', () => {
  using logs = new ReaderFixture({ targets: [{ pattern: '*.log' }] });
  for (let i = 0; i < 1010; i++) writeFileSync(logs.path(`${i}.log`), '');
  logs.read();
  const problems = logs.files().filter(({ problem }) => problem !== undefined);
  assert.deepEqual(
    problems.map(({ problem }) => problem),
    ['10 files are not read: at most 1000 files are followed'],
  );
});

test('a file that cannot be read is reported and tried again while the others are read', () => {
  const { access, deny } = denying('app.log');
  using logs = new ReaderFixture({ targets: [{}, { pattern: 'b.log', source: 'b' }], access });
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\n');
  writeFileSync(logs.path('b.log'), 'b\n');
  deny.on = true;
  assert.deepEqual(logs.read(), ['b']);
  assert.equal(logs.files()[0]!.state, 'failed');
  assert.match(logs.files()[0]!.problem!, /EACCES/);
  deny.on = false;
  assert.deepEqual(logs.read(5100), ['a']);
  assert.equal(logs.files()[0]!.state, 'reading');
});

test('patterns of 500 containers are bounded and released when the containers are gone', () => {
  const targets = Array.from({ length: 500 }, (_, i) => ({
    pattern: `${i}.log`,
    owner: { docker: i.toString(16).padStart(64, '0') },
    source: 'stdout/stderr',
    format: 'docker' as const,
    fromStart: true,
  }));
  using logs = new ReaderFixture({ targets });
  const letters = (n: number) => n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);
  let lines = '';
  for (const level of ['WARN', 'ERROR', 'FATAL']) {
    for (let i = 0; i < 256; i++) {
      const words = `${letters(i + 1000)}a ${letters(i * 7 + 5000)}b ${letters(i * 13 + 9000)}c`;
      lines += `${JSON.stringify({ log: `${level} ${words}\n`, stream: 'stderr', time: '2026-01-01T00:00:00Z' })}\n`;
    }
  }
  for (let i = 0; i < 500; i++) writeFileSync(logs.path(`${i}.log`), lines);
  logs.read();
  assert.ok(logs.reader.patternBytes > 20 * 1024 * 1024, `${logs.reader.patternBytes}`);
  assert.ok(logs.reader.patternBytes <= 24 * 1024 * 1024, `${logs.reader.patternBytes}`);
  logs.reader.setFiles([]);
  logs.read(601_000);
  assert.equal(logs.reader.patternBytes, 0);
});

function denying(name: string) {
  const deny = { on: false };
  const disk = diskAccess(new Activity());
  const access: FileAccess = {
    ...disk,
    open(path) {
      if (deny.on && path.endsWith(name)) throw Object.assign(new Error(`EACCES: ${path}`), { code: 'EACCES' });
      return disk.open(path);
    },
  };
  return { access, deny };
}

test('a target that is removed and added again continues behind its last message', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\nb\n');
  logs.clock.mono += 100;
  logs.reader.read({ eventRecords: [], fileMessages: [], positions: {} }, logs.clock.mono, Number.POSITIVE_INFINITY);
  logs.reader.setFiles([]);
  assert.deepEqual(logs.read(), ['b']);
  appendFileSync(logs.path('app.log'), 'c\n');
  logs.reader.setFiles([logs.target()]);
  assert.deepEqual(logs.read(), ['c']);
});

test('reads on although the polls of all files take longer than a turn', () => {
  using logs = new ReaderFixture();
  logs.read();
  writeFileSync(logs.path('app.log'), 'a\n');
  logs.clock.mono += 1000;
  logs.reader.read({ eventRecords: [], fileMessages: [], positions: {} }, logs.clock.mono, logs.clock.mono - 1);
  assert.equal(logs.files()[0]!.readBytes, 2);
});
