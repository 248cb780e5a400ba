// The text of the modules, which every isolate of the agent keeps in memory.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('builds a bundle in ASCII, because V8 needs two bytes for each character of other texts', () => {
  const files = readdirSync('dist').filter((name) => name.endsWith('.js'));
  assert.ok(files.includes('main.js'));
  for (const name of files) {
    const found = /[^\0-\x7f]/.exec(readFileSync(join('dist', name), 'utf8'));
    assert.equal(found, null, `${name} holds ${JSON.stringify(found?.[0])} at ${found?.index}`);
  }
});
