// Redaction rules for addresses, domain names, endpoints and URLs.
import { isIP } from 'node:net';
import { type Rule, text } from './rules.ts';
import type { Scrubber } from './scrub.ts';

/** Packed addresses of `width` bytes each; an IPv4-mapped IPv6 address gets the stand-in of its IPv4 address. */
export function addresses(bytes: Uint8Array, width: number, { standIns }: Scrubber): Uint8Array {
  const redacted = new Uint8Array(bytes.length);
  for (let at = 0; at + width <= bytes.length; at += width)
    redacted.set(standIns.address(bytes.slice(at, at + width)), at);
  return redacted;
}

/** A domain name, with or without a trailing dot. */
export const domain: Rule<string> = (name, { standIns }) =>
  name === '' ? '' : standIns.name('host', name.replace(/\.$/, '').toLowerCase());

/** A domain name as metrics show it; the placeholders for many names (`~other`, `IP.in-addr.arpa`) are kept. */
export const dnsName: Rule<string> = (value, scrubber) => (/^(~|IP\.)/.test(value) ? value : domain(value, scrubber));

/** `ip:port`, `[ip]:port` or `name:port`. */
export const endpoint: Rule<string> = (value, scrubber) => {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/s.exec(value) ?? [];
  if (host === '' || isIP(host.replace(/^\[|\]$/g, '')) !== 0) return text(value, scrubber);
  return `${dnsName(host, scrubber)}${port}`;
};

/** A text with URLs: keeps scheme and port, replaces names and removes paths. */
export const urls: Rule<string> = (value, scrubber) =>
  text(
    value.replace(
      /\b([a-z]+):\/\/(\[[^\]]*\]|[^/:\s,;]*)(:\d+)?(\/[^\s,;]*)?/gi,
      (_, scheme: string, host: string, port = '', path = '') => {
        const shown = /^[+*]?$/.test(host) ? host : endpoint(host, scrubber);
        return `${scheme}://${shown}${port}${path === '' || path === '/' ? path : '/*/'}`;
      },
    ),
    scrubber,
  );
