// The entry of the service stays small: what it loads before the manager has its answer, and before it hears that the service runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** Files of the bundle that are loaded together with these, by static imports. */
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

test('the manager is answered by a few kilobytes', () => {
  assert.ok(bytes(first) < 32 * 1024, `${bytes(first)} bytes: ${[...first.keys()]}`);
});

test('running is reported before the engine and the log are loaded', () => {
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
