// No source files import each other, imports of types included.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { importCycles, importGraph } from '../helpers/import-cycles.ts';

test('no files of src and cli import each other, directly or indirectly', () => {
  const files = globSync(['src/**/*.ts', 'cli/**/*.ts']).map((file) => file.replaceAll('\\', '/'));
  assert.ok(files.length > 50, `only ${files.length} files`);
  const cycles = importCycles(importGraph(files, (file) => readFileSync(file, 'utf8'))).map((each) => each.join(' '));
  assert.deepEqual(cycles, []);
});

const cyclesOf = (sources: Readonly<Record<string, string>>) =>
  importCycles(importGraph(Object.keys(sources), (file) => sources[file]!));

test('finds two files that import each other, also if they import types only', () => {
  const cycle = { 'src/a.ts': "import { b } from './b.ts';", 'src/b.ts': "import type { A } from './a.ts';" };
  assert.deepEqual(cyclesOf(cycle), [['src/a.ts', 'src/b.ts']]);
});

test('finds a cycle of three files in different folders, and a file that imports itself', () => {
  const sources = {
    'src/main.ts': "import './x/a.ts';",
    'src/x/a.ts': "export * from '../y/b.ts';",
    'src/y/b.ts': "const c = await import('./c.ts');",
    'src/y/c.ts': "import { a } from '../x/a.ts';",
    'src/d.ts': "import type { D } from './d.ts';",
  };
  assert.deepEqual(cyclesOf(sources), [['src/x/a.ts', 'src/y/b.ts', 'src/y/c.ts'], ['src/d.ts']]);
});

test('accepts a file that is imported along two paths', () => {
  const sources = {
    'src/a.ts': "import './b.ts'; import './c.ts'; import 'node:fs';",
    'src/b.ts': "import './d.ts';",
    'src/c.ts': "import './d.ts';",
    'src/d.ts': '',
  };
  assert.deepEqual(cyclesOf(sources), []);
});
