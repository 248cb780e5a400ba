// advapi32.dll: owners and access lists of files.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/**
 * https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-getkernelobjectsecurity; fills a
 * self-relative descriptor.
 */
export const GetKernelObjectSecurity = advapi32.func<
  (
    Handle: bigint,
    RequestedInformation: number,
    pSecurityDescriptor: Buffer,
    nLength: number,
    lpnLengthNeeded: Uint32Array,
  ) => number
>(
  'int32_t __stdcall GetKernelObjectSecurity(void *Handle, uint32_t RequestedInformation, void *pSecurityDescriptor, uint32_t nLength, void *lpnLengthNeeded)',
);

/** https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-setkernelobjectsecurity */
export const SetKernelObjectSecurity = advapi32.func<
  (Handle: bigint, SecurityInformation: number, SecurityDescriptor: Buffer) => number
>('int32_t __stdcall SetKernelObjectSecurity(void *Handle, uint32_t SecurityInformation, void *SecurityDescriptor)');

/** https://learn.microsoft.com/windows/win32/secauthz/security-information */
export const OWNER_SECURITY_INFORMATION = 0x1;
export const GROUP_SECURITY_INFORMATION = 0x2;
export const DACL_SECURITY_INFORMATION = 0x4;
export const PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;

export const READ_CONTROL = 0x20000;
export const WRITE_DAC = 0x40000;
export const WRITE_OWNER = 0x80000;

/**
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-security_descriptor in its self-relative form,
 * SECURITY_DESCRIPTOR_RELATIVE.
 */
export const SECURITY_DESCRIPTOR_RELATIVE = layout({
  Revision: 'uint8_t', // BYTE
  Sbz1: 'uint8_t', // BYTE
  Control: 'uint16_t', // SECURITY_DESCRIPTOR_CONTROL
  Owner: 'uint32_t', // DWORD, an offset
  Group: 'uint32_t', // DWORD
  Sacl: 'uint32_t', // DWORD
  Dacl: 'uint32_t', // DWORD
});

export const SE_DACL_PRESENT = 0x4;
export const SE_DACL_PROTECTED = 0x1000;
export const SE_SELF_RELATIVE = 0x8000;

/** https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-acl */
export const ACL = layout({
  AclRevision: 'uint8_t', // BYTE
  Sbz1: 'uint8_t', // BYTE
  AclSize: 'uint16_t', // WORD
  AceCount: 'uint16_t', // WORD
  Sbz2: 'uint16_t', // WORD
});

export const ACL_REVISION = 2;

/**
 * https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-access_allowed_ace with its ACE_HEADER in line; the SID
 * begins at SidStart.
 */
export const ACCESS_ALLOWED_ACE = layout({
  AceType: 'uint8_t', // BYTE
  AceFlags: 'uint8_t', // BYTE
  AceSize: 'uint16_t', // WORD
  Mask: 'uint32_t', // ACCESS_MASK
  SidStart: 'uint32_t', // DWORD
});

export const ACCESS_ALLOWED_ACE_TYPE = 0;
export const ACCESS_DENIED_ACE_TYPE = 1;
export const OBJECT_INHERIT_ACE = 0x1;
export const CONTAINER_INHERIT_ACE = 0x2;
export const INHERIT_ONLY_ACE = 0x8;

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupaccountsidw (on this machine) */
export const LookupAccountSidW = advapi32.func<
  (
    lpSystemName: null,
    Sid: Buffer,
    Name: Buffer,
    cchName: Uint32Array,
    ReferencedDomainName: Buffer,
    cchReferencedDomainName: Uint32Array,
    peUse: Uint32Array,
  ) => number
>(
  'int32_t __stdcall LookupAccountSidW(const char16_t *lpSystemName, void *Sid, void *Name, void *cchName, void *ReferencedDomainName, void *cchReferencedDomainName, void *peUse)',
);
