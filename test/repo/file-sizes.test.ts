// Files stay small: under 100 lines as a rule, twice that with a reason, above 400 only what is listed here.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const TYPICAL = 100;
const LOOK_TWICE = 250;
const LIMIT = 450;

/** Files above the limit, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {};

const sizes = new Map(
  globSync([
    'src/**/*.ts',
    'cli/**/*.ts',
    'scripts/**/*.{ts,mjs}',
    'test/**/*.{ts,mjs,c,h}',
    'CorootAgent/**/*.ps1',
    'CorootAgent/*.psm1',
    'Pester/**/*.ps1',
  ]).map((file) => [file.replaceAll('\\', '/'), readFileSync(file, 'utf8').split('\n').length - 1] as const),
);
const longer = (limit: number, only = ''): string[] =>
  [...sizes].filter(([file, lines]) => lines > limit && file.startsWith(only)).map(([file]) => file);

test(`no file has more than ${LIMIT} lines but those that are listed, and none is listed in vain`, () => {
  assert.ok(sizes.size > 100);
  assert.deepEqual(longer(LIMIT).sort(), Object.keys(exceptions).sort());
});

test(`half of the sources stay under ${TYPICAL} lines, and few have more than ${LOOK_TWICE}`, (t) => {
  const sources = [...sizes.keys()].filter((file) => file.startsWith('src/')).length;
  assert.ok(longer(TYPICAL, 'src/').length <= sources / 2);
  const twice = longer(LOOK_TWICE);
  t.diagnostic(`above ${LOOK_TWICE}: ${twice.join(', ') || 'none'}`);
  assert.ok(longer(LOOK_TWICE, 'src/').length <= 6, longer(LOOK_TWICE, 'src/').join(', '));
});
