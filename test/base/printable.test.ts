// Untrusted text for a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, printableJson, printableLines } from '../../src/base/printable.ts';

/** Examples by kind: controls of terminals, and the characters of https://www.unicode.org/reports/tr36/ and tr39. */
const unsafe: Record<string, number[]> = {
  'C0 and DEL': [0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f],
  C1: [0x80, 0x85, 0x90, 0x9b, 0x9c, 0x9d, 0x9f],
  bidirectional: [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  'zero-width': [0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x180e],
  invisible: [0x00ad, 0x034f, 0x115f, 0x3164, 0xffa0, 0x2061, 0x2064, 0x206a, 0xfe0f, 0xe0100],
  tags: [0xe0001, 0xe0041, 0xe007f],
  separators: [0x2028, 0x2029],
  annotations: [0xfff9, 0xfffb],
  surrogates: [0xd83d, 0xdca5],
};

for (const [kind, codes] of Object.entries(unsafe)) {
  test(`makes ${kind} characters visible`, () => {
    for (const code of codes) {
      const character = String.fromCodePoint(code);
      const shown = printable(`a${character}b`);
      assert.ok(!shown.includes(character), code.toString(16));
      assert.match(shown, /^a([\u2400-\u2421]|<U\+[0-9A-F]{4,6}>)b$/);
    }
  });
}

test('keeps text of any script and emoji', () => {
  for (const text of ['plain', 'Größe', '数据库', 'שלום', 'سلام', '😀', 'é', 'e\u0301', 'C:\\a b'])
    assert.equal(printable(text), text);
});

test('tells different characters apart', () => {
  assert.equal(printable('\u001b\u007f\u009b\u{e0041}'), '\u241b\u2421<U+009B><U+E0041>');
});

test('keeps only line feeds of a text with several lines', () => {
  assert.equal(printableLines('a\r\nb\n\u001b[2Jc\rd'), 'a\nb\n\u241b[2Jc\u240dd');
});

test('escapes the same characters in JSON, with surrogate pairs', () => {
  const value = Object.values(unsafe)
    .flat()
    .map((code) => String.fromCodePoint(code));
  const json = printableJson(JSON.stringify(value, null, 2));
  assert.equal(printable(json.replaceAll('\n', '')), json.replaceAll('\n', ''));
  assert.deepEqual(JSON.parse(json), value);
});
