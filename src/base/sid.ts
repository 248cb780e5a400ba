// Security identifiers: their text, and the one that every Windows service has of its own, which follows from its name alone.
import { createHash } from 'node:crypto';

/** Bytes of a SID with so many parts behind its authority. */
export function sidLength(parts: number): number {
  return 8 + 4 * parts;
}

/** S-1-... of a whole binary SID. https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861 */
export function sidText(bytes: Buffer): string {
  const parts = Array.from({ length: bytes.readUInt8(1) }, (_, i) => bytes.readUInt32LE(sidLength(i)));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}

/**
 * The SID of `NT SERVICE\name`: S-1-5-80 and the five words of the SHA-1 of its name in capitals, as `sc.exe showsid` prints it.
 * https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights
 */
export function serviceSid(name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(capitals(name), 'utf16le'))
    .digest();
  return `S-1-5-80-${[0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at)).join('-')}`;
}

/** As Windows does it: one character becomes one, so `ß` stays. */
function capitals(name: string): string {
  return name.replace(/./gsu, (character) => {
    const capital = character.toUpperCase();
    return capital.length === character.length ? capital : character;
  });
}
