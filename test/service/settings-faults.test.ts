// The places of the settings are checked before anything is read from them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serviceSid } from '../../src/base/sid.ts';
import { checkSettingsFile, checkSettingsPlaces } from '../../src/service/settings-faults.ts';
import { type FakeFile, FakeFiles, MALLORY, MODIFY, READ_EXECUTE, USERS } from '../helpers/fake-files.ts';

const ADMIN = 'S-1-5-21-1-2-3-500';
const SERVICE = serviceSid('CorootAgent');
const FOLDER = 'C:\\ProgramData\\CorootAgent';
const FILE = 'D:\\config\\agent\\coroot.json';
/** As Windows creates the root of a drive: users may create folders. */
const root: FakeFile = {
  isFolder: true,
  entries: [
    [USERS, 0x4],
    [USERS, MODIFY, true],
  ],
};
const tree = { 'D:\\': root, 'D:\\config': { isFolder: true }, 'D:\\config\\agent': { isFolder: true }, [FILE]: {} };
const withFile = (changes: Readonly<Record<string, FakeFile>>) => new FakeFiles({ ...tree, ...changes });
const unsafe = (reason: RegExp) => ({ code: 'SETTINGS_FILE_UNSAFE', exitCode: 12, message: reason });

describe('a settings file that COROOT_SETTINGS_FILE names', () => {
  it('is accepted if only administrators can change it and the folders above', () => {
    checkSettingsFile(FILE, undefined, withFile({}));
    checkSettingsFile(FILE, undefined, withFile({ [FILE]: { entries: [[SERVICE, 0x120089]] } }));
  });

  const cases: [what: string, path: string, file: FakeFile, reason: RegExp][] = [
    ['others may change it', FILE, { entries: [[USERS, MODIFY]] }, /coroot\.json: S-1-5-32-545 may change it/],
    ['others may read it', FILE, { entries: [[USERS, READ_EXECUTE]] }, /coroot\.json: S-1-5-32-545 may read it/],
    ['it has another owner', FILE, { owner: MALLORY }, /its owner is/],
    ['the service may change it', FILE, { entries: [[SERVICE, MODIFY]] }, /may change it/],
    ['it is a link', FILE, { link: true }, /it is a link/],
    ['its access list is denied', FILE, { denied: true }, /cannot be read/],
    ['others own its folder', 'D:\\config\\agent', { isFolder: true, owner: MALLORY }, /agent: its owner is/],
    ['others may delete in a folder above', 'D:\\config', { isFolder: true, entries: [[USERS, 0x40]] }, /replace/],
    ['a folder above is a link', 'D:\\config', { isFolder: true, link: true }, /D:\\config: it is a link/],
    ['others may rename a folder above', 'D:\\config', { isFolder: true, entries: [[USERS, 0x10000]] }, /replace/],
  ];
  for (const [what, path, file, reason] of cases)
    it(`is refused if ${what}`, () =>
      assert.throws(() => checkSettingsFile(FILE, undefined, withFile({ [path]: file })), unsafe(reason)));

  for (const path of ['\\\\.\\pipe\\settings', '\\\\server\\pipe\\x', 'C:\\x\\NUL'])
    it(`is refused without opening it if it is ${path}`, () =>
      assert.throws(() => checkSettingsFile(path, undefined, new FakeFiles({})), unsafe(/a device or a pipe/)));
  it('is refused on another machine, to which the service would authenticate', () =>
    assert.throws(
      () => checkSettingsFile('\\\\server\\share\\coroot.json', undefined, new FakeFiles({})),
      unsafe(/not on a drive of this machine/),
    ));

  it('may belong to the user of a command', () =>
    checkSettingsFile(FILE, ADMIN, withFile({ [FILE]: { owner: ADMIN, entries: [[ADMIN, MODIFY]] } })));
});

describe('the places of the settings', () => {
  const places = { dataFolder: FOLDER, namedFile: undefined, self: ADMIN };
  const check = (elevated: boolean, file: FakeFile) =>
    checkSettingsPlaces({ ...places, elevated }, new FakeFiles({ [FOLDER]: file }));

  it('a denied access list is a fault for an administrator', () =>
    assert.throws(() => check(true, { denied: true }), { code: 'DATA_FOLDER_UNSAFE', message: /cannot be read/ }));
  it('a denied access list means to an ordinary user that the folder is not used', () =>
    check(false, { denied: true }));
  it('a folder that others prepared is refused, elevated or not', () => {
    for (const elevated of [true, false])
      assert.throws(() => check(elevated, { isFolder: true, owner: MALLORY }), { code: 'DATA_FOLDER_UNSAFE' });
  });
  it('a missing folder is safe', () => checkSettingsPlaces({ ...places, elevated: true }, new FakeFiles({})));
  it('a named file is checked besides the folder', () =>
    assert.throws(
      () =>
        checkSettingsPlaces({ ...places, namedFile: FILE, elevated: true }, withFile({ [FILE]: { owner: MALLORY } })),
      { code: 'SETTINGS_FILE_UNSAFE' },
    ));
});
