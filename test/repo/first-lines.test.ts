// Every file begins with one sentence that describes it.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The reason why a first line is not a comment of one sentence, or undefined. */
function fault(line: string, mark: '//' | '#'): string | undefined {
  if (!line.startsWith(`${mark} `)) return 'no comment';
  const text = line.slice(mark.length + 1);
  if (!/^[A-Z0-9`"]|^[a-z0-9.-]+\.(dll|ts)\b/.test(text)) return 'does not begin like a sentence';
  if (!text.endsWith('.') && !/https:\S+$/.test(text)) return 'does not end like a sentence';
  // A full stop before a capital letter begins a second sentence.
  if (/[a-z)`]\. [A-Z]/.test(text)) return 'more than one sentence';
  return undefined;
}

/** The first sentence of the file, which may span several lines of the comment; without `#!`. */
function opening(file: string, mark: '//' | '#'): string {
  const [first, ...others] = readFileSync(file, 'utf8')
    .replaceAll('\r', '')
    .replace(/^#!.*\n/, '')
    .split('\n');
  let text = first!;
  for (const line of others) {
    if (text.endsWith('.') || !line.startsWith(`${mark} `)) break;
    text += line.slice(mark.length);
  }
  return text;
}

const faults = (files: readonly string[], mark: '//' | '#'): string[] =>
  files.flatMap((file) => {
    const why = fault(opening(file, mark), mark);
    return why ? [`${file}: ${why}`] : [];
  });

test('each TypeScript, JavaScript and C file begins with a comment of one sentence', () => {
  const files = globSync(['src/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.{ts,mjs}', 'test/**/*.{ts,mjs,c,h}']);
  assert.ok(files.length > 100);
  assert.deepEqual(faults(files, '//'), []);
});

test('the check finds first lines that are not one sentence', () => {
  assert.equal(fault('// Reads services.', '//'), undefined);
  assert.equal(fault('// ntdll.dll: the process list.', '//'), undefined);
  for (const line of [
    'import x',
    '//',
    '// reads services.',
    '// Reads services',
    '// Reads services. And more.',
    '/* Reads. */',
    '',
  ]) {
    assert.notEqual(fault(line, '//'), undefined, line);
  }
});
