// Printing a file that another process writes.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { follow } from '../../scripts/lib/follow.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-follow-'));
after(() => rmSync(folder, { recursive: true }));

function following(name: string, content: string) {
  const path = join(folder, name);
  writeFileSync(path, content);
  let printed = '';
  const following = follow(path, {
    write(bytes: Uint8Array | string) {
      printed += bytes.toString();
      return true;
    },
  });
  return { path, ...following, printed: () => printed };
}

test('prints what a file holds and what is appended, each byte once', () => {
  const { path, print, stop, printed } = following('grows', 'one ');
  print();
  appendFileSync(path, 'two ');
  print();
  print();
  appendFileSync(path, 'three');
  stop();
  assert.equal(printed(), 'one two three');
});

test('prints a file from its start after another process truncated it', () => {
  const { path, print, stop, printed } = following('shrinks', 'a long first line\n');
  print();
  truncateSync(path, 0);
  print();
  appendFileSync(path, 'second\n');
  stop();
  assert.equal(printed(), 'a long first line\nsecond\n');
});

test('prints a file that is larger than one read', () => {
  const text = 'x'.repeat(200_001);
  const { stop, printed } = following('large', text);
  stop();
  assert.equal(printed(), text);
});
