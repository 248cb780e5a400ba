// DNS names of addresses, learnt from answers of the resolver: bounded in number, removed when unused.
import type { IpName, IpNameLookup } from '../owner/ip-name.ts';

/** After this time the address may belong to another host. */
const IDLE_MS = 60 * 60 * 1000;
const MAX_NAMES = 32_768;

export class NameCache implements IpNameLookup {
  readonly #byIp = new Map<string, IpName>();
  readonly #sharedNames = new Map<string, boolean>();
  generation = 0;
  /** Names that were removed early because the cache was full. */
  evicted = 0;

  /** Learns from one answer at a monotonic time; addresses are written as base/ip.ts writes them. */
  learn(ips: readonly string[], fqdn: string, sharedName: boolean, monoMs: number): void {
    this.#sharedNames.delete(fqdn);
    this.#sharedNames.set(fqdn, sharedName);
    if (this.#sharedNames.size > MAX_NAMES) this.#sharedNames.delete(this.#sharedNames.keys().next().value!);
    for (const ip of ips) {
      const known = this.#byIp.get(ip);
      if (known && known.fqdn === fqdn && known.sharedName === sharedName) {
        known.usedMonoMs = Math.max(known.usedMonoMs, monoMs);
        continue;
      }
      if (known) {
        known.removed = true;
        this.#byIp.delete(ip);
      } else if (this.#byIp.size >= MAX_NAMES) this.#evict();
      this.#byIp.set(ip, {
        ip,
        fqdn,
        sharedName,
        usedMonoMs: monoMs,
        connected: known?.connected ?? false,
        removed: false,
      });
      this.generation++;
    }
  }

  nameOf(ip: string): IpName | undefined {
    return this.#byIp.get(ip);
  }

  isSharedName(fqdn: string): boolean {
    return this.#sharedNames.get(fqdn) ?? false;
  }

  /** Removes names that were not used for an hour. */
  expire(monoMs: number): void {
    for (const [ip, name] of this.#byIp) if (monoMs - name.usedMonoMs > IDLE_MS) this.#remove(ip, name);
  }

  all(): Iterable<IpName> {
    return this.#byIp.values();
  }

  get size(): number {
    return this.#byIp.size;
  }

  /** Removes the least recently used sixteenth at once, because finding one costs as much as finding many. */
  #evict(): void {
    const byAge = [...this.#byIp.entries()].sort(([, a], [, b]) => a.usedMonoMs - b.usedMonoMs);
    for (const [ip, name] of byAge.slice(0, MAX_NAMES / 16)) {
      this.#remove(ip, name);
      this.evicted++;
    }
  }

  #remove(ip: string, name: IpName): void {
    name.removed = true;
    this.#byIp.delete(ip);
    this.generation++;
  }
}
