// DLLs are loaded by src/native/ffi.ts only, and by their path in System32 unless node.exe has loaded them before.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { dllPath } from '../../src/native/ffi.ts';
import { nvmlPaths } from '../../src/sources/poll/gpu/nvml-path.ts';

/**
 * DLLs that may be loaded by a bare name: node.exe imports them, and they are KnownDLLs
 * (https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-search-order).
 */
const bareNames = ['advapi32.dll', 'kernel32.dll', 'ntdll.dll'];

/** Arguments of `library(...)` and of `koffi.load(...)` in a source. */
function loadsOf(file: string, text: string): { call: string; argument: string }[] {
  const found: { call: string; argument: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      /^(library|loadLibrary|\w+\.load|process\.dlopen)$/.test(node.expression.getText())
    )
      found.push({ call: node.expression.getText(), argument: node.arguments[0]?.getText() ?? '' });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const files = globSync(['src/**/*.ts', 'cli/**/*.ts']).map((file) => file.replaceAll('\\', '/'));
const loads = files.flatMap((file) => loadsOf(file, readFileSync(file, 'utf8')).map((load) => ({ file, ...load })));

test('only ffi.ts loads DLLs, by dllPath', () => {
  assert.ok(files.length > 100);
  const direct = loads.filter(
    ({ call, argument }) => call === 'koffi.load' || call === 'process.dlopen' || argument === '',
  );
  assert.deepEqual(direct, [
    { file: 'src/native/ffi.ts', call: 'koffi.load', argument: "'kernel32.dll'" },
    { file: 'src/native/ffi.ts', call: 'koffi.load', argument: 'name === null ? name : dllPath(name)' },
    // In loadLibrary, whose callers are checked below.
    { file: 'src/native/ffi.ts', call: 'koffi.load', argument: 'path' },
  ]);
});

test('each DLL is loaded from System32 unless it is in the list of bare names', () => {
  const names = loads.filter(({ call }) => call === 'library').map(({ argument }) => argument);
  const system = () => 'D:\\Windows\\System32';
  const bare = new Set<string>();
  for (const argument of names.filter((argument) => argument !== 'null')) {
    assert.match(argument, /^'[a-z0-9]+\.dll'$/, 'a literal name without a folder');
    const name = argument.slice(1, -1);
    if (dllPath(name, system) === name) bare.add(name);
    else assert.equal(dllPath(name, system), `D:\\Windows\\System32\\${name}`);
  }
  assert.deepEqual([...bare].sort(), bareNames);
  assert.ok(names.includes("'httpapi.dll'") && names.includes("'netapi32.dll'"));
});

test('the library of a driver is loaded by a full path in a protected folder', () => {
  const optional = loads.filter(({ call }) => call === 'loadLibrary');
  assert.deepEqual(
    optional.map(({ file }) => file),
    ['src/native/nvml.ts'],
  );
  const environment = { SystemRoot: 'D:\\Windows', ProgramFiles: 'D:\\Program Files' };
  for (const path of nvmlPaths(environment)) {
    // The function joins with the separator of this machine.
    const normal = win32.normalize(path);
    assert.ok(win32.isAbsolute(normal) && /^D:\\(Windows\\System32|Program Files)\\/.test(normal), normal);
  }
});
