// Names of hosts as users, settings and Host headers spell them, in one form that can be compared.
import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const MAX_NAME_CHARACTERS = 253;
/** A label of a name; names of Windows machines may contain underscores. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
/** To URL parsers such a last label means an address: https://url.spec.whatwg.org/#ends-in-a-number-checker */
const numeric = /^(\d+|0x[\da-f]*)$/;

/**
 * A DNS name in lower case and ASCII (`müller.example` becomes `xn--mller-kva.example`), without its root dot.
 * Undefined if it is an address or no valid name.
 */
export function normaliseHostName(name: string): string | undefined {
  const text = name.replace(/\.$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
  const ascii = /^[\u0000-\u007f]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const labels = ascii.split('.');
  if (ascii.length > MAX_NAME_CHARACTERS || !labels.every((each) => label.test(each))) return undefined;
  return numeric.test(labels.at(-1)!) ? undefined : ascii;
}

/** An address without brackets, in lower case; undefined if it is none. IPv6 has brackets in URLs and Host headers. */
export function normaliseHostAddress(text: string): string | undefined {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed) ? bracketed.toLowerCase() : undefined;
  return isIP(text) === 0 ? undefined : text.toLowerCase();
}
