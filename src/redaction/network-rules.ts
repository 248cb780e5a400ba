// Redaction rules for addresses, domain names and endpoints.
import { isIP } from 'node:net';
import { type Rule, text } from './rules.ts';
import type { Scrubber } from './scrub.ts';

/** Names that the agent shows in place of many names. */
const placeholders = new Set(['~other', '~invalid', 'IP.in-addr.arpa', 'IP.ec2.internal']);

/** Packed addresses of `width` bytes each; an IPv4-mapped IPv6 address gets the stand-in of its IPv4 address. */
export function addresses(bytes: Uint8Array, width: number, { standIns }: Scrubber): Uint8Array {
  const redacted = new Uint8Array(bytes.length);
  for (let at = 0; at + width <= bytes.length; at += width)
    redacted.set(standIns.address(bytes.slice(at, at + width)), at);
  return redacted;
}

/** A domain name, with or without a trailing dot. */
export const domain: Rule<string> = (name, scrubber) =>
  name === '' ? '' : scrubber.host(name.replace(/\.$/, '').toLowerCase());

/** A domain name as answers and metrics show it: the placeholders for many names are kept. */
export const dnsName: Rule<string> = (value, scrubber) => (placeholders.has(value) ? value : domain(value, scrubber));

/** `ip:port`, `[ip]:port` or `name:port`. */
export const endpoint: Rule<string> = (value, scrubber) => {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/s.exec(value) ?? [];
  const isAddress = isIP(host.replace(/^\[|\]$/g, '').replace(/%.*$/, '')) !== 0;
  return host === '' || host === '*' || isAddress ? text(value, scrubber) : `${dnsName(host, scrubber)}${port}`;
};

/** Windows cuts results at 1,024 characters, of which the last may be the NUL. */
const CUT_LENGTH = 1023;

/**
 * Results of a DNS request in the resolver's format: addresses and `type: N value` parts, separated by `;`. A last part
 * that Windows has cut is removed, because the replaced text no longer shows by its length that it was cut.
 */
export const dnsResults: Rule<string> = (results, scrubber) =>
  (results.length < CUT_LENGTH ? results : results.slice(0, results.lastIndexOf(';') + 1))
    .split(';')
    .map((part) => {
      const [, type, code = ''] = /^(\s*type:\s*)(\d*)/i.exec(part) ?? [];
      if (type !== undefined) return `${type}${code.slice(0, 5)} *`;
      const plain = part.trim();
      return plain === '' || isIP(plain.replace(/%.*$/, '')) !== 0 ? text(part, scrubber) : domain(plain, scrubber);
    })
    .join(';');
