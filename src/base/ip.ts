// IP addresses: text of raw bytes, as RFC 5952 says, and the ranges that matter.

/** Text of the 4 bytes at `at`, e.g. `10.0.0.5`. */
export function ipv4Text(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Text of the 16 bytes at `at`; an IPv4-mapped address comes out as IPv4. https://www.rfc-editor.org/rfc/rfc5952 */
export function ipv6Text(bytes: Uint8Array, at = 0): string {
  if (isIpv4Mapped(bytes, at)) return ipv4Text(bytes, at + 12);
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.map((group) => group.toString(16)).join(':');
  const head = groups.slice(0, start).map((group) => group.toString(16));
  const tail = groups.slice(start + length).map((group) => group.toString(16));
  return `${head.join(':')}::${tail.join(':')}`;
}

export function isIpv4Mapped(bytes: Uint8Array, at = 0): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best[1]) best = [start, end - start];
    start = end;
  }
  return best;
}

/** `ip:port`, IPv6 in brackets. */
export function endpointText(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The two parts of what endpointText wrote. */
export function endpointParts(endpoint: string): { ip: string; port: number } {
  const colon = endpoint.lastIndexOf(':');
  return { ip: endpoint.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(endpoint.slice(colon + 1)) };
}

/** Link-local (169.254/16, fe80::/10) or multicast (224/4, ff00::/8): never reachable from another node. */
export function isLinkLocalOrMulticast(ip: string): boolean {
  if (ip.includes(':')) return /^(fe[89ab][0-9a-f]|ff[0-9a-f]{2}):/i.test(ip);
  const first = Number(ip.split('.', 1)[0]);
  return ip.startsWith('169.254.') || (first >= 224 && first <= 239);
}
