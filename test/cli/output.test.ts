// Output of commands: tables, sizes, durations, exit codes and lists of facts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { formatBytes, formatDuration, formatExitCode, formatSeconds, formatTime } from '../../cli/format.ts';
import { printFacts, printJson, printLine, printTable } from '../../cli/output.ts';

test('formats sizes with a binary unit', () => {
  const expected: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_572_864, '1.5 MiB'],
    [1024 ** 3 * 150, '150 GiB'],
  ];
  for (const [bytes, text] of expected) assert.equal(formatBytes(bytes), text);
});

test('formats small exit codes as decimal and large ones as hexadecimal numbers', () => {
  assert.deepEqual([0, 1067, 0xffff, 0xc0000005].map(formatExitCode), ['0', '1067', '65535', '0xc0000005']);
});

test('formats durations with their two largest units', () => {
  const expected: [number, string][] = [
    [0, '0 s'],
    [0.4, '0 s'],
    [59.9, '59 s'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [3661, '1 h 1 min'],
    [90_000, '1 d 1 h'],
    [86_405, '1 d'],
  ];
  for (const [seconds, text] of expected) assert.equal(formatDuration(seconds), text);
  assert.equal(formatSeconds(1.234), '1.23 s');
  assert.equal(formatSeconds(12.34), '12.3 s');
  assert.equal(formatSeconds(125), '2 min 5 s');
});

test('formats times as local time, and 0 as empty text', () => {
  assert.equal(formatTime(0), '');
  assert.equal(formatTime(new Date(2026, 0, 2, 3, 4, 5).getTime()), '2026-01-02 03:04:05');
});

test('prints tables with aligned columns and complete values', () => {
  let text = '';
  const rows = [
    { name: 'a', count: 5 },
    { name: 'x'.repeat(300), count: 1234 },
  ];
  printTable(
    (part) => {
      text += part;
    },
    [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'COUNT', value: ({ count }) => String(count), align: 'right' },
    ],
    rows,
  );
  const lines = stripVTControlCharacters(text).trimEnd().split('\n');
  assert.deepEqual(lines, [`NAME${' '.repeat(298)}COUNT`, `a${' '.repeat(305)}5`, `${'x'.repeat(300)}   1234`]);
});

test('prints a message for an empty table', () => {
  let text = '';
  printTable(
    (part) => {
      text += part;
    },
    [],
    [],
  );
  assert.equal(text, 'Nothing found.\n');
});

test('makes unsafe characters of cells, facts and lines visible', () => {
  let text = '';
  const out = (part: string): void => {
    text += part;
  };
  const name = 'a\u202eb\u0085\u200b';
  printTable(out, [{ title: 'NAME', value: (row: string) => row }], [name]);
  printFacts(out, [['Name', name]]);
  printLine(out, `removed: ${name}\nremoved: nothing`);
  assert.equal(text.match(/a<U\+202E>b<U\+0085><U\+200B>/g)?.length, 3);
  assert.match(text, /\u240aremoved: nothing\n$/);
});

test('escapes unsafe characters in JSON without changing its value', () => {
  let text = '';
  const value = { 'k\u202e': ['\u009b31m', '\u007f', '\u{e0041}', '\u2028', 'a\nb', 'plain ä 😀'] };
  printJson((part) => {
    text += part;
  }, value);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(text.includes('\\u202e') && text.includes('\\u009b') && text.includes('\\udb40\\udc41'), text);
  assert.ok(text.includes('plain ä 😀'), text);
  assert.ok(!/[\u007f-\u009f\u202e\u2028\u{e0041}]/u.test(text));
});

test('prints aligned facts and replaces control characters in them', () => {
  let text = '';
  const out = (part: string): void => {
    text += part;
  };
  printFacts(out, [
    ['Node', 'a\u001b[31m'],
    ['Memory', '1 B'],
  ]);
  assert.equal(text, `Node        a\u241b[31m\nMemory      1 B\n\n`);
});
