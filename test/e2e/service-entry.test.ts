// The size of the code that the service loads before it connects to the SCM, and before it reports that it runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** These files of the bundle and their static imports. */
function loadedWith(entries: readonly string[]): Map<string, string> {
  const loaded = new Map<string, string>();
  const visit = (name: string): void => {
    if (loaded.has(name)) return;
    const text = readFileSync(join('dist', name), 'utf8');
    loaded.set(name, text);
    for (const [, next] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g)) visit(next!);
  };
  for (const entry of entries) visit(entry);
  return loaded;
}

const bytes = (loaded: ReadonlyMap<string, string>): number =>
  [...loaded.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const first = loadedWith(['service.js']);

test('connects to the SCM with less than 32 KiB of code', () => {
  assert.ok(bytes(first) < 32 * 1024, `${bytes(first)} bytes: ${[...first.keys()]}`);
});

test('reports running before it loads the engine and the log', () => {
  const [, next] = /import\("\.\/(service-run-[\w-]+\.js)"\)/.exec([...first.values()].join('\n'))!;
  const second = loadedWith(['service.js', next!]);
  let seen = 0;
  for (const file of second.keys()) {
    const { sources } = JSON.parse(readFileSync(join('dist', `${file}.map`), 'utf8')) as { sources: string[] };
    seen += sources.length;
    for (const name of ['fastify', 'ajv', 'pino'])
      assert.ok(!sources.some((source) => source.includes(`node_modules/${name}/`)), `${file} holds ${name}`);
  }
  assert.ok(seen > 10, `${seen} sources`);
  assert.ok(bytes(second) < 600 * 1024, `${bytes(second)} bytes`);
});
