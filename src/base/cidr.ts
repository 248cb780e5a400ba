// Networks in CIDR notation.
import { isIP } from 'node:net';
import { ipBytes, isIpv4Mapped } from './ip.ts';

/** True for e.g. `10.0.0.0/8` or `fd00::/8`. https://www.rfc-editor.org/rfc/rfc4632 */
export function isCidr(text: string): boolean {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (!match) return false;
  // Node accepts a zone (fe80::1%eth0) as part of an address; a network has no zone.
  const family = match[1]!.includes('%') ? 0 : isIP(match[1]!);
  return family !== 0 && Number(match[2]) <= (family === 4 ? 32 : 128);
}

/** A network as bytes: the first `bits` of 16 bytes, IPv4 mapped into IPv6. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** Parses a text for which `isCidr` is true. */
export function parseCidr(text: string): Network {
  const [address, length] = text.split('/');
  const bits = Number(length) + (isIP(address!) === 4 ? 96 : 0);
  return { bytes: ipBytes(address!)!, bits };
}

/** Whether it has all addresses of a family: `0.0.0.0/0`, `::/0`, and `::ffff:0:0/96`, which is IPv4 as well. */
export function isWholeFamily({ bytes, bits }: Network): boolean {
  return bits === 0 || (bits === 96 && isIpv4Mapped(bytes));
}

/** Whether the 16 bytes at `at` lie in the network. */
export function contains({ bytes, bits }: Network, address: Uint8Array, at = 0): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== address[at + i]) return false;
  const rest = bits & 7;
  return rest === 0 || (bytes[whole]! ^ address[at + whole]!) >> (8 - rest) === 0;
}
