// Image paths: read once for each process, failures reported, and a limit for each round.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { ImagePaths } from '../../../src/sources/poll/image-paths.ts';
import { processTable } from '../../helpers/observations.ts';

/** STATUS_INVALID_CID and STATUS_ACCESS_DENIED of [MS-ERREF] 2.3.1. */
const NO_SUCH_PROCESS = 0xc000000b;
const DENIED = 0xc0000022;

function imagesWith(answer: (pid: number) => string = (pid) => `C:\\${pid}.exe`): {
  images: ImagePaths;
  reads: number[];
} {
  const reads: number[] = [];
  const images = new ImagePaths((pid) => {
    reads.push(pid);
    return answer(pid);
  });
  return { images, reads };
}

test('reads a path once for each process; a new creation time of a pid is a new process', () => {
  const { images, reads } = imagesWith();
  const rows = [
    { pid: 100, createdAtMs: 1 },
    { pid: 200, createdAtMs: 1 },
  ];
  assert.deepEqual(images.read(processTable(rows)), { imagePath: ['C:\\100.exe', 'C:\\200.exe'], degraded: [] });
  assert.deepEqual(images.read(processTable(rows.toReversed())).imagePath, ['C:\\200.exe', 'C:\\100.exe']);
  images.read(processTable([{ pid: 100, createdAtMs: 2 }]));
  assert.deepEqual(reads, [100, 200, 100]);
});

test('forgets a process that is no longer in the table', () => {
  const { images, reads } = imagesWith();
  const table = processTable([{ pid: 100, createdAtMs: 1 }]);
  for (const each of [table, processTable([]), table]) images.read(each);
  assert.deepEqual(reads, [100, 100]);
});

test('does not read a path for the idle process and the kernel', () => {
  const { images, reads } = imagesWith();
  assert.deepEqual(images.read(processTable([{ pid: 0 }, { pid: 4 }])).imagePath, ['', '']);
  assert.deepEqual(reads, []);
});

test('reports a refusal while the process runs, but not a process that ended before the read', () => {
  const { images, reads } = imagesWith((pid) => {
    throw new Win32Error('NtQuerySystemInformation', pid === 100 ? NO_SUCH_PROCESS : DENIED);
  });
  const gone = { pid: 100, createdAtMs: 1 };
  assert.deepEqual(images.read(processTable([gone])), { imagePath: [''], degraded: [] });
  for (const _ of [1, 2]) {
    const { imagePath, degraded } = images.read(
      processTable([gone, { pid: 200, createdAtMs: 1 }, { pid: 300, createdAtMs: 1 }]),
    );
    assert.deepEqual(imagePath, ['', '', '']);
    assert.deepEqual(
      degraded.map(({ part, code }) => [part, code]),
      [['image paths of processes', DENIED]],
    );
  }
  assert.deepEqual(reads, [100, 200, 300]);
});

test('reads the paths of many processes over several rounds', () => {
  const { images, reads } = imagesWith();
  const table = processTable(Array.from({ length: 5000 }, (_, i) => ({ pid: 1000 + i, createdAtMs: 1 })));
  const known = [1, 2, 3].map(() => images.read(table).imagePath.filter((path) => path !== '').length);
  assert.deepEqual(known, [2000, 4000, 5000]);
  assert.equal(reads.length, 5000);
});
