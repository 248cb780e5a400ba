// Security identifiers: well-known ones, and the binary form of any.
import { sidLength } from '../base/sid.ts';

/** https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
export const SYSTEM_SID = 'S-1-5-18';
export const ADMINISTRATORS_SID = 'S-1-5-32-544';
export const PERFORMANCE_MONITOR_USERS_SID = 'S-1-5-32-558';
export const PERFORMANCE_LOG_USERS_SID = 'S-1-5-32-559';
export const EVENT_LOG_READERS_SID = 'S-1-5-32-573';

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
