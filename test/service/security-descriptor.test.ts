// Security descriptors: encoding after the documentation, parsing, and detection of unsafe access.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { serviceSid } from '../../src/base/sid.ts';
import { CONTENT_ACCESS, FOLDER_ACCESS } from '../../src/service/data-folder.ts';
import {
  encodeDescriptor,
  type FoundAccess,
  parseDescriptor,
  unsafeAccess,
} from '../../src/service/security-descriptor.ts';
import { mutate, truncateEverywhere } from '../helpers/fuzz.ts';

const SYSTEM = 'S-1-5-18';
const ADMINISTRATORS = 'S-1-5-32-544';
const USERS = 'S-1-5-32-545';

test('encodes a descriptor as [MS-DTYP] 2.4.6 specifies', () => {
  const bytes = encodeDescriptor({ owner: ADMINISTRATORS, aces: [{ sid: SYSTEM, mask: 0x1f01ff }] }, 'folder');
  const expected = [
    '01000490', // revision 1, zero, control SE_SELF_RELATIVE | SE_DACL_PROTECTED | SE_DACL_PRESENT
    '14000000', // owner at 20
    '00000000', // no group
    '00000000', // no audit list
    '24000000', // access list at 36
    '01020000000000052000000020020000', // S-1-5-32-544
    '02001c0001000000', // revision 2, 28 bytes, one entry
    '00031400ff011f00', // allowed, inherited by files and folders, 20 bytes, full access
    '010100000000000512000000', // S-1-5-18
  ].join('');
  assert.equal(bytes.toString('hex'), expected);
});

test('parses an encoded descriptor back', () => {
  const found = parseDescriptor(encodeDescriptor(CONTENT_ACCESS, 'file'));
  assert.equal(found.owner, ADMINISTRATORS);
  assert.deepEqual(
    found.aces!.map(({ sid, mask }) => ({ sid, mask })),
    [
      { sid: SYSTEM, mask: 0x1f01ff },
      { sid: ADMINISTRATORS, mask: 0x1f01ff },
      { sid: serviceSid('CorootAgent'), mask: 0x1301bf },
    ],
  );
});

test('rejects damaged descriptors with a bounds error', () => {
  const image = encodeDescriptor(FOLDER_ACCESS, 'folder');
  truncateEverywhere(({ bytes }) => parseDescriptor(bytes), image);
  mutate(({ bytes }) => parseDescriptor(bytes), image, 5000, 17);
});

describe('unsafeAccess', () => {
  const trusted = new Set([SYSTEM, ADMINISTRATORS]);
  const entry = (sid: string, mask: number, type = 0, inheritOnly = false) => ({ sid, mask, type, inheritOnly });
  const safe: FoundAccess = { owner: ADMINISTRATORS, aces: [entry(SYSTEM, 0x1f01ff), entry(USERS, 0x1200a9)] };
  const faults = (change: Partial<FoundAccess>) =>
    unsafeAccess({ ...safe, ...change }, { mayChange: trusted }).map(({ reason }) => reason);
  const readers = (aces: FoundAccess['aces']) =>
    unsafeAccess({ ...safe, aces }, { mayChange: trusted, mayRead: trusted }).map(({ kind, reason }) => [kind, reason]);
  const above = (aces: FoundAccess['aces']) =>
    unsafeAccess({ ...safe, aces }, { mayChange: trusted, isAncestor: true }).map(({ reason }) => reason);

  it('accepts read and execute rights of others', () => assert.deepEqual(faults({}), []));
  it('reports an owner that is not trusted', () =>
    assert.deepEqual(faults({ owner: 'S-1-5-21-1-2-3-1001' }), ['its owner is S-1-5-21-1-2-3-1001']));
  it('reports a missing owner', () => assert.deepEqual(faults({ owner: '' }), ['its owner is missing']));
  it('reports a missing access list', () =>
    assert.deepEqual(faults({ aces: undefined }), ['it has no access list: every account may change it']));
  it('accepts an empty access list, which allows nothing', () => assert.deepEqual(faults({ aces: [] }), []));

  // https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants and the generic rights.
  const rights = {
    writeData: 0x2,
    append: 0x4,
    writeEa: 0x10,
    deleteChild: 0x40,
    writeAttributes: 0x100,
    delete: 0x10000,
  };
  const more = { writeDac: 0x40000, writeOwner: 0x80000, genericAll: 0x10000000, genericWrite: 0x40000000 };
  for (const [name, mask] of Object.entries({ ...rights, ...more }))
    it(`reports the right ${name} of others`, () =>
      assert.deepEqual(faults({ aces: [entry(USERS, mask)] }), [`${USERS} may change it`]));

  it('reports a right that only files in the folder inherit', () =>
    assert.deepEqual(faults({ aces: [entry(USERS, 2, 0, true)] }), [`${USERS} may change it`]));
  it('accepts rights of CREATOR OWNER', () =>
    assert.deepEqual(faults({ aces: [entry('S-1-3-0', 0x1f01ff, 0, true)] }), []));
  it('accepts entries that deny access', () => assert.deepEqual(faults({ aces: [entry(USERS, 0x1f01ff, 1)] }), []));
  it('reports an entry of an unknown type for any account', () =>
    assert.deepEqual(faults({ aces: [entry('', 2, 9)] }), ['an account of a conditional entry may change it']));

  const reading = { readData: 0x1, readAndExecute: 0x1200a9, genericRead: 0x80000000 };
  for (const [name, mask] of Object.entries(reading))
    it(`reports the right ${name} of others where only some may read`, () =>
      assert.deepEqual(readers([entry(USERS, mask)]), [['read', `${USERS} may read it`]]));
  it('reports a right to read that only files in the folder inherit', () =>
    assert.deepEqual(readers([entry(USERS, 0x1200a9, 0, true)]), [['read', `${USERS} may read it`]]));
  it('reports an account that may read and change once, as a change', () =>
    assert.deepEqual(readers([entry(USERS, 0x1), entry(USERS, 0x2)]), [['change', `${USERS} may change it`]]));
  it('accepts rights that reveal no content: attributes, access list, traversal', () =>
    assert.deepEqual(readers([entry(USERS, 0x20000 | 0x80 | 0x8 | 0x20 | 0x100000)]), []));

  // Users have these rights on the root of a drive.
  it('accepts that others add to a folder above', () =>
    assert.deepEqual(above([entry(USERS, 0x1200a9 | 0x2 | 0x4), entry(USERS, 0x1301bf, 0, true)]), []));
  for (const name of ['deleteChild', 'delete', 'writeDac', 'writeOwner', 'genericAll'] as const)
    it(`reports the right ${name} of others on a folder above`, () =>
      assert.deepEqual(above([entry(USERS, { ...rights, ...more }[name])]), [`${USERS} may replace what is in it`]));
});

test('the service may write in the data folder and delete its content, but not the folder itself', () => {
  const SERVICE = serviceSid('CorootAgent');
  const { aces } = parseDescriptor(encodeDescriptor(FOLDER_ACCESS, 'folder'));
  const own = aces!.filter(({ sid }) => sid === SERVICE);
  // 0x10000 is DELETE, 0x40 FILE_DELETE_CHILD, 0x2 FILE_ADD_FILE.
  const onFolder = own.filter(({ inheritOnly }) => !inheritOnly);
  assert.deepEqual(
    onFolder.map(({ mask }) => mask & (0x10000 | 0x40 | 0x40000 | 0x80000)),
    [0],
  );
  assert.deepEqual(
    onFolder.map(({ mask }) => mask & 0x2),
    [0x2],
  );
  const inherited = own.filter(({ inheritOnly }) => inheritOnly);
  assert.deepEqual(
    inherited.map(({ mask }) => mask & 0x10000),
    [0x10000],
  );
});

test('encodes entries for a folder without inheritance, and those for content as inherit-only', () => {
  const flags = (scope: 'folder' | 'content' | undefined) =>
    encodeDescriptor({ owner: SYSTEM, aces: [{ sid: SYSTEM, mask: 1, ...(scope ? { scope } : {}) }] }, 'folder')
      // Header of 20 bytes, owner of 12, list header of 8, type of the entry.
      .readUInt8(20 + 12 + 8 + 1);
  // OBJECT_INHERIT_ACE 1, CONTAINER_INHERIT_ACE 2, INHERIT_ONLY_ACE 8.
  assert.deepEqual([flags('folder'), flags('content'), flags(undefined)], [0, 11, 3]);
});
