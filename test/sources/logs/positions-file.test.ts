// The stored positions of log streams, in real files.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { readPositions, writePositions } from '../../../src/sources/logs/positions-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'positions-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'positions');

test('reads what was written, with keys and positions of any characters', async () => {
  const positions = { 'event-log/System': '<BookmarkList/>', 'Protokoll für Ö\n': '{"a":"\u2028"}', __proto__x: '1' };
  await writePositions(path, { old: '1' });
  await writePositions(path, positions);
  assert.deepEqual({ ...(await readPositions(path)).positions }, positions);
  assert.deepEqual(readdirSync(folder), ['positions']);
});

test('there are no positions and no problem before the first write', async () => {
  assert.deepEqual(await readPositions(join(folder, 'none')), { positions: {}, problem: undefined });
});

const damages: [name: string, damage: () => void, reason: RegExp][] = [
  ['an empty file', () => truncateSync(path, 0), /another format/],
  ['a file without its end', () => truncateSync(path, readFileSync(path).length - 3), /checksum/],
  ['a changed byte', () => writeFileSync(path, readFileSync(path, 'utf8').replace('"7"', '"8"')), /checksum/],
  ['another file', () => writeFileSync(path, '{"a":"7"}'), /another format/],
  ['a list', () => writeFileSync(path, whole('["7"]')), /no positions/],
  ['a position that is no text', () => writeFileSync(path, whole('{"a":7}')), /no text/],
  ['a position that is too long', () => writeFileSync(path, whole(`{"a":"${'x'.repeat(9000)}"}`)), /too long/],
];

const whole = (text: string): string =>
  `coroot-agent log positions 1 ${crc32(text).toString(16).padStart(8, '0')}\n${text}`;

for (const [name, damage, reason] of damages) {
  test(`begins as at the first start and says why after damage: ${name}`, async () => {
    await writePositions(path, { a: '7' });
    damage();
    const { positions, problem } = await readPositions(path);
    assert.deepEqual(positions, {});
    assert.match(problem!, reason);
    assert.match(problem!, /read from their ends/);
  });
}
