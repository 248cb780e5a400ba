// The remote ends of one container's connections, found again by address and port in every look without making an object.

/** One remote end. */
export interface Destination {
  /** `ip:port`, or `name:port` where many addresses hide behind a name. */
  readonly destination: string;
  /** `ip:port`, empty where `destination` is a name. */
  readonly actualDestination: string;
  /** Established outbound connections at the last look. */
  active: number;
}

interface Entry extends Destination {
  /** IPv4: the address as a signed 32-bit number. IPv6: its bytes as text. */
  readonly address: number | string;
  readonly port: number;
  /** Another entry with the same hash. */
  next: Entry | undefined;
}

/**
 * Ten thousand look-ups a pass, so keys are small integers: a number that holds address and port together would be an object
 * of its own to V8, made for each look-up.
 */
export class Destinations {
  #entries: Entry[] = [];
  readonly #byHash = new Map<number, Entry>();

  /** Starts a look: counts begin at zero, nothing is forgotten yet. */
  begin(): void {
    for (const entry of this.#entries) entry.active = 0;
  }

  /** Counts one connection; false when the remote end is new and must be added first. */
  connect(address: number | string, port: number): boolean {
    for (let entry = this.#byHash.get(hash(address, port)); entry; entry = entry.next) {
      if (entry.port !== port || entry.address !== address) continue;
      entry.active++;
      return true;
    }
    return false;
  }

  /** Adds a remote end with its first connection; `text` is `ip:port`. */
  add(address: number | string, port: number, text: string): void {
    const key = hash(address, port);
    const entry: Entry = { destination: text, actualDestination: text, active: 1, address, port, next: this.#byHash.get(key) };
    this.#byHash.set(key, entry);
    this.#entries.push(entry);
  }

  /** Ends a look: what was not seen in it is forgotten. */
  end(): void {
    const kept = this.#entries.filter(({ active }) => active > 0);
    if (kept.length === this.#entries.length) return;
    for (const entry of this.#entries) if (entry.active === 0) this.#unlink(entry);
    this.#entries = kept;
  }

  values(): readonly Destination[] {
    return this.#entries;
  }

  #unlink(entry: Entry): void {
    const key = hash(entry.address, entry.port);
    const first = this.#byHash.get(key);
    if (first === entry) {
      if (entry.next) this.#byHash.set(key, entry.next);
      else this.#byHash.delete(key);
      return;
    }
    for (let before = first; before; before = before.next) if (before.next === entry) before.next = entry.next;
  }
}

/** Spreads neighbouring addresses and ports; a signed 32-bit number. */
function hash(address: number | string, port: number): number {
  let sum = Math.imul(port, 0x85eb_ca6b);
  if (typeof address === 'number') return (sum ^ Math.imul(address, 0x9e37_79b1)) | 0;
  for (let i = 0; i < address.length; i++) sum = Math.imul(sum ^ address.charCodeAt(i), 0x0100_0193);
  return sum | 0;
}
