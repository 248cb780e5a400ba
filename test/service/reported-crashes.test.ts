// Each crash report is reported once.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { unreportedCrashes } from '../../src/service/reported-crashes.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-reported-'));
after(() => rmSync(folder, { recursive: true }));
const report = (name: string, content: string) => writeFileSync(join(folder, name), content);
const newCrashes = () => unreportedCrashes(folder);

test('returns nothing for an empty or missing folder', () => {
  assert.deepEqual(newCrashes(), []);
  assert.deepEqual(unreportedCrashes('/nowhere'), []);
});

test('returns a new report once, also an invalid one', () => {
  report(
    'crash-2026-02-03T04-05-06.789Z-12.json',
    JSON.stringify({ at: '2026-02-03T04:05:06.789Z', reason: 'it hung' }),
  );
  assert.deepEqual(newCrashes(), [
    'The agent crashed at 2026-02-03T04:05:06.789Z: it hung\n' +
      `The report is ${join(folder, 'crash-2026-02-03T04-05-06.789Z-12.json')}`,
  ]);
  assert.deepEqual(newCrashes(), []);
  report('crash-2026-02-03T04-05-07.000Z-13.json', '{');
  const [text, ...others] = newCrashes();
  assert.deepEqual(others, []);
  assert.match(text!, /cannot be read/);
  assert.deepEqual(newCrashes(), []);
});
