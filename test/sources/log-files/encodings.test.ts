// Encodings of text files.
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ReaderFixture } from '../../helpers/file-reader.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const text = 'Grüße\nżółć 日本 🚀\n\u0a0a\n';
const lines = ['Grüße', 'żółć 日本 🚀', '\u0a0a'];

function read(content: Uint8Array, encoding = 'windows-1252'): string[] {
  using logs = new ReaderFixture({ targets: [{ fromStart: true }], encoding });
  writeFileSync(logs.path('app.log'), content);
  return logs.read();
}

test('reads UTF-8 with and without a byte order mark', () => {
  assert.deepEqual(read(Buffer.from(text)), lines);
  assert.deepEqual(read(Buffer.from(`\ufeff${text}`)), lines);
});

test('reads UTF-16 of both byte orders by its mark', () => {
  assert.deepEqual(read(utf16(`\ufeff${text}`)), lines);
  assert.deepEqual(read(utf16(`\ufeff${text}`).swap16()), lines);
});

test('reads UTF-16 in pieces of single bytes, and behind a stored position', () => {
  using logs = new ReaderFixture();
  logs.read();
  const bytes = utf16(`\ufeff${text}`);
  const bodies: string[] = [];
  for (const [index, byte] of bytes.entries()) {
    appendFileSync(logs.path('app.log'), Uint8Array.of(byte));
    bodies.push(...logs.read());
    if (index % 5 === 0) logs.restart();
  }
  assert.deepEqual(bodies, lines);
});

test('reads a file in the code page once a line is no UTF-8', () => {
  const latin = Buffer.from('plain\nGr\xfc\xdfe\nna\xefve\n', 'latin1');
  assert.deepEqual(read(latin), ['plain', 'Grüße', 'naïve']);
  // 0x81 0x40 is one character of Shift JIS; 日本 in it.
  assert.deepEqual(read(Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x0a]), 'shift_jis'), ['日本']);
  assert.deepEqual(read(Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0x0a]), 'gbk'), ['你好']);
});

test('stays with UTF-8 after a line that showed it, and replaces invalid bytes', () => {
  const mixed = Buffer.concat([Buffer.from('Grüße\n'), Buffer.from([0x61, 0xff, 0x0a])]);
  assert.deepEqual(read(mixed), ['Grüße', 'a\ufffd']);
});

test('decides for each file', () => {
  using logs = new ReaderFixture({ targets: [{ pattern: '*.log', fromStart: true }] });
  writeFileSync(logs.path('a.log'), Buffer.from('Gr\xfc\xdfe\n', 'latin1'));
  writeFileSync(logs.path('b.log'), 'Grüße\n');
  assert.deepEqual(logs.read(), ['Grüße', 'Grüße']);
});
