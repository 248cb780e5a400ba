// Security descriptors in binary form: encodes owner and access list, decodes them and checks whether they are safe.

import { sidLength, sidText } from '../base/sid.ts';
import {
  ACCESS_ALLOWED_ACE,
  ACCESS_ALLOWED_ACE_TYPE,
  ACCESS_DENIED_ACE_TYPE,
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
/** The same without DELETE, which on a folder is also the right to rename it. */
export const MODIFY_IN_PLACE_ACCESS = 0x1201bf;
export const READ_ACCESS = 0x120089;

/** Rights that allow a change of content, names, access list or owner, or a deletion; and the generic rights. */
const CHANGE_BITS = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000;
/** FILE_READ_DATA, which is FILE_LIST_DIRECTORY of a folder; and the generic rights. */
const READ_BITS = 0x1 | 0x10000000 | 0x80000000;
/**
 * Rights on a folder that replace what is in it, or the folder itself: FILE_DELETE_CHILD, DELETE, WRITE_DAC,
 * WRITE_OWNER and GENERIC_ALL. The right to add a file is not among them: it replaces nothing.
 */
const REPLACE_BITS = 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000;

const MAX_ACES = 1000;

export interface Ace {
  /** S-1-... */
  readonly sid: string;
  readonly mask: number;
  /** For a folder: the entry applies only to the folder itself, or only to its content; to both by default. */
  readonly scope?: 'folder' | 'content';
}

export interface Access {
  readonly owner: string;
  readonly aces: readonly Ace[];
}

const INHERITED = OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE;
const FOLDER_FLAGS = { folder: 0, content: INHERITED | INHERIT_ONLY_ACE, both: INHERITED };

/**
 * A self-relative descriptor with this owner and only these entries, without inheritance; files in a folder inherit
 * them.
 */
export function encodeDescriptor({ owner, aces }: Access, kind: 'folder' | 'file'): Buffer {
  const entries = aces.map(({ sid, mask, scope }) => {
    const bytes = encodeSid(sid);
    const { at } = ACCESS_ALLOWED_ACE;
    const ace = Buffer.alloc(at.SidStart + bytes.length);
    ace.writeUInt8(ACCESS_ALLOWED_ACE_TYPE, at.AceType);
    ace.writeUInt8(kind === 'folder' ? FOLDER_FLAGS[scope ?? 'both'] : 0, at.AceFlags);
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

export interface AccessFault {
  /** `change`: others may alter or replace the object; `read`: they may only read it. */
  readonly kind: 'change' | 'read';
  /** Of the account; empty for a conditional entry. */
  readonly sid: string;
  readonly reason: string;
}

export interface AccessRules {
  /** SIDs that may own and change the object. */
  readonly mayChange: ReadonlySet<string>;
  /** SIDs that may read the object as well; every account may, if it is undefined. */
  readonly mayRead?: ReadonlySet<string> | undefined;
  /** The object is a folder above the one that matters: others may add to it, but must not replace what is in it. */
  readonly isAncestor?: boolean;
}

/** What accounts may do to an object beyond the rules; empty if nothing. */
export function unsafeAccess({ owner, aces }: FoundAccess, rules: AccessRules): AccessFault[] {
  const { mayChange, mayRead, isAncestor } = rules;
  const faults: AccessFault[] = [];
  if (!mayChange.has(owner)) faults.push({ kind: 'change', sid: owner, reason: `its owner is ${owner || 'missing'}` });
  if (!aces)
    return [...faults, { kind: 'change', sid: '', reason: 'it has no access list: every account may change it' }];
  const changeBits = isAncestor ? REPLACE_BITS : CHANGE_BITS;
  // By account and kind, because an account may have several entries.
  const found = new Map<string, AccessFault>();
  const add = (kind: AccessFault['kind'], sid: string): void => {
    const account = sid || 'an account of a conditional entry';
    const verb = kind === 'read' ? 'read' : isAncestor ? 'replace what is in' : 'change';
    found.set(`${kind} ${sid}`, { kind, sid, reason: `${account} may ${verb} it` });
  };
  for (const { type, sid, mask, inheritOnly } of aces) {
    // Deny entries only remove rights; labels and audits (17 and others) belong to other lists.
    if (type === ACCESS_DENIED_ACE_TYPE) continue;
    // What content inherits is judged at each object of an ancestor's content.
    if (inheritOnly && (isAncestor || sid === CREATOR_OWNER)) continue;
    if ((mask & changeBits) !== 0 && !mayChange.has(sid)) add('change', sid);
    else if (mayRead && (mask & READ_BITS) !== 0 && !mayRead.has(sid) && !mayChange.has(sid)) add('read', sid);
  }
  return [
    ...faults,
    ...[...found.values()].filter(({ kind, sid }) => kind === 'change' || !found.has(`change ${sid}`)),
  ];
}

/** Whether an entry for the object itself lets this account delete, rename or re-own it. */
export function mayReplace({ aces }: FoundAccess, account: string): boolean {
  return (aces ?? []).some(
    ({ type, sid, mask, inheritOnly }) =>
      type !== ACCESS_DENIED_ACE_TYPE && !inheritOnly && sid === account && (mask & REPLACE_BITS) !== 0,
  );
}

/** CREATOR OWNER, the placeholder for the owner in inherited entries. */
const CREATOR_OWNER = 'S-1-3-0';
