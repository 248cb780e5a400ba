// Host names under which clients may call the control plane.
import { normaliseHostAddress, normaliseHostName } from '../base/host-name.ts';

/** Names and addresses in the form of base/host-name.ts, and domains whose subdomains are all allowed. */
export interface AllowedHosts {
  readonly names: readonly string[];
  readonly domains: readonly string[];
}

/** Undefined when an entry is neither a name, `*.DOMAIN` nor an address. */
export function parseAllowedHosts(entries: readonly string[]): AllowedHosts | undefined {
  const names: string[] = [];
  const domains: string[] = [];
  for (const entry of entries) {
    const isDomain = entry.startsWith('*.');
    const name = isDomain
      ? normaliseHostName(entry.slice(2))
      : (normaliseHostAddress(entry) ?? normaliseHostName(entry));
    if (name === undefined) return undefined;
    (isDomain ? domains : names).push(name);
  }
  return { names, domains };
}
