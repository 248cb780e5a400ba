// Addresses of JavaScript buffers reach native code only by withPointers, which keeps the buffers alive.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

/** Files that may ask for an address, and why no collection can free the memory before it is used. */
const allowed: Readonly<Record<string, string>> = {
  'src/native/ffi.ts': 'it defines addressOf',
  'src/native/pointers.ts': 'it keeps the buffers alive',
  'src/native/buffer.ts': 'it converts pointers inside the buffer that it holds to offsets',
  'src/sources/etw/etw-worker.ts': 'fields of the ring writer hold its buffers as long as the thread runs',
};

/** Functions of koffi that return or follow addresses. */
const koffiAddresses = new Set(['address', 'alloc', 'as', 'view', 'encode', 'decode', 'call']);

/** Lines that ask for the address of a buffer, or let a pointer leave the scope of its native call. */
function addressesOf(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, why: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push(`${file}:${line} ${why}`);
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) &&
      (node.propertyName ?? node.name).text === 'addressOf'
    )
      report(node, 'addressOf');
    if (ts.isNamespaceImport(node) && /\/ffi\.ts'$/.test(node.parent.parent.moduleSpecifier.getText()))
      report(node, 'all of ffi.ts');
    if (ts.isExportDeclaration(node) && !node.exportClause && /\/ffi\.ts'$/.test(node.moduleSpecifier?.getText() ?? ''))
      report(node, 'all of ffi.ts');
    if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      /\/ffi\.ts/.test(node.getText())
    )
      report(node, 'all of ffi.ts');
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.getText() === 'koffi' &&
      koffiAddresses.has(node.name.text)
    )
      report(node, `koffi.${node.name.text}`);
    if (ts.isElementAccessExpression(node) && node.expression.getText() === 'koffi') report(node, 'koffi[...]');
    if (
      ts.isImportDeclaration(node) &&
      node.moduleSpecifier.getText() === "'koffi'" &&
      node.importClause?.namedBindings
    )
      report(node, 'parts of koffi');
    if (ts.isIdentifier(node) && node.text === 'setPointer' && !isAllowedUse(node)) report(node, 'setPointer escapes');
    if (ts.isCallExpression(node) && node.expression.getText() === 'withPointers' && !isInline(node.arguments[0]))
      report(node, 'withPointers without (setPointer) => ...');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A parameter, a callee, or an argument: it is used before the native call returns. */
function isAllowedUse(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isParameter(parent) || (ts.isCallExpression(parent) && !ts.isAwaitExpression(parent.parent));
}

/** Written in place, with the name of its parameter that the check above looks for. */
function isInline(call: ts.Expression | undefined): boolean {
  return call !== undefined && ts.isArrowFunction(call) && call.parameters[0]?.name.getText() === 'setPointer';
}

test('no file asks for the address of a buffer beside withPointers', () => {
  const files = globSync(['src/**/*.ts', 'cli/**/*.ts']).map((file) => file.replaceAll('\\', '/'));
  assert.ok(files.length > 100);
  const found = files.flatMap((file) => addressesOf(file, readFileSync(file, 'utf8')));
  assert.deepEqual(
    found.filter((each) => !(each.replace(/:.*/, '') in allowed)),
    [],
    'use withPointers of src/native/pointers.ts',
  );
  const users = new Set(found.map((each) => each.replace(/:.*/, '')));
  assert.deepEqual(
    Object.keys(allowed).filter((file) => !users.has(file) && file !== 'src/native/pointers.ts'),
    [],
    'an exception that no file needs',
  );
});

test('the check finds each way to an address, and nothing else', () => {
  const ways = [
    "import { addressOf } from '../native/ffi.ts';",
    "import { addressOf as at } from '../native/ffi.ts';",
    "export { addressOf } from './ffi.ts';",
    "import * as ffi from '../native/ffi.ts';",
    "export * from './ffi.ts';",
    "const { addressOf } = await import('../native/ffi.ts');",
    'struct.writeBigUInt64LE(koffi.address(text), 8);',
    "const { address } = koffi['address'];",
    "import koffi, { address } from 'koffi';",
    'withPointers((setPointer) => { later = setPointer; return 0; });',
    'withPointers((setPointer) => { const all = { setPointer }; return act(all); });',
    'withPointers(act);',
    'withPointers((point) => { later = point; return act(); });',
    'const f = (setPointer) => () => [setPointer];',
  ];
  for (const way of ways) assert.equal(addressesOf('a.ts', way).length > 0, true, way);
  for (const other of [
    "import { layout } from '../native/ffi.ts';",
    'writer({ addressOf: (bytes) => 1 });',
    'const type = koffi.struct(fields);',
    'withPointers((setPointer) => { setPointer(a, 0, b); return act(encode(a, setPointer)); });',
  ])
    assert.deepEqual(addressesOf('a.ts', other), [], other);
});
