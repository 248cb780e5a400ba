// Paths of Windows that name devices and pipes, by the naming conventions of Win32.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDevicePath } from '../../src/base/device-path.ts';

const devices = [
  'NUL',
  'nul.json',
  'C:\\ProgramData\\con',
  'C:/data/CON .txt',
  'C:NUL',
  'NUL:',
  'COM1',
  'x\\lpt9.log',
  'COM\u00b9',
  'CONIN$',
  '\\\\.\\pipe\\name',
  '\\\\?\\pipe\\name',
  '//./pipe/name',
  '//?/PIPE/name',
  '\\??\\pipe\\name',
  '\\\\.\\PhysicalDrive0',
  '\\\\.\\C:',
  '\\\\?\\GLOBALROOT\\Device\\NamedPipe\\x',
  '\\\\.\\Global\\x',
  '\\\\server\\pipe\\name',
  '\\\\localhost\\PIPE\\name',
  '\\\\?\\UNC\\server\\pipe\\name',
  '\\\\server\\mailslot\\x',
];
const files = [
  'settings.json',
  'C:\\ProgramData\\CorootAgent\\settings.json',
  'D:relative.json',
  '\\\\server\\share\\settings.json',
  '\\\\?\\C:\\long\\settings.json',
  '\\\\.\\C:\\settings.json',
  '\\\\?\\UNC\\server\\share\\a',
  '\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\a',
  'C:\\console\\nullable.json',
  'C:\\com10\\auxiliary',
  'C:\\pipe\\name',
];

for (const path of devices) test(`${path} names a device or a pipe`, () => assert.equal(isDevicePath(path), true));
for (const path of files) test(`${path} names a file`, () => assert.equal(isDevicePath(path), false));
