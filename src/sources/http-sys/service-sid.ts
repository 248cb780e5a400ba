// The SID that every Windows service has of its own (`NT SERVICE\NAME`), which follows from its name alone.
import { createHash } from 'node:crypto';

/** The five parts behind it are a SHA-1 of the name. */
const SERVICE_SID = 'S-1-5-80';

/** SHA-1 of the name in capitals as UTF-16: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers */
export function serviceSid(serviceName: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(capitals(serviceName), 'utf16le'))
    .digest();
  return [SERVICE_SID, ...[0, 4, 8, 12, 16].map((at) => digest.readUInt32LE(at))].join('-');
}

/** As Windows does it: one character becomes one, so `ß` stays. */
function capitals(name: string): string {
  return name.replace(/./gsu, (character) => {
    const capital = character.toUpperCase();
    return capital.length === character.length ? capital : character;
  });
}
