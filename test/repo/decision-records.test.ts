// Decision records have consecutive numbers, so that each number refers to one record.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('decision records are numbered from 1, and each title contains the number', () => {
  const files = readdirSync('docs/adr').sort();
  assert.deepEqual(
    files.map((file) => Number(file.slice(0, 4))),
    files.map((_, i) => i + 1),
  );
  for (const file of files)
    assert.match(readFileSync(join('docs/adr', file), 'utf8'), new RegExp(`^# ${Number(file.slice(0, 4))}\\. `), file);
});
