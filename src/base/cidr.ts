// Networks in CIDR notation.
import { isIP } from 'node:net';

/** True for e.g. `10.0.0.0/8` or `fd00::/8`. https://www.rfc-editor.org/rfc/rfc4632 */
export function isCidr(text: string): boolean {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (!match) return false;
  // Node takes a zone (fe80::1%eth0) as part of an address, a network has none.
  const family = match[1]!.includes('%') ? 0 : isIP(match[1]!);
  return family !== 0 && Number(match[2]) <= (family === 4 ? 32 : 128);
}
