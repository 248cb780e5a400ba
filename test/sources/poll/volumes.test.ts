// Volumes' ways: lists of texts, letters before folders, and what a volume is called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName, mainMountPoint, parseTextList } from '../../../src/sources/poll/volumes.ts';

test('mount points: a letter before a folder, and what the volume is called', () => {
  assert.deepEqual(parseTextList(Buffer.from('D:\\Mount\\Data\\\0E:\\\0\0junk', 'utf16le')), [
    'D:\\Mount\\Data\\',
    'E:\\',
  ]);
  assert.deepEqual(parseTextList(Buffer.from('\0\0', 'utf16le')), []);
  assert.equal(mainMountPoint(['D:\\Mount\\Data\\', 'E:\\']), 'E:\\');
  assert.equal(mainMountPoint(['D:\\Mount\\Data\\']), 'D:\\Mount\\Data\\');
  assert.equal(mainMountPoint([]), undefined);
  assert.equal(deviceName('c:\\'), 'C:');
  assert.equal(deviceName('D:\\Mount\\Data\\'), 'D:\\Mount\\Data');
});
