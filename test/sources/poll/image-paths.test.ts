// Image paths: each process is asked for once in its life, what fails is told, and a round asks for so many only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../src/native/win32-error.ts';
import { ImagePaths } from '../../../src/sources/poll/image-paths.ts';
import { processTable } from '../../helpers/observations.ts';

/** STATUS_INVALID_CID and STATUS_ACCESS_DENIED of [MS-ERREF] 2.3.1. */
const NO_SUCH_PROCESS = 0xc000000b;
const DENIED = 0xc0000022;

function asking(answer: (pid: number) => string = (pid) => `C:\\${pid}.exe`): { images: ImagePaths; asked: number[] } {
  const asked: number[] = [];
  const images = new ImagePaths((pid) => {
    asked.push(pid);
    return answer(pid);
  });
  return { images, asked };
}

test('a process is asked for once; another birth of the same pid is another process', () => {
  const { images, asked } = asking();
  const rows = [
    { pid: 100, createdAtMs: 1 },
    { pid: 200, createdAtMs: 1 },
  ];
  assert.deepEqual(images.read(processTable(rows)), { imagePath: ['C:\\100.exe', 'C:\\200.exe'], degraded: [] });
  assert.deepEqual(images.read(processTable(rows.toReversed())).imagePath, ['C:\\200.exe', 'C:\\100.exe']);
  images.read(processTable([{ pid: 100, createdAtMs: 2 }]));
  assert.deepEqual(asked, [100, 200, 100]);
});

test('what ended is forgotten', () => {
  const { images, asked } = asking();
  const table = processTable([{ pid: 100, createdAtMs: 1 }]);
  for (const each of [table, processTable([]), table]) images.read(each);
  assert.deepEqual(asked, [100, 100]);
});

test('the idle process and the kernel have no image, and are not asked for', () => {
  const { images, asked } = asking();
  assert.deepEqual(images.read(processTable([{ pid: 0 }, { pid: 4 }])).imagePath, ['', '']);
  assert.deepEqual(asked, []);
});

test('a process that is gone by then has no path, which is no fault; a refusal is told for as long as the process lives', () => {
  const { images, asked } = asking((pid) => {
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
  assert.deepEqual(asked, [100, 200, 300]);
});

test('a host full of processes is asked for round by round', () => {
  const { images, asked } = asking();
  const table = processTable(Array.from({ length: 5000 }, (_, i) => ({ pid: 1000 + i, createdAtMs: 1 })));
  const known = [1, 2, 3].map(() => images.read(table).imagePath.filter((path) => path !== '').length);
  assert.deepEqual(known, [2000, 4000, 5000]);
  assert.equal(asked.length, 5000);
});
