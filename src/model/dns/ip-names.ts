// What addresses are called, by the answers of the resolver: bounded, and forgotten when nobody has used it for long.

/** The name of one address; replaced, never changed, so that labels can hang on it. */
export interface IpName {
  readonly ip: string;
  /** Normalised. */
  readonly fqdn: string;
  /** The answer had several addresses, all of the internet: the name stands for them together. */
  readonly together: boolean;
  /** Milliseconds since 1970 of the last answer, or of the last connection that it named. */
  usedAtMs: number;
  /** A container has connected to the address. */
  connected: boolean;
  /** Another name has taken its place, or it was forgotten. */
  dead: boolean;
}

/** An address may belong to somebody else by then. */
const IDLE_MS = 60 * 60 * 1000;
const MAX_NAMES = 32_768;

export class IpNames {
  readonly #byIp = new Map<string, IpName>();
  readonly #together = new Map<string, boolean>();
  /** Grows with every change, so that whoever holds names knows when to look again. */
  generation = 0;
  /** Names that had to go before their time. */
  evicted = 0;

  /** One answer; addresses as base/ip.ts writes them. */
  learn(ips: readonly string[], fqdn: string, together: boolean, atMs: number): void {
    this.#together.delete(fqdn);
    this.#together.set(fqdn, together);
    if (this.#together.size > MAX_NAMES) this.#together.delete(this.#together.keys().next().value!);
    for (const ip of ips) {
      const known = this.#byIp.get(ip);
      if (known && known.fqdn === fqdn && known.together === together) {
        known.usedAtMs = Math.max(known.usedAtMs, atMs);
        continue;
      }
      if (known) {
        known.dead = true;
        this.#byIp.delete(ip);
      } else if (this.#byIp.size >= MAX_NAMES) this.#makeRoom();
      this.#byIp.set(ip, { ip, fqdn, together, usedAtMs: atMs, connected: known?.connected ?? false, dead: false });
      this.generation++;
    }
  }

  of(ip: string): IpName | undefined {
    return this.#byIp.get(ip);
  }

  /** Whether the last answer for a name had several addresses, all of the internet. */
  isTogether(fqdn: string): boolean {
    return this.#together.get(fqdn) ?? false;
  }

  /** Forgets what nobody has used for long. */
  expire(nowMs: number): void {
    for (const [ip, name] of this.#byIp) if (nowMs - name.usedAtMs > IDLE_MS) this.#forget(ip, name);
  }

  all(): Iterable<IpName> {
    return this.#byIp.values();
  }

  get size(): number {
    return this.#byIp.size;
  }

  /** Those go that nobody has used for longest; a sixteenth at once, since the search costs as much for one. */
  #makeRoom(): void {
    const byAge = [...this.#byIp.entries()].sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    for (const [ip, name] of byAge.slice(0, MAX_NAMES / 16)) {
      this.#forget(ip, name);
      this.evicted++;
    }
  }

  #forget(ip: string, name: IpName): void {
    name.dead = true;
    this.#byIp.delete(ip);
    this.generation++;
  }
}
