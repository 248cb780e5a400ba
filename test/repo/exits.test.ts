// Product code does not call process.exit(), which can wait without end: docs/adr/0012-forced-exit.md.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const names = new Set(['exit', 'reallyExit', 'abort']);

/** Lines that read one of these members from `process`, or from anything with that name. */
function exitsOf(file: string, text: string): number[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (
      ts.isPropertyAccessExpression(node) &&
      names.has(node.name.text) &&
      /\bprocess$/.test(node.expression.getText())
    )
      found.push(line);
    if (ts.isElementAccessExpression(node) && /\bprocess$/.test(node.expression.getText())) found.push(line);
    // `import { exit } from 'node:process'`, and destructuring of `process`.
    if (ts.isImportDeclaration(node) && /^'(node:)?process'$/.test(node.moduleSpecifier.getText())) found.push(line);
    if (
      ts.isVariableDeclaration(node) &&
      ts.isObjectBindingPattern(node.name) &&
      node.initializer?.getText() === 'process'
    )
      found.push(line);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('only src/exit.ts calls process.exit()', () => {
  const files = globSync(['src/**/*.ts', 'cli/**/*.ts']).map((file) => file.replaceAll('\\', '/'));
  assert.ok(files.length > 100);
  const locations = files.flatMap((file) => exitsOf(file, readFileSync(file, 'utf8')).map((line) => `${file}:${line}`));
  assert.deepEqual(
    [...new Set(locations.map((location) => location.replace(/:\d+$/, '')))],
    ['src/exit.ts'],
    locations.join(', '),
  );
});

test('the check finds each notation of a call, and nothing else', () => {
  const calls = [
    'process.exit(1);',
    'globalThis.process.exit();',
    'const end = process.reallyExit;',
    "process['exit'](0);",
    "import { exit } from 'node:process';",
    'const { exit } = process;',
    'process.abort();',
  ];
  for (const call of calls) assert.deepEqual(exitsOf('a.ts', `\n${call}`), [2], call);
  for (const other of ["process.on('exit', f);", '// process.exit()', 'process.exitCode = 1;', 'child.exit();'])
    assert.deepEqual(exitsOf('a.ts', other), [], other);
});
