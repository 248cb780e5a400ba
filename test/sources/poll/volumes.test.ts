// Mount points of volumes: lists of texts, letters before folders, and device names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName, mainMountPoint, parseTextList } from '../../../src/sources/poll/volumes.ts';

test('prefers a letter to a folder, and names the volume after it', () => {
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
