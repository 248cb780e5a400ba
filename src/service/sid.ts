// Security identifiers: well-known ones, that of a service, and their binary form.
import { createHash } from 'node:crypto';

/** https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
export const SYSTEM_SID = 'S-1-5-18';
export const ADMINISTRATORS_SID = 'S-1-5-32-544';
export const PERFORMANCE_MONITOR_USERS_SID = 'S-1-5-32-558';
export const PERFORMANCE_LOG_USERS_SID = 'S-1-5-32-559';
export const EVENT_LOG_READERS_SID = 'S-1-5-32-573';

/**
 * The SID of `NT SERVICE\name`: S-1-5-80 and the five words of the SHA-1 of its name in capitals, as `sc.exe showsid` prints it.
 * https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
 */
export function serviceSid(name: string): string {
  const digest = createHash('sha1').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest();
  return `S-1-5-80-${[0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at)).join('-')}`;
}

/** Bytes of a SID with so many parts behind its authority. */
export function sidLength(parts: number): number {
  return 8 + 4 * parts;
}

/** https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861 */
export function encodeSid(text: string): Buffer {
  const [authority, ...parts] = text.split('-').slice(2).map(Number);
  const bytes = Buffer.alloc(sidLength(parts.length));
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(parts.length, 1);
  bytes.writeUIntBE(authority!, 2, 6);
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * i);
  return bytes;
}

/** S-1-... of a whole binary SID. */
export function sidText(bytes: Buffer): string {
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, i) => bytes.readUInt32LE(8 + 4 * i));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}
