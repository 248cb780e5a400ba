// The language rules that a program can check: line lengths, lengths of titles, and words that names and prose do not use.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Piece, textOf, wordsOf } from '../helpers/prose.ts';

const MAX_SOURCE_COLUMNS = 120;
const MAX_DOC_COLUMNS = 160;
const MAX_TITLE_CHARACTERS = 90;

/** Folders and files with longer lines, each with the reason. */
const longLines: Readonly<Record<string, string>> = {
  'src/native/': 'C prototypes and addresses of the vendor’s pages stay on one line',
  'scripts/lib/api-page.ts': 'paragraphs of a generated page',
  'scripts/lib/generated-docs.ts': 'paragraphs of generated pages',
  'scripts/lib/security-page.ts': 'paragraphs of a generated page',
  'scripts/lib/bundle-options.ts': 'a line of code that the bundler inserts',
};
const mayHaveLongLines = (file: string): boolean => Object.keys(longLines).some((prefix) => file.startsWith(prefix));

/** Words that hide what a name stands for, each with terms to use instead. */
const vagueNames: Readonly<Record<string, string>> = {
  told: 'reported, accounted',
  untold: 'unreported',
  tell: 'report, notify, write',
  tells: 'reports',
  look: 'scan, tick, attempt',
  looks: 'scans, ticks',
  looked: 'scanned',
  whose: 'owner',
  whoever: 'caller, reader, owner',
  nobody: 'unattributed, none',
  somebody: 'owner, caller, user',
  anew: 'again, restarted',
  lives: 'instances',
  books: 'accounting',
  ledger: 'tracker',
  unpaid: 'unattributed',
  uncounted: 'unattributed',
  death: 'exit, termination',
  die: 'exit, terminate',
  hears: 'receives',
};

/** Idioms that a reader has to decode, in comments, titles and docs. */
const idioms = /\b(?:whoever|nobody|somebody|anew|untold|for ever|by and by|takes? in|in the place of|lives of)\b/i;

const read = (patterns: readonly string[]): [file: string, text: string][] =>
  globSync([...patterns])
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .map((file) => [file, readFileSync(file, 'utf8').replaceAll('\r', '')]);

/** This file, which has the lists of words. */
const SELF = 'test/repo/language.test.ts';

const typescript = read(['src/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.{ts,mjs}', 'test/**/*.{ts,mjs}']).filter(
  ([file]) => file !== SELF,
);
const others = read(['CorootAgent/**/*.{ps1,psm1,psd1}', 'Pester/**/*.ps1', 'test/**/*.{c,h}', 'docs/checks/*.ps1']);
const docs = read(['*.md', 'docs/**/*.md']);
const pieces = typescript.map(([file, text]) => ({ file, ...textOf(file, text) }));

const place = (file: string, { line, text }: Piece): string => `${file}:${line}: ${text.slice(0, 120)}`;

/** A line that is a literal, e.g. a path, a hash or a record of a tape. */
const isLiteral = (line: string): boolean => /^\s*(?:\/\^|['"`])/.test(line);

test(`no line of a source is longer than ${MAX_SOURCE_COLUMNS} characters, except literals and listed files`, () => {
  const found = [...typescript, ...others].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, i) => (line.length > MAX_SOURCE_COLUMNS && !isLiteral(line) ? [{ file, line: i + 1 }] : [])),
  );
  assert.deepEqual(
    found.filter(({ file }) => !mayHaveLongLines(file)).map(({ file, line }) => `${file}:${line}`),
    [],
  );
  const unused = Object.keys(longLines).filter((prefix) => !found.some(({ file }) => file.startsWith(prefix)));
  assert.deepEqual(unused, [], 'listed without need');
});

test(`no line of a doc page is longer than ${MAX_DOC_COLUMNS} characters outside of tables and code`, () => {
  const found = docs.flatMap(([file, text]) => {
    let code = false;
    return text.split('\n').flatMap((line, i) => {
      if (line.startsWith('```')) code = !code;
      return !code && !line.startsWith('|') && line.length > MAX_DOC_COLUMNS ? [`${file}:${i + 1}`] : [];
    });
  });
  assert.deepEqual(found, []);
});

test(`no test title is longer than ${MAX_TITLE_CHARACTERS} characters`, () => {
  const found = pieces.flatMap(({ file, titles }) =>
    titles
      .filter(({ text }) => text.replace(/\$\{[^}]*\}/g, '').length > MAX_TITLE_CHARACTERS)
      .map((title) => place(file, title)),
  );
  assert.deepEqual(found, []);
});

test('no declared name uses a word of the list', () => {
  const found = pieces.flatMap(({ file, names }) =>
    names
      .filter(({ text }) => wordsOf(text).some((word) => Object.hasOwn(vagueNames, word)))
      .map((name) => place(file, name)),
  );
  assert.deepEqual(found, []);
});

test('no comment, test title or doc page uses an idiom of the list', () => {
  const inSources = pieces.flatMap(({ file, comments, titles }) =>
    [...comments, ...titles].filter(({ text }) => idioms.test(text)).map((piece) => place(file, piece)),
  );
  const inLines = [...others, ...docs].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, i) => (idioms.test(line) ? [place(file, { line: i + 1, text: line })] : [])),
  );
  assert.deepEqual([...inSources, ...inLines], []);
});

test('the checks find names, comments and titles', () => {
  const { names, comments, titles } = textOf(
    'a.ts',
    "// A comment.\nclass A { #toldBytes = 1; /** Another. */ look(): void {} }\nconst { x: lives } = y;\ntest('a title', () => {});\n",
  );
  assert.deepEqual(
    names.map(({ text }) => text),
    ['A', 'toldBytes', 'look', 'lives'],
  );
  assert.deepEqual(
    comments.map(({ line }) => line),
    [1, 2],
  );
  assert.deepEqual(titles, [{ line: 4, text: 'a title' }]);
  assert.deepEqual(wordsOf('toldHTTPBytes_LIVES'), ['told', 'http', 'bytes', 'lives']);
  assert.equal(wordsOf('lookup').includes('look'), false);
});
