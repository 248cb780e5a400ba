// Small text files: encodings and the size limit.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { readSmallFile } from '../../src/base/small-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-small-'));
after(() => rmSync(folder, { recursive: true }));

function written(bytes: string | Uint8Array): string {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return path;
}

it('reads UTF-8 with and without a byte order mark', () => {
  assert.equal(readSmallFile(written('{"ä": 1}')), '{"ä": 1}');
  assert.equal(readSmallFile(written('\uFEFFä')), 'ä');
  assert.equal(readSmallFile(written('')), '');
});

it('reads UTF-16 as Windows PowerShell writes it', () =>
  assert.equal(readSmallFile(written(Buffer.from('\uFEFF{"ä": 1}', 'utf16le'))), '{"ä": 1}'));

it('rejects bytes that are neither UTF-8 nor UTF-16', () =>
  assert.throws(() => readSmallFile(written(Uint8Array.of(0x61, 0xe4))), /not UTF-8/));

it('reads 1 MiB and rejects a larger file', () => {
  assert.equal(readSmallFile(written('x'.repeat(1_048_576))).length, 1_048_576);
  assert.throws(() => readSmallFile(written('x'.repeat(1_048_577))), /larger than 1048576 bytes/);
});

it('reads up to the given limit', () => {
  const text = 'ä'.repeat(1_000_000);
  assert.equal(readSmallFile(written(text), 2_000_000), text);
  assert.throws(() => readSmallFile(written(text), 1_999_999), /larger than 1999999 bytes/);
});

const posix = { skip: process.platform === 'win32' && 'Windows has no FIFOs in folders' };

it('rejects a FIFO without a writer at once, instead of waiting for one', posix, () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  assert.throws(() => readSmallFile(fifo), /a device or a pipe, not a regular file/);
});

for (const device of ['/dev/zero', '/dev/null', '/dev/tty'])
  it(`rejects the device ${device}`, posix, () => assert.throws(() => readSmallFile(device), /not a regular|ENXIO/));

it('rejects a pipe that a shell names by its descriptor', posix, () => {
  const module = import.meta.resolve('../../src/base/small-file.ts');
  const script = `import('${module}').then(({ readSmallFile }) => readSmallFile('/dev/stdin'))`;
  const { stderr } = spawnSync(process.execPath, ['-e', script], { input: '{}', encoding: 'utf8' });
  assert.match(stderr, /not a regular file|ENXIO/);
});

it('rejects a folder', () => assert.throws(() => readSmallFile(folder), /a folder, not a regular file|EISDIR|EPERM/));

it('follows a link to a regular file', posix, () => {
  const path = written('linked');
  symlinkSync(path, join(folder, 'link'));
  assert.equal(readSmallFile(join(folder, 'link')), 'linked');
});

it('throws ENOENT for a missing file', () =>
  assert.throws(() => readSmallFile(join(folder, 'none')), { code: 'ENOENT' }));
