// Redacts a text: replaces what has a known shape, then every name that is not known to be harmless.
import { isIP } from 'node:net';
import { ipv4Bytes, ipv6Bytes } from './address-bytes.ts';
import type { Scrubbing } from './scrubbing.ts';
import * as shapes from './shapes.ts';
import type { StandIns } from './stand-ins.ts';
import { scrubUrl } from './urls.ts';
import { extensionOf, isHarmless, isWindowsService } from './vocabulary.ts';

/** Removes a value whose content must not even be compared with other values. */
const REMOVED = '*';

interface Shape {
  /** Undefined when nothing of the shape is known. */
  readonly pattern: RegExp | ((scrubber: Scrubbing) => RegExp | undefined);
  /** The replacement; undefined for a match that the next shapes may replace. */
  replace(match: RegExpMatchArray, scrubber: Scrubbing): string | undefined;
}

/** In this order: a text that one of them replaced is not examined again. */
const ordered: readonly Shape[] = [
  { pattern: shapes.url, replace: ([whole], scrubber) => scrubUrl(whole, scrubber) },
  { pattern: shapes.secretValue, replace: ([, key], scrubber) => `${scrubber.text(key!)}${REMOVED}` },
  { pattern: shapes.bearer, replace: ([, scheme]) => `${scheme}${REMOVED}` },
  {
    pattern: shapes.sid,
    replace: ([whole], scrubber) => (shapes.wellKnownSid.test(whole) ? whole : scrubber.standIn('sid', whole)),
  },
  { pattern: shapes.guid, replace: ([whole], { standIns }) => standIns.id(whole) },
  { pattern: shapes.hardwareAddress, replace: ([whole], scrubber) => hardwareAddress(whole, scrubber) },
  { pattern: shapes.encodedBytes, replace: () => REMOVED },
  { pattern: shapes.mail, replace: ([whole], scrubber) => mailAddress(whole, scrubber) },
  { pattern: shapes.ipv6, replace: ([whole], scrubber) => ipv6(whole, scrubber) },
  { pattern: shapes.ipv4, replace: ([whole], scrubber) => ipv4(whole, scrubber) },
  { pattern: shapes.hexadecimal, replace: ([whole], { standIns }) => hexadecimal(whole, standIns) },
  { pattern: ({ names }) => names.phrases, replace: ([whole], scrubber) => scrubber.standIn('name', whole) },
  { pattern: shapes.server, replace: ([, before, name], scrubber) => `${before}${scrubber.host(name!)}` },
  {
    pattern: shapes.profile,
    replace: ([, before, user], scrubber) =>
      shapes.sharedProfile.test(user!) ? undefined : `${before}${scrubber.standIn('user', user!)}`,
  },
  { pattern: shapes.path, replace: ([whole], scrubber) => scrubNames(whole, scrubber) },
  {
    pattern: shapes.accountInText,
    replace: ([whole, domain, slash, user], scrubber) =>
      shapes.folder.test(domain!) || extensionOf(whole) !== ''
        ? undefined
        : scrubber.account(`${domain}\\${user}`).replace('\\', () => slash!),
  },
];

/** A name and the separators around it. Control characters belong to names: no harmless name has one. */
const name = /[^\s\\/,;:()[\]{}"<>|=?!*\u201c\u201d\u2026\u2013\u2014]+/gu;
const trimmed = /^([.'\u2019\u2018`~^_+&#@%$-]*)(.*?)([.'\u2019\u2018`~^_+&#@%$-]*)$/su;

export function scrubText(text: string, scrubber: Scrubbing): string {
  if (isKept(text, scrubber)) return text;
  return scrubShapes(text, 0, scrubber);
}

function scrubShapes(text: string, from: number, scrubber: Scrubbing): string {
  const shape = ordered[from];
  if (!shape) return scrubNames(text, scrubber);
  const pattern = typeof shape.pattern === 'function' ? shape.pattern(scrubber) : shape.pattern;
  if (!pattern) return scrubShapes(text, from + 1, scrubber);
  let scrubbed = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const replacement = shape.replace(match, scrubber);
    if (replacement === undefined) continue;
    scrubbed += scrubShapes(text.slice(end, match.index), from + 1, scrubber) + replacement;
    end = match.index + match[0].length;
  }
  return scrubbed + scrubShapes(end === 0 ? text : text.slice(end), from + 1, scrubber);
}

function scrubNames(text: string, scrubber: Scrubbing): string {
  return text.replace(name, (found, at: number) => {
    // The letter of a drive.
    if (/^[a-z]$/i.test(found) && text[at + 1] === ':') return found;
    return scrubName(found, scrubber);
  });
}

function scrubName(found: string, scrubber: Scrubbing): string {
  if (isKept(found, scrubber)) return found;
  const [, before = '', inner = '', after = ''] = trimmed.exec(found) ?? [];
  if (inner === '') return found;
  const possessive = /['\u2019]s$/.exec(inner)?.[0] ?? '';
  const core = inner.slice(0, inner.length - possessive.length);
  return `${before}${isKept(core, scrubber) ? core : standInOf(core, scrubber)}${possessive}${after}`;
}

/** Whether a name is harmless and no name of this host, and has none in it. */
function isKept(text: string, { names }: Scrubbing): boolean {
  return isHarmless(text) && names.kindOf(text) === undefined && !names.areIn(text);
}

function standInOf(text: string, scrubber: Scrubbing): string {
  if (scrubber.names.kindOf(text) !== undefined) return scrubber.standIn('name', text);
  const [, product, separator, instance] = /^([A-Za-z\d-]+)([$_])(.+)$/.exec(text) ?? [];
  if (product !== undefined && isWindowsService(product) && isKept(product, scrubber))
    return `${product}${separator}${scrubName(instance!, scrubber)}`;
  const extension = extensionOf(text);
  const base = text.slice(0, text.length - extension.length);
  if (extension !== '' && base !== '')
    return `${isKept(base, scrubber) ? base : standInOf(base, scrubber)}${extension}`;
  if (/^[\p{L}\d_-]+(?:\.[\p{L}\d_-]+)+$/u.test(text)) return scrubber.host(text);
  return scrubber.standIn('name', text);
}

function hardwareAddress(text: string, scrubber: Scrubbing): string {
  return scrubber.standIn('mac', text.replace(/[^\da-f]/gi, ''));
}

/** A code of Windows is harmless. */
function hexadecimal(text: string, standIns: StandIns): string | undefined {
  if (isHarmless(text)) return undefined;
  return text.startsWith('0x') || text.startsWith('0X') ? `0x${standIns.id(text.slice(2))}` : standIns.id(text);
}

function mailAddress(text: string, scrubber: Scrubbing): string {
  const [user = '', ...rest] = text.split('@');
  const domain = rest.join('@').replace(/[.'\u2019`!?]+$/, '');
  const end = text.slice(user.length + 1 + domain.length);
  return `${scrubber.standIn('user', user)}@${scrubber.host(domain)}${end}`;
}

/** Times and positions, which are no addresses, are left to the other shapes. */
function ipv6(text: string, scrubber: Scrubbing): string | undefined {
  const [, prefix, mapped] = /^(::ffff:)(\d+(?:\.\d+){3})$/i.exec(text) ?? [];
  if (mapped !== undefined && isIP(mapped) === 4) return `${prefix}${scrubber.standIns.addressText(ipv4Bytes(mapped))}`;
  const [, address = '', zone = '', end = ''] = /^(.*?)(%\w+)?([:.]?)$/s.exec(text)!;
  for (const [candidate, rest] of [
    [text.replace(/%\w+$/, ''), ''],
    [address, end],
  ] as const)
    if (isIP(candidate) === 6)
      return `${scrubber.standIns.addressText(ipv6Bytes(candidate))}${zone === '' ? '' : '%0'}${rest}`;
  return /::./.test(text) || text.split(':').length > 4 ? REMOVED : undefined;
}

/** `3.0.0.0` is a version. */
function ipv4(text: string, scrubber: Scrubbing): string | undefined {
  return isIP(text) === 4 && !isHarmless(text) ? scrubber.standIns.addressText(ipv4Bytes(text)) : undefined;
}
