// Consistent stand-ins for names, ids and addresses: the same value always gets the same stand-in.
import { createHash, randomBytes } from 'node:crypto';
import { ipv4Text, ipv6Text, isIpv4Mapped } from '../base/ip.ts';

/** Numbers texts in the order of their first appearance. */
class Numbering {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/** A part of the private scopes that few networks use: a stand-in should not be an address of this host. */
const UNCOMMON = 213;

/** Stand-ins of one recording or one bundle. */
export class StandIns {
  readonly #names = new Map<string, Numbering>();
  readonly #addresses = new Map<string, Uint8Array>();
  readonly #counts = new Map<string, number>();
  readonly #salt = randomBytes(16);

  /** `user-1`, `user-2`, ...; case-insensitive. */
  name(kind: string, text: string): string {
    let numbering = this.#names.get(kind);
    if (!numbering) {
      numbering = new Numbering();
      this.#names.set(kind, numbering);
    }
    return `${kind}-${numbering.numberOf(text.toLowerCase())}`;
  }

  /** Another id of the same form: dashes and braces are kept. An id with other characters gets a number. */
  id(text: string): string {
    if (text === '') return '';
    const digits = text.toLowerCase().replace(/[-{}]/g, '');
    if (!/^[0-9a-f]{8,}$/.test(digits)) return this.name('id', text);
    const digest = createHash('sha256').update(this.#salt).update(digits).digest('hex');
    let at = 0;
    const hex = text.replace(/[0-9a-f]/gi, () => digest[at++ % digest.length]!);
    return /[A-F]/.test(text) ? hex.toUpperCase() : hex;
  }

  /**
   * Another address of the same family and scope. Private addresses come from 10.213/16 or fd00:d5d5::/32, link-local
   * ones from 169.254.213/24 or fe80::d5d5:d5d5:0:0/96: parts of these scopes that few networks use. Public ones come
   * from the ranges for benchmarks and documentation (RFC 2544, RFC 3849). Larger numbers exceed these parts.
   * Loopback and wildcard addresses are kept.
   */
  address(bytes: Uint8Array): Uint8Array {
    if (isGeneric(bytes)) return bytes;
    const key = Buffer.from(bytes).toString('latin1');
    let standIn = this.#addresses.get(key);
    if (!standIn) {
      do standIn = bytes.length === 4 ? this.#nextIpv4(bytes) : this.#nextIpv6(bytes);
      while (!isIpv4Mapped(bytes) && Buffer.compare(standIn, bytes) === 0);
      this.#addresses.set(key, standIn);
    }
    return standIn;
  }

  addressText(bytes: Uint8Array): string {
    const standIn = this.address(bytes);
    return standIn.length === 4 ? ipv4Text(standIn) : ipv6Text(standIn);
  }

  #nextIpv4(bytes: Uint8Array): Uint8Array {
    const scope = ipv4Scope(bytes);
    const number = this.#nextNumber(`ipv4 ${scope}`);
    const [a, b, c] = [(number >> 16) & 255, (number >> 8) & 255, number & 255];
    if (scope === 'private') return Uint8Array.of(10, (UNCOMMON + a) & 255, b, c);
    if (scope === 'link-local') return Uint8Array.of(169, 254, (UNCOMMON + b) & 255, c);
    return Uint8Array.of(198, 18 | (a & 1), b, c);
  }

  #nextIpv6(bytes: Uint8Array): Uint8Array {
    if (isIpv4Mapped(bytes)) return Uint8Array.of(...bytes.subarray(0, 12), ...this.address(bytes.subarray(12)));
    const first = bytes[0]!;
    const local = first === 0xfe;
    const prefix = local
      ? [0xfe, 0x80]
      : (first & 0xfe) === 0xfc
        ? [0xfd, 0, UNCOMMON, UNCOMMON]
        : [0x20, 0x01, 0x0d, 0xb8];
    const standIn = new Uint8Array(16);
    standIn.set(prefix);
    if (local) standIn.fill(UNCOMMON, 8, 12);
    new DataView(standIn.buffer).setUint32(12, this.#nextNumber(`ipv6 ${prefix}`));
    return standIn;
  }

  #nextNumber(kind: string): number {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    return number;
  }
}

/** True for wildcard and loopback addresses, which do not identify a host. */
function isGeneric(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return bytes[0] === 127 || bytes.every((byte) => byte === 0);
  return bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15]! <= 1;
}

function ipv4Scope([a, b]: Uint8Array): 'private' | 'link-local' | 'public' {
  if (a === 169 && b === 254) return 'link-local';
  const shared = a === 100 && b! >= 64 && b! < 128;
  return a === 10 || shared || (a === 172 && b! >= 16 && b! < 32) || (a === 192 && b === 168) ? 'private' : 'public';
}
