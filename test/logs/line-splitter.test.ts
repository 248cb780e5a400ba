// Lines of a stream of bytes, which is read in chunks of any size.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LineSplitter } from '../../src/logs/line-splitter.ts';
import { LogStream } from '../../src/logs/log-stream.ts';
import { below, seeded } from '../helpers/random.ts';

function linesOf(chunks: readonly Uint8Array[], maxLineBytes = 1000): { lines: string[]; cutLines: number } {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxLineBytes, (line) => lines.push(line));
  for (const chunk of chunks) {
    const shared = Uint8Array.from(chunk);
    splitter.push(shared);
    // The reader uses its buffer again.
    shared.fill(0x78);
  }
  splitter.end();
  return { lines, cutLines: splitter.cutLines };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('gives the same messages however the bytes are split into chunks', () => {
  const text =
    '05:06:07 ERROR gâte 🚀\r\n\tat a\n\n05:06:08 INFO ok\n{"msg":"x","level":"warn"}\nTraceback a\n  b\nE: c\nfin';
  const whole = bytes(text);
  const messagesOf = (lines: readonly string[]): string[] => {
    const messages: string[] = [];
    const stream = new LogStream<object>({
      rules: 'coroot',
      json: true,
      jsonLines: true,
      entryLevelFirst: true,
      wholeEntries: false,
      createdMonoMs: 0,
      onMessage: ({ level, body }) => messages.push(`${level} ${body}`),
    });
    for (const line of lines) stream.push(line, 0, {});
    stream.end(0);
    return messages;
  };
  const expected = messagesOf(text.split('\n'));
  const random = seeded(6);
  for (let run = 0; run < 500; run++) {
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < whole.length; ) {
      const to = from + 1 + below(random, run % 2 ? 3 : 60);
      chunks.push(whole.subarray(from, to));
      from = to;
    }
    const { lines } = linesOf(chunks);
    assert.deepEqual(lines, text.split('\n'));
    assert.deepEqual(messagesOf(lines), expected);
  }
});

test('keeps empty lines, and a last line without a line feed', () => {
  assert.deepEqual(linesOf([bytes('\n\na\n'), bytes('b')]).lines, ['', '', 'a', 'b']);
  assert.deepEqual(linesOf([bytes('a\n')]).lines, ['a']);
});

test('keeps the start of a line that is too long, counts it once, and reads the next line', () => {
  assert.deepEqual(linesOf([bytes('abc'), bytes('defg'), bytes('hi\njk\n')], 5), {
    lines: ['abcde', 'jk'],
    cutLines: 1,
  });
  assert.deepEqual(linesOf([bytes('abcde'), bytes('f')], 5), { lines: ['abcde'], cutLines: 1 });
});

test('replaces invalid UTF-8 and keeps a byte order mark', () => {
  assert.deepEqual(linesOf([Uint8Array.of(0x61, 0xff, 0x0a), bytes('\ufeffb\n')]).lines, ['a\ufffd', '\ufeffb']);
});
