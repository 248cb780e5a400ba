// Each crash report is told once.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { unreportedCrashes } from '../../src/service/reported-crashes.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-told-'));
after(() => rmSync(folder, { recursive: true }));
const report = (name: string, content: string) => writeFileSync(join(folder, name), content);
const tell = () => unreportedCrashes(folder);

test('a folder without reports, or none at all, tells nothing', () => {
  assert.deepEqual(tell(), []);
  assert.deepEqual(unreportedCrashes('/nowhere'), []);
});

test('a new report is told once, a broken one as well', () => {
  report(
    'crash-2026-02-03T04-05-06.789Z-12.json',
    JSON.stringify({ at: '2026-02-03T04:05:06.789Z', reason: 'it hung' }),
  );
  assert.deepEqual(tell(), [
    `The agent crashed at 2026-02-03T04:05:06.789Z: it hung\nThe report is ${join(folder, 'crash-2026-02-03T04-05-06.789Z-12.json')}`,
  ]);
  assert.deepEqual(tell(), []);
  report('crash-2026-02-03T04-05-07.000Z-13.json', '{');
  const [text, ...others] = tell();
  assert.deepEqual(others, []);
  assert.match(text!, /cannot be read/);
  assert.deepEqual(tell(), []);
});
