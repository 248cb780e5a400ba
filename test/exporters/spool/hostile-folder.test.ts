// Damaged, foreign and malicious files in the folder are counted, and the rest is delivered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL, HEADER, numbersIn, openSpool, payloadOf, temporaryFolder } from './support.ts';

const onWindows = process.platform === 'win32' && 'needs pipes and links of POSIX';

/** A folder with the payloads 1, 2 and 3 in the queue metrics; returns their paths. */
async function filled(folder: string): Promise<[string, string, string]> {
  const spool = openSpool(folder);
  for (const number of [1, 2, 3]) await spool.queue('metrics').append(payloadOf(number));
  await spool.close();
  const names = readdirSync(join(folder, 'metrics')).sort();
  return names.map((name) => join(folder, 'metrics', name)) as [string, string, string];
}

const change = (path: string, edit: (file: Buffer) => void): void => {
  const file = readFileSync(path);
  edit(file);
  writeFileSync(path, file);
};

const damages: readonly [title: string, edit: (path: string) => void][] = [
  ['a cut body', (path) => truncateSync(path, HEADER + 3)],
  ['additional bytes', (path) => appendFileSync(path, 'x')],
  ['a huge length in the header', (path) => change(path, (file) => file.writeUInt32LE(0xffffffff, 20))],
  ['a huge count in the header', (path) => change(path, (file) => file.writeUInt32LE(0xffffffff, 16))],
  ['a changed body', (path) => change(path, (file) => file.writeUInt8(0xff, HEADER + 1))],
  ['another magic', (path) => change(path, (file) => file.write('x'))],
  ['a newer schema', (path) => change(path, (file) => file.writeUInt16LE(2, 8))],
  ['a time that is not a number', (path) => change(path, (file) => file.writeDoubleLE(Number.NaN, 24))],
  ['only zeros, as after a power cut', (path) => change(path, (file) => file.fill(0))],
];

for (const [title, edit] of damages)
  test(`sets a payload with ${title} aside, and returns the others`, async () => {
    using folder = temporaryFolder();
    const [, second] = await filled(folder.path);
    edit(second);
    const spool = openSpool(folder.path);
    const queue = spool.queue('metrics');
    assert.deepEqual(await numbersIn(spool), [1, 3]);
    assert.deepEqual(queue.totals().setAside, new Map([['damaged', { payloads: 1, items: 2 }]]));
    assert.match(readdirSync(join(folder.path, 'rejected')).join(), /^\d{16}-2-\d+\.metrics\.damaged\.payload$/);
    await spool.close();
  });

test('counts leftovers by reason: empty and short files, unknown names, temporary files', async () => {
  using folder = temporaryFolder();
  const [, second, third] = await filled(folder.path);
  const metrics = join(folder.path, 'metrics');
  truncateSync(second, 0);
  // A complete temporary file is used.
  renameSync(third, third.replace('.payload', '.tmp'));
  writeFileSync(join(metrics, '0000000000000077-1-1.tmp'), 'COROO');
  for (const name of ['a', '..payload', '1-1-1.payload', '0000000000000009-01-1.payload', '-.payload', 'ü\u202e'])
    writeFileSync(join(metrics, name), 'x'.repeat(100));
  writeFileSync(join(folder.path, 'notes.txt'), 'x');
  mkdirSync(join(metrics, 'folder'));
  const spool = openSpool(folder.path);
  assert.deepEqual(await numbersIn(spool), [1, 3]);
  const { leftovers } = spool.status();
  assert.deepEqual([...leftovers].sort(), [
    ['incomplete', 1],
    ['not_a_file', 1],
    ['truncated', 1],
    ['unknown_name', 7],
  ]);
  assert.equal(spool.status().rejectedPayloads, 7);
  assert.deepEqual(
    readdirSync(metrics).filter((name) => !name.endsWith('.payload')),
    ['folder'],
  );
  await spool.close();
});

test('ignores numbers that no spool has used, and does not run out of numbers', async () => {
  using folder = temporaryFolder();
  const [first] = await filled(folder.path);
  const file = readFileSync(first);
  const numbers = first.slice(-'-1-1764288000001.payload'.length);
  for (const seq of ['9007199254740991', '9999999999999999', '8000000000000000'])
    writeFileSync(join(folder.path, 'metrics', `${seq}${numbers}`), file);
  writeFileSync(join(folder.path, 'sequence'), '9007199254740991\n');
  const spool = openSpool(folder.path);
  await spool.queue('metrics').append(payloadOf(4));
  assert.deepEqual(await numbersIn(spool), [1, 2, 3, 4]);
  assert.deepEqual(spool.status().leftovers, new Map([['unknown_name', 3]]));
  await spool.close();
});

test('does not read through links and pipes, nor write through them', { skip: onWindows }, async () => {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  const [first, second] = await filled(folder.path);
  const target = join(elsewhere.path, 'target');
  renameSync(first, target);
  symlinkSync(target, first);
  rmSync(second);
  execFileSync('mkfifo', [second]);
  symlinkSync(elsewhere.path, join(folder.path, 'logs'));
  const content = readFileSync(target);
  const spool = openSpool(folder.path);
  assert.deepEqual(await numbersIn(spool), [3]);
  await spool.queue('logs').append(payloadOf(5));
  assert.deepEqual(await numbersIn(spool, 'logs'), [5]);
  assert.deepEqual(readFileSync(target), content);
  assert.deepEqual(readdirSync(elsewhere.path), ['target']);
  assert.equal(spool.status().leftovers.get('not_a_file'), 3);
  await spool.close();
});

test('sets a file aside that became a link or a pipe after the start', { skip: onWindows }, async () => {
  using folder = temporaryFolder();
  const [first, second] = await filled(folder.path);
  const spool = openSpool(folder.path);
  await spool.queue('metrics').first({ maxPayloads: 0, maxBytes: 0 });
  renameSync(first, join(folder.path, 'moved'));
  symlinkSync(join(folder.path, 'moved'), first);
  rmSync(second);
  execFileSync('mkfifo', [second]);
  assert.deepEqual(await numbersIn(spool), [3]);
  assert.deepEqual(spool.queue('metrics').totals().setAside, new Map([['damaged', { payloads: 2, items: 3 }]]));
  await spool.close();
});

test('counts payloads as missing that were deleted, and goes on in a folder that was deleted', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'spool');
  const [, second] = await filled(path);
  const spool = openSpool(path);
  const queue = spool.queue('metrics');
  await queue.first({ maxPayloads: 0, maxBytes: 0 });
  rmSync(second);
  assert.deepEqual(await numbersIn(spool), [1, 3]);
  assert.deepEqual(queue.totals().dropped, new Map([['missing', { payloads: 1, items: 2 }]]));
  rmSync(path, { recursive: true });
  await queue.append(payloadOf(4));
  await queue.append(payloadOf(5));
  assert.deepEqual(await numbersIn(spool), [4, 5]);
  assert.equal(spool.status().problem, '');
  await spool.close();
  const next = openSpool(path);
  assert.deepEqual(await numbersIn(next), [4, 5]);
  const [found] = await next.queue('metrics').first(ALL);
  assert.ok(found!.seq > 3);
  await next.close();
});

test('deletes a file that is larger than a payload can be', async () => {
  using folder = temporaryFolder();
  const [first, second] = await filled(folder.path);
  truncateSync(second, 65 * 1024 * 1024);
  const spool = openSpool(folder.path);
  assert.deepEqual(await numbersIn(spool), [1, 3]);
  assert.deepEqual(spool.status().leftovers, new Map([['too_large', 1]]));
  assert.deepEqual([existsSync(first), existsSync(second)], [true, false]);
  await spool.close();
});
