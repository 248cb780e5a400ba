// Every output of the CLI passes the functions that make untrusted text safe for a terminal.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('only output.ts and main.ts write text that is not yet safe', () => {
  const writers = readdirSync('cli', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\b(io\.)?(out|err)\(|std(out|err)\.write|console\./.test(readFileSync(join('cli', name), 'utf8')),
    );
  assert.deepEqual(writers.sort(), ['main.ts', 'output.ts']);
});
