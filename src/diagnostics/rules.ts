// Redaction rules that tapes have no need of: ends of connections with their ports, and words of our own.
import { isIP } from 'node:net';
import { type Rule, text } from '../redaction/rules.ts';
import { domain } from '../sources/tape/redact-events.ts';

/** A name of the DNS as metrics have it; what stands for many names (`~other`, `IP.in-addr.arpa`) is nobody's. */
export const dnsName: Rule<string> = (value, scrubber) => (/^(~|IP\.)/.test(value) ? value : domain(value, scrubber));

/** `ip:port`, `[ip]:port` or `name:port`. */
export const endpoint: Rule<string> = (value, scrubber) => {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/s.exec(value) ?? [];
  if (host === '' || isIP(host.replace(/^\[|\]$/g, '')) !== 0) return text(value, scrubber);
  return `${dnsName(host, scrubber)}${port}`;
};

/** A text with URLs: scheme and port stay, names have stand-ins, paths go. */
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

/** One of the words given; whatever else comes there goes. */
export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return (value) => (words.includes(value) ? value : ('*' as T));
}

/** For records of numbers and switches only: a text in one does not compile. */
export const figures = <T extends { readonly [K in keyof T]: number | boolean }>(value: T): T => value;
