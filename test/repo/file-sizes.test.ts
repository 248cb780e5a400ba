// Files stay small: typically under 100 lines, few above 250, and above 400 only with a reason in this file.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const TYPICAL = 100;
const LARGE = 250;
const LIMIT = 400;

/** Files above the limit, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'test/collectors/pass.test.ts': 'the list of every series of a small host',
  'test/model/net/tracker/events.test.ts': 'every order in which the events of a connection can arrive',
  'test/model/processes/process-instances.test.ts': 'every order of process lists and events for one pid',
};

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
const filesAbove = (limit: number, only = ''): string[] =>
  [...sizes].filter(([file, lines]) => lines > limit && file.startsWith(only)).map(([file]) => file);

test(`only the listed files have more than ${LIMIT} lines`, () => {
  assert.ok(sizes.size > 100);
  assert.deepEqual(filesAbove(LIMIT).sort(), Object.keys(exceptions).sort());
});

test(`half of the sources have at most ${TYPICAL} lines, and few have more than ${LARGE}`, (t) => {
  const sources = [...sizes.keys()].filter((file) => file.startsWith('src/')).length;
  assert.ok(filesAbove(TYPICAL, 'src/').length <= sources / 2);
  const large = filesAbove(LARGE);
  t.diagnostic(`above ${LARGE}: ${large.join(', ') || 'none'}`);
  assert.ok(filesAbove(LARGE, 'src/').length <= 5, filesAbove(LARGE, 'src/').join(', '));
});
