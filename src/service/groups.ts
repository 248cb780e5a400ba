// Membership in local groups, identified by SID because their names depend on the language of Windows.

import { sidLength, sidText } from '../base/sid.ts';
import { LookupAccountSidW } from '../native/advapi32/security.ts';
import { checkBool } from '../native/check.ts';
import { copyOf } from '../native/ffi.ts';
import {
  LOCALGROUP_MEMBERS_INFO_0,
  MAX_PREFERRED_LENGTH,
  NetApiBufferFree,
  NetLocalGroupAddMembers,
  NetLocalGroupDelMembers,
  NetLocalGroupGetMembers,
} from '../native/netapi32.ts';
import { withPointers } from '../native/pointers.ts';
import {
  ERROR_ACCESS_DENIED,
  ERROR_MEMBER_IN_ALIAS,
  ERROR_MEMBER_NOT_IN_ALIAS,
  ERROR_SUCCESS,
  Win32Error,
} from '../native/win32-error.ts';
import { refusal } from './scm.ts';
import { encodeSid } from './sid.ts';

const MAX_NAME = 256;
const MAX_MEMBERS = 10_000;

/** The local name of a group. Throws Win32Error. */
export function groupName(sid: string): string {
  const name = Buffer.alloc(MAX_NAME * 2);
  const size = new Uint32Array([MAX_NAME]);
  const domain = Buffer.alloc(MAX_NAME * 2);
  const use = new Uint32Array(1);
  checkBool(
    'LookupAccountSidW',
    LookupAccountSidW(null, encodeSid(sid), name, size, domain, new Uint32Array([MAX_NAME]), use),
  );
  return name.toString('utf16le', 0, size[0]! * 2);
}

/** Whether an account is a direct member of a group. Throws Win32Error. */
export function isMember(group: string, sid: string): boolean {
  const list = new BigUint64Array(1);
  const read = new Uint32Array(1);
  const code = NetLocalGroupGetMembers(
    null,
    groupName(group),
    0,
    list,
    MAX_PREFERRED_LENGTH,
    read,
    new Uint32Array(1),
    new BigUint64Array(1),
  );
  if (code !== ERROR_SUCCESS) throw new Win32Error('NetLocalGroupGetMembers', code);
  if (list[0] === 0n) return false;
  try {
    const { size } = LOCALGROUP_MEMBERS_INFO_0;
    const rows = copyOf(list[0]!, Math.min(read[0]!, MAX_MEMBERS) * size);
    for (let at = 0; at < rows.length; at += size) if (sidAt(rows.readBigUInt64LE(at)) === sid) return true;
    return false;
  } finally {
    NetApiBufferFree(list[0]!);
  }
}

function sidAt(address: bigint): string {
  const parts = copyOf(address, 2).readUInt8(1);
  return sidText(copyOf(address, sidLength(parts)));
}

/** Succeeds for an existing member. Throws NOT_ELEVATED or Win32Error. */
export function addMember(group: string, sid: string): void {
  change('NetLocalGroupAddMembers', NetLocalGroupAddMembers, group, sid, ERROR_MEMBER_IN_ALIAS);
}

/** Succeeds if it is not a member. Throws NOT_ELEVATED or Win32Error. */
export function removeMember(group: string, sid: string): void {
  change('NetLocalGroupDelMembers', NetLocalGroupDelMembers, group, sid, ERROR_MEMBER_NOT_IN_ALIAS);
}

function change(call: string, act: typeof NetLocalGroupAddMembers, group: string, sid: string, fine: number): void {
  const bytes = encodeSid(sid);
  const entry = Buffer.alloc(LOCALGROUP_MEMBERS_INFO_0.size);
  const name = groupName(group);
  const code = withPointers((setPointer) => {
    setPointer(entry, LOCALGROUP_MEMBERS_INFO_0.at.lgrmi0_sid, bytes);
    return act(null, name, 0, entry, 1);
  });
  if (code === ERROR_ACCESS_DENIED) throw refusal(call, code);
  if (code !== ERROR_SUCCESS && code !== fine) throw new Win32Error(call, code);
}
