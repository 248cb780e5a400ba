// Addresses in the answers of the Windows resolver.
import { ipBytes, ipv6Text, isExternal } from '../../base/ip.ts';

/** Addresses used of one answer: real answers have fewer. */
const MAX_ADDRESSES = 256;
/** Windows cuts results at 1,024 characters, of which the last may be the NUL. */
const CUT_LENGTH = 1023;

export interface Answer {
  /** As base/ip.ts writes them, mapped ones as IPv4, each once. */
  readonly ips: readonly string[];
  /** At least two addresses, all public. */
  readonly sharedName: boolean;
}

const NOTHING: Answer = { ips: [], sharedName: false };

/** Of `::ffff:10.0.0.9;type:  5 name.example.com;10.0.0.8;`: parts between semicolons, addresses or `type: N value`. */
export function parseAnswer(results: string | undefined): Answer {
  if (!results) return NOTHING;
  const ips = new Set<string>();
  let external = true;
  // Cut at a separator: a truncated address would be a different one.
  const text = results.length < CUT_LENGTH ? results : results.slice(0, results.lastIndexOf(';') + 1);
  for (const part of text.split(';')) {
    const record = part.trim();
    if (record === '' || record.startsWith('type:')) continue;
    const bytes = ipBytes(record);
    if (!bytes || ips.size >= MAX_ADDRESSES) continue;
    ips.add(ipv6Text(bytes));
    external &&= isExternal(bytes);
  }
  return { ips: [...ips], sharedName: external && ips.size >= 2 };
}
