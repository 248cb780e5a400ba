// Generated pages are up to date, and what pages refer to exists.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openApiDocument } from '../../scripts/lib/api-page.ts';
import { generatedDocs } from '../../scripts/lib/generated-docs.ts';

for (const [file, text] of Object.entries(generatedDocs)) {
  test(`${file} is up to date (npm run docs)`, () => assert.equal(readFileSync(file, 'utf8'), text()));
}

test('each link between pages of the project leads to a file', () => {
  const pages = globSync(['*.md', 'docs/**/*.md']);
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => join(dirname(page), target!))
      .filter((target) => !existsSync(target))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('each npm script that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const missing = globSync(['*.md', 'docs/**/*.md']).flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/npm run ([a-z][\w:-]*)/g)]
      .filter(([, name]) => !scripts[name!])
      .map(([, name]) => `${page}: ${name}`),
  );
  assert.deepEqual(missing, []);
  const files = Object.values(scripts).flatMap((script) => script.match(/(?:scripts|cli)\/[\w-]+\.(?:ts|mjs)/g) ?? []);
  assert.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
});

test('each test that the compatibility page names exists', () => {
  const page = readFileSync('docs/compatibility.md', 'utf8');
  const full = [...page.matchAll(/`((?:test|src)\/[\w/.-]+\.ts)`/g)].map(([, file]) => file!);
  assert.ok(full.length > 20);
  assert.deepEqual(
    full.filter((file) => !existsSync(file)),
    [],
  );
});

test('docs/api.md has each route, and each list has a method of the client and a command', async () => {
  const { paths } = await openApiDocument();
  const routes = Object.keys(paths)
    .filter((path) => !path.endsWith('.json'))
    .sort();
  assert.ok(routes.length > 10);
  const page = [...readFileSync('docs/api.md', 'utf8').matchAll(/`GET ([^`?]+)/g)].map(([, route]) => route!).sort();
  assert.deepEqual(page, routes);
  const client = [...readFileSync('src/api/client.ts', 'utf8').matchAll(/['`](\/api\/v1\/[a-z/-]+)/g)]
    .map(([, route]) => route!)
    .sort();
  assert.deepEqual(
    client,
    routes.filter((route) => route.startsWith('/api/')),
  );
  const commands = globSync('cli/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const source = readFileSync('src/api/client.ts', 'utf8');
  const methodsOf = (result: string) =>
    [...source.matchAll(new RegExp(`^ {2}(?:async )?\\*?(\\w+)\\([^)]*\\): ${result}`, 'gm'))].map(([, name]) => name!);
  const answers = methodsOf('Promise<\\w+Answer>');
  const streams = methodsOf('AsyncGenerator<');
  assert.equal(answers.length + streams.length, client.length);
  const isCalled = (name: string, text: string) => text.includes(`.${name}(`);
  const missing = [
    ...answers.filter(
      (name) => !commands.some((text) => text.includes('clientFor(options, io)') && isCalled(name, text)),
    ),
    ...streams.filter((name) => !commands.some((text) => isCalled(name, text))),
  ];
  assert.deepEqual(missing, []);
});
