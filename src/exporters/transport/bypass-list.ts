// Lists of hosts that are reached without a proxy: the setting no-proxy, NO_PROXY, and the list of WinHTTP.
import { isIP } from 'node:net';
import { contains, isCidr, parseCidr } from '../../base/cidr.ts';
import { canonicalIp, ipBytes } from '../../base/ip.ts';

/**
 * Whether one of the entries covers the host of a URL. An entry is
 * - `*`, every host;
 * - an address or a network, e.g. `10.0.0.0/8`;
 * - a domain with all names below it; after a dot or `*.` only the names below it;
 * - a pattern with `*` anywhere, as WinHTTP has it: `192.168.*`;
 * - `<local>`, every name without a dot.
 * An entry may end in a port, and a scheme before it counts.
 */
export function bypasses(entries: readonly string[], url: URL): boolean {
  const host = hostOf(url);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return entries.some((entry) => covers(entry.trim().toLowerCase(), url.protocol, host, port));
}

/** Whether the host is this machine by its name or address; a proxy cannot reach it. */
export function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  return /^(?:.*\.)?localhost$/.test(host) || /^127\./.test(host) || host === '::1';
}

/** The entries of a text: separated by commas, semicolons or white space. */
export function bypassEntries(text: string): string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== '');
}

/** In lower case; an address in the form of `canonicalIp`; without the dot of the root. */
function hostOf({ hostname }: URL): string {
  return canonicalIp(hostname) ?? hostname.toLowerCase().replace(/\.$/, '');
}

function covers(entry: string, protocol: string, host: string, port: string): boolean {
  const scheme = /^(https?:)\/\//.exec(entry);
  if (scheme && scheme[1] !== protocol) return false;
  const rest = scheme ? entry.slice(scheme[0].length) : entry;
  if (isIP(rest) !== 0 || isCidr(rest)) return coversHost(rest, host);
  const withPort = /^(.+):(\d{1,5})$/.exec(rest);
  if (withPort && withPort[2] !== port) return false;
  return coversHost(withPort ? withPort[1]! : rest, host);
}

function coversHost(entry: string, host: string): boolean {
  if (entry === '*') return true;
  if (entry === '<local>') return isIP(host) === 0 && !host.includes('.');
  const address = ipBytes(host);
  if (isCidr(entry)) return address !== undefined && contains(parseCidr(entry), address);
  const entryAddress = canonicalIp(entry);
  if (entryAddress !== undefined) return entryAddress === host;
  if (entry.startsWith('.')) return host.endsWith(entry);
  if (entry.includes('*')) return patternOf(entry).test(host);
  return host === entry || (address === undefined && host.endsWith(`.${entry}`));
}

function patternOf(entry: string): RegExp {
  const parts = entry.split(/\*+/).map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
