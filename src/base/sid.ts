// Security identifiers (SIDs): their text form, and the service SID, which is derived from the name of the service.
import { createHash } from 'node:crypto';

/** Bytes of a SID with this number of subauthorities. */
export function sidLength(subauthorities: number): number {
  return 8 + 4 * subauthorities;
}

/**
 * S-1-... of a complete binary SID.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
 */
export function sidText(bytes: Buffer): string {
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, i) => bytes.readUInt32LE(sidLength(i)));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}

/**
 * The SID of `NT SERVICE\name`: S-1-5-80 and the five 32-bit words of the SHA-1 of its upper-case name, as `sc.exe
 * showsid` prints it.
 * https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
 */
export function serviceSid(name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(upperCase(name), 'utf16le'))
    .digest();
  return `S-1-5-80-${[0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at)).join('-')}`;
}

/** Upper case as in Windows: one character maps to one character, so `ß` stays. */
function upperCase(name: string): string {
  return name.replace(/./gsu, (character) => {
    const upper = character.toUpperCase();
    return upper.length === character.length ? upper : character;
  });
}
