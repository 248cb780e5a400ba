// Lines of a stream of bytes, which is read in chunks of any size.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LineSplitter, type LineUnit } from '../../src/logs/line-splitter.ts';
import { LogStream } from '../../src/logs/log-stream.ts';
import { below, seeded } from '../helpers/random.ts';

const decoders = { byte: 'utf-8', 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be' } as const;

function linesOf(
  chunks: readonly Uint8Array[],
  maxLineBytes = 1000,
  unit: LineUnit = 'byte',
): { lines: string[]; cutLines: number } {
  const lines: string[] = [];
  const decoder = new TextDecoder(decoders[unit], { ignoreBOM: true });
  let size = 0;
  const splitter = new LineSplitter(maxLineBytes, unit, (line, bytes) => {
    lines.push(decoder.decode(line));
    size += bytes;
  });
  for (const chunk of chunks) {
    const shared = Uint8Array.from(chunk);
    splitter.push(shared);
    // The reader uses its buffer again.
    shared.fill(0x78);
  }
  const all = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  assert.equal(size + splitter.pendingBytes, all);
  splitter.end();
  assert.equal(size, all);
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

test('separates lines of UTF-16 at whole units only', () => {
  // U+0A0A has the byte of a line feed twice, U+010A and U+0A01 once.
  const text = 'a\u0a0a\u010a\u0a01b\n\nc\u0a00';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  for (let length = 2; length <= little.length; length += 2) {
    const chunks = (whole: Buffer) =>
      Array.from({ length: Math.ceil(whole.length / length) }, (_, i) => whole.subarray(i * length, (i + 1) * length));
    assert.deepEqual(linesOf(chunks(little), 1000, 'utf-16le').lines, text.split('\n'));
    assert.deepEqual(linesOf(chunks(big), 1000, 'utf-16be').lines, text.split('\n'));
  }
});
