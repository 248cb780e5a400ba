// Security descriptors in binary form: encodes owner and access list, decodes them and checks whether they are safe.

import { sidLength, sidText } from '../base/sid.ts';
import {
  ACCESS_ALLOWED_ACE,
  ACCESS_ALLOWED_ACE_TYPE,
  ACL,
  ACL_REVISION,
  CONTAINER_INHERIT_ACE,
  INHERIT_ONLY_ACE,
  OBJECT_INHERIT_ACE,
  SE_DACL_PRESENT,
  SE_DACL_PROTECTED,
  SE_SELF_RELATIVE,
  SECURITY_DESCRIPTOR_RELATIVE,
} from '../native/advapi32/security.ts';
import { ForeignBuffer } from '../native/buffer.ts';
import { encodeSid } from './sid.ts';

/** https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights */
export const FULL_ACCESS = 0x1f01ff;
/** Read, write, execute and delete, but not WRITE_DAC, WRITE_OWNER or FILE_DELETE_CHILD. */
export const MODIFY_ACCESS = 0x1301bf;
export const READ_ACCESS = 0x120089;

/** Rights that allow a change of content, names, access list or owner, or a deletion; and the generic rights. */
const CHANGE_BITS = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000;

const MAX_ACES = 1000;

export interface Ace {
  /** S-1-... */
  readonly sid: string;
  readonly mask: number;
}

export interface Access {
  readonly owner: string;
  readonly aces: readonly Ace[];
}

/**
 * A self-relative descriptor with this owner and only these entries, without inheritance; files in a folder inherit
 * them.
 */
export function encodeDescriptor({ owner, aces }: Access, kind: 'folder' | 'file'): Buffer {
  const entries = aces.map(({ sid, mask }) => {
    const bytes = encodeSid(sid);
    const { at } = ACCESS_ALLOWED_ACE;
    const ace = Buffer.alloc(at.SidStart + bytes.length);
    ace.writeUInt8(ACCESS_ALLOWED_ACE_TYPE, at.AceType);
    ace.writeUInt8(kind === 'folder' ? OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE : 0, at.AceFlags);
    ace.writeUInt16LE(ace.length, at.AceSize);
    ace.writeUInt32LE(mask, at.Mask);
    bytes.copy(ace, at.SidStart);
    return ace;
  });
  const acl = Buffer.alloc(ACL.size);
  acl.writeUInt8(ACL_REVISION, ACL.at.AclRevision);
  acl.writeUInt16LE(ACL.size + entries.reduce((sum, { length }) => sum + length, 0), ACL.at.AclSize);
  acl.writeUInt16LE(entries.length, ACL.at.AceCount);
  const ownerSid = encodeSid(owner);
  const head = Buffer.alloc(SECURITY_DESCRIPTOR_RELATIVE.size);
  const { at } = SECURITY_DESCRIPTOR_RELATIVE;
  head.writeUInt8(1, at.Revision);
  head.writeUInt16LE(SE_SELF_RELATIVE | SE_DACL_PRESENT | SE_DACL_PROTECTED, at.Control);
  head.writeUInt32LE(head.length, at.Owner);
  head.writeUInt32LE(head.length + ownerSid.length, at.Dacl);
  return Buffer.concat([head, ownerSid, acl, ...entries]);
}

export interface FoundAccess {
  /** Empty when there is none. */
  readonly owner: string;
  /** Undefined for a missing access list, which grants everything to everyone. */
  readonly aces: readonly (Ace & { readonly type: number; readonly inheritOnly: boolean })[] | undefined;
}

/** Decodes a self-relative descriptor. Throws BoundsError if offsets or lengths are invalid. */
export function parseDescriptor(bytes: Buffer): FoundAccess {
  const buffer = new ForeignBuffer(bytes, 0n);
  const { at } = SECURITY_DESCRIPTOR_RELATIVE;
  const owner = buffer.u32(at.Owner);
  const dacl = buffer.u32(at.Dacl);
  const present = (buffer.u16(at.Control) & SE_DACL_PRESENT) !== 0 && dacl !== 0;
  return { owner: owner === 0 ? '' : sidAt(buffer, owner), aces: present ? parseAcl(buffer, dacl) : undefined };
}

function parseAcl(buffer: ForeignBuffer, start: number): NonNullable<FoundAccess['aces']> {
  const count = Math.min(buffer.u16(start + ACL.at.AceCount), MAX_ACES);
  const aces = [];
  let place = start + ACL.size;
  for (let i = 0; i < count; i++) {
    const { at } = ACCESS_ALLOWED_ACE;
    const type = buffer.u8(place + at.AceType);
    const inheritOnly = (buffer.u8(place + at.AceFlags) & INHERIT_ONLY_ACE) !== 0;
    const mask = buffer.u32(place + at.Mask);
    // Object and callback entries have their SID elsewhere; their SID stays empty, which is never trusted.
    const sid = type <= 1 ? sidAt(buffer, place + at.SidStart) : '';
    aces.push({ type, inheritOnly, mask, sid });
    place += Math.max(buffer.u16(place + at.AceSize), at.SidStart);
  }
  return aces;
}

function sidAt(buffer: ForeignBuffer, at: number): string {
  return sidText(buffer.slice(at, sidLength(buffer.u8(at + 1))));
}

/** Reasons why accounts outside `trusted` can change the object; empty if none can. */
export function unsafeAccess({ owner, aces }: FoundAccess, trusted: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (!trusted.has(owner)) faults.push(`its owner is ${owner || 'missing'}`);
  if (!aces) return [...faults, 'it has no access list: every account may change it'];
  const others = aces.filter(
    ({ type, sid, mask, inheritOnly }) =>
      // Deny entries only remove rights; labels and audits (17 and others) belong to other lists.
      type !== 1 && (mask & CHANGE_BITS) !== 0 && !trusted.has(sid) && !(inheritOnly && sid === CREATOR_OWNER),
  );
  return [
    ...faults,
    ...new Set(others.map(({ sid }) => `${sid || 'an account of a conditional entry'} may change it`)),
  ];
}

/** CREATOR OWNER, the placeholder for the owner in inherited entries. */
const CREATOR_OWNER = 'S-1-3-0';
