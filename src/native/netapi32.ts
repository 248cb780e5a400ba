// netapi32.dll: members of local groups.
import { layout, library } from './ffi.ts';

const netapi32 = library('netapi32.dll');

/** https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupaddmembers */
export const NetLocalGroupAddMembers = netapi32.func<
  (servername: null, groupname: string, level: number, buf: Buffer, totalentries: number) => number
>(
  'uint32_t __stdcall NetLocalGroupAddMembers(const char16_t *servername, const char16_t *groupname, uint32_t level, void *buf, uint32_t totalentries)',
);

/** https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupdelmembers */
export const NetLocalGroupDelMembers = netapi32.func<
  (servername: null, groupname: string, level: number, buf: Buffer, totalentries: number) => number
>(
  'uint32_t __stdcall NetLocalGroupDelMembers(const char16_t *servername, const char16_t *groupname, uint32_t level, void *buf, uint32_t totalentries)',
);

/** https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupgetmembers */
export const NetLocalGroupGetMembers = netapi32.func<
  (
    servername: null,
    localgroupname: string,
    level: number,
    bufptr: BigUint64Array,
    prefmaxlen: number,
    entriesread: Uint32Array,
    totalentries: Uint32Array,
    resumehandle: BigUint64Array,
  ) => number
>(
  'uint32_t __stdcall NetLocalGroupGetMembers(const char16_t *servername, const char16_t *localgroupname, uint32_t level, void *bufptr, uint32_t prefmaxlen, void *entriesread, void *totalentries, void *resumehandle)',
);

export const MAX_PREFERRED_LENGTH = 0xffffffff;

/** https://learn.microsoft.com/windows/win32/api/lmapibuf/nf-lmapibuf-netapibufferfree */
export const NetApiBufferFree = netapi32.func<(Buffer: bigint) => number>(
  'uint32_t __stdcall NetApiBufferFree(void *Buffer)',
);

/** https://learn.microsoft.com/windows/win32/api/lmaccess/ns-lmaccess-localgroup_members_info_0 */
export const LOCALGROUP_MEMBERS_INFO_0 = layout({ lgrmi0_sid: 'uint64_t' /* PSID */ });
