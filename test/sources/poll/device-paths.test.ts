// Paths of the object namespace become paths with letters and mount folders that the tests define.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DevicePaths } from '../../../src/sources/poll/device-paths.ts';

function devices(letters: Record<string, string>, folders: Record<string, string> = {}) {
  const host = { letters, folders, searches: 0, now: 0 };
  const names = {
    letters: () => {
      host.searches++;
      return new Map(Object.entries(host.letters));
    },
    folders: () => new Map(Object.entries(host.folders)),
  };
  return { host, paths: new DevicePaths(names, () => host.now) };
}

test('replaces a device by its letter or mount folder, whatever the case of its name', () => {
  const { paths } = devices(
    { 'C:': '\\Device\\HarddiskVolume3', 'D:': '\\Device\\HarddiskVolume33' },
    { 'D:\\Mount\\Data\\': '\\Device\\HarddiskVolume5' },
  );
  assert.equal(
    paths.toPath('\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe'),
    'C:\\Windows\\System32\\svchost.exe',
  );
  assert.equal(paths.toPath('\\DEVICE\\harddiskvolume33\\a.exe'), 'D:\\a.exe');
  assert.equal(paths.toPath('\\Device\\HarddiskVolume5\\app\\b.exe'), 'D:\\Mount\\Data\\app\\b.exe');
});

test('translates shares and links of the object namespace; keeps what is no device', () => {
  const { paths } = devices({});
  assert.equal(paths.toPath('\\Device\\Mup\\server\\share\\x.exe'), '\\\\server\\share\\x.exe');
  assert.equal(paths.toPath('\\??\\C:\\x.exe'), 'C:\\x.exe');
  assert.equal(paths.toPath('\\??\\UNC\\server\\share\\x.exe'), '\\\\server\\share\\x.exe');
  for (const path of ['', 'MemCompression', 'Registry']) assert.equal(paths.toPath(path), path);
});

test('keeps a device without a mount point, and searches for it once a minute', () => {
  const { host, paths } = devices({ 'C:': '\\Device\\HarddiskVolume3' });
  const layer = '\\Device\\HarddiskVolume9\\Windows\\System32\\cmd.exe';
  for (let i = 0; i < 5; i++) assert.equal(paths.toPath(layer), layer);
  assert.equal(paths.toPath('\\Device\\HarddiskVolume3\\x.exe'), 'C:\\x.exe');
  assert.equal(host.searches, 1);
  host.now = 60_000;
  host.folders = { 'E:\\layer\\': '\\Device\\HarddiskVolume9' };
  assert.equal(paths.toPath(layer), 'E:\\layer\\Windows\\System32\\cmd.exe');
});

test('finds a volume that is added while the agent runs at once', () => {
  const { host, paths } = devices({ 'C:': '\\Device\\HarddiskVolume3' });
  paths.toPath('\\Device\\HarddiskVolume3\\x.exe');
  host.letters = { ...host.letters, 'F:': '\\Device\\HarddiskVolume7' };
  assert.equal(paths.toPath('\\Device\\HarddiskVolume7\\y.exe'), 'F:\\y.exe');
});
