// Secrets in the shapes in which hosts, people and programs write them, with the texts that must not be left.
import { below } from './random.ts';

/** A planted text, and what would be found if redaction left it or a part of it. */
export interface PlantedCanary {
  readonly shape: string;
  readonly text: string;
  readonly traces: readonly Trace[];
}

/** A text that redaction must not leave, in lower case. */
interface Trace {
  readonly text: string;
  /** No part of so many characters may be left; a shorter one, e.g. of hexadecimal digits, may be there by chance. */
  readonly window: number;
}

const WORD_WINDOW = 6;
const CODE_WINDOW = 11;

type Random = () => number;

/** No listed word has these letters only. */
const LETTERS = 'bcdfghjkqvwxz';

function word(random: Random): string {
  const length = 8 + below(random, 6);
  const letters = Array.from({ length }, (_, i) =>
    i > 1 && random() < 0.25 ? String(below(random, 10)) : LETTERS[below(random, LETTERS.length)]!,
  ).join('');
  const form = below(random, 3);
  return form === 0 ? letters : form === 1 ? letters.toUpperCase() : letters[0]!.toUpperCase() + letters.slice(1);
}

const hex = (random: Random, length: number): string =>
  Array.from({ length }, () => below(random, 16).toString(16)).join('');
const digits = (random: Random, length: number): string =>
  String(1 + below(random, 9)) + Array.from({ length: length - 1 }, () => below(random, 10)).join('');
/** No stand-in is in these ranges. */
const ipv4 = (random: Random): string =>
  [60 + below(random, 30), ...[0, 0, 0].map(() => 200 + below(random, 56))].join('.');
const ipv6 = (random: Random): string =>
  `2a${hex(random, 2)}:${[1, 2, 3].map(() => `${1 + below(random, 9)}${hex(random, 3)}`).join(':')}::${hex(random, 4)}`;
const each = (text: string, encode: (unit: number) => string): string =>
  Array.from(text, (character) => encode(character.charCodeAt(0))).join('');
const code = (unit: number, length: number): string => unit.toString(16).padStart(length, '0');

/** Texts around one random word, which must not be left in any encoding. */
const around: Readonly<Record<string, (canary: string, random: Random) => string>> = {
  'a word': (c) => c,
  'a short option': (c) => `-p${c}`,
  'a long option': (c) => `--password=${c}`,
  'an unknown option': (c) => `--${c.toLowerCase()} -${c}`,
  'a Windows option': (c) => `/pwd:${c}`,
  'user information': (c) => `https://${c}:${c}@example.com/`,
  'a token as user': (c) => `https://${c}@example.com/x`,
  'user information with a slash': (c) => `https://user:pw/${c}@example.com/`,
  'user information with a space': (c) => `https://user:two ${c}@example.com/`,
  'a parameter': (c) => `https://example.com/x?key=${c}&${c}`,
  'a fragment': (c) => `HTTPS://example.com/#${c}`,
  'a path of a URL': (c) => `http://example.com:80/hook/${c}/x`,
  'a connection string': (c) => `Server=db;User Id=sa;Password=server ${c};`,
  'a key and value': (c) => `token: "${c}", secret=${c}`,
  'a bearer token': (c) => `Authorization: Bearer ${c}.${c}`,
  'a domain': (c) => `${c}\\Administrator`,
  'an account': (c) => `CORP\\${c}`,
  'a computer account': (c) => `${c}$`,
  'a mail address': (c) => `${c}@${c}.example`,
  'a file server': (c) => `\\\\${c}\\share\\x.exe`,
  'a long path to a server': (c) => `\\\\?\\UNC\\${c}\\x`,
  'a device path': (c) => `\\Device\\Mup\\${c}\\x`,
  'a server in a file URL': (c) => `file://${c}/share`,
  'a profile in a file URL': (c) => `file:///C:/Users/${c}/x.js:1:2`,
  'a profile': (c) => `C:\\Users\\${c}\\x`,
  'a profile with slashes': (c) => `C:/Users/${c}/x`,
  'a home folder': (c) => `/home/${c}/x`,
  'a profile with a space': (c) => `C:\\Users\\Ann ${c}\\x`,
  'a program': (c) => `D:\\${c}\\bin\\${c}.exe`,
  'a host name': (c) => `${c}.prod.local`,
  'a name with a number': (c) => `${c}-01`,
  'a part of a name': (c) => `sql-${c}_old`,
  'a placeholder of the agent': (c) => `~${c}.example`,
  'a DNS result': (c) => `type: 5 ${c}.example;${c}`,
  'a variable': (c) => `%${c}%`,
  'another alphabet': (c) => `Zürich${c}ß`,
};

const encodings: Readonly<Record<string, (canary: string) => string>> = {
  'UTF-16 as bytes': (c) => each(c, (unit) => `${String.fromCharCode(unit)}\0`),
  'JSON escapes': (c) => each(c, (unit) => `\\u${code(unit, 4)}`),
  'percent escapes': (c) => each(c, (unit) => `%${code(unit, 2)}`),
  'double percent escapes': (c) => each(c, (unit) => `%25${code(unit, 2)}`),
  'HTML entities': (c) => each(c, (unit) => `&#${unit};`),
  'hexadecimal HTML entities': (c) => each(c, (unit) => `&#x${code(unit, 2)};`),
  'C escapes': (c) => each(c, (unit) => `\\x${code(unit, 2)}`),
  hexadecimal: (c) => Buffer.from(c).toString('hex'),
  'UTF-16 in hexadecimal': (c) => Buffer.from(c, 'utf16le').toString('hex'),
  'hexadecimal bytes': (c) => each(c, (unit) => `${code(unit, 2)} `).trim(),
  'decimal bytes': (c) => Buffer.from(c).join(', '),
  base64: (c) => Buffer.from(c).toString('base64'),
  'base64 for URLs': (c) => Buffer.from(c).toString('base64url'),
  'UTF-16 in base64': (c) => Buffer.from(c, 'utf16le').toString('base64'),
};

const identifiers: Readonly<Record<string, (random: Random) => { text: string; traces: string[] }>> = {
  'an address': (random) => same(ipv4(random)),
  'an address in a sentence': (random) => framed(ipv4(random), 'cannot reach ', '. It'),
  'an address in a name': (random) => framed(ipv4(random), 'replica_', '_old'),
  'an address after letters': (random) => framed(ipv4(random), 'db', ':80'),
  'an address with dashes': (random) => same(ipv4(random).replaceAll('.', '-')),
  'an IPv6 address': (random) => framed(ipv6(random), '[', ']:443'),
  'an IPv6 address with a zone': (random) => framed(ipv6(random), '', '%eth0.'),
  'an IPv6 address after letters': (random) => framed(ipv6(random), 'host', '.'),
  'a SID': (random) => framed(`${digits(random, 9)}-${digits(random, 10)}-${digits(random, 9)}`, 'S-1-5-21-', '-500'),
  'a SID of Entra ID': (random) => framed(`${digits(random, 10)}-${digits(random, 10)}`, 'S-1-12-1-', ''),
  'a hardware address': (random) => same(hex(random, 12).replace(/(..)(?=.)/g, '$1-')),
  'a hardware address with colons': (random) => same(hex(random, 12).replace(/(..)(?=.)/g, '$1:')),
  'a hardware address with dots': (random) => same(hex(random, 12).replace(/(....)(?=.)/g, '$1.')),
  'a GUID': (random) => framed(hex(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), '{', '}'),
  'an id': (random) => same(hex(random, 32)),
  'a long number': (random) => same(digits(random, 12)),
};

const same = (text: string) => ({ text, traces: [text] });
const framed = (secret: string, before: string, after: string) => ({ text: before + secret + after, traces: [secret] });

const wordShapes = Object.entries({ ...around, ...encodings });
const identifierShapes = Object.entries(identifiers);

export const SHAPES = wordShapes.length + identifierShapes.length;

const BEFORE = ['', '', ' ', 'of ', '(', '"', "'", '[', '<', 'host=', ': ', ', ', 'C:\\', '/', '…', '|', 'é '];
const AFTER = ['', '', ' ', ' failed', ')', '"', "'", ']', '>', '.', ', x', ';', '\\x', '/', '!', '|', '\n'];

/** A random canary of a random shape, with random text around it. */
export function plantedCanary(random: Random): PlantedCanary {
  const pick = <T>(list: readonly T[]): T => list[below(random, list.length)]!;
  const at = below(random, SHAPES);
  const framedBy = (text: string): string => pick(BEFORE) + text + pick(AFTER);
  if (at >= wordShapes.length) {
    const [shape, make] = identifierShapes[at - wordShapes.length]!;
    const { text, traces } = make(random);
    return { shape, text: framedBy(text), traces: traces.map((trace) => traceOf(trace, CODE_WINDOW)) };
  }
  const [shape, write] = wordShapes[at]!;
  const canary = word(random);
  const encoded = Object.values(encodings).map((encode) => traceOf(encode(canary), CODE_WINDOW));
  return { shape, text: framedBy(write(canary, random)), traces: [traceOf(canary, WORD_WINDOW), ...encoded] };
}

const traceOf = (text: string, window: number): Trace => ({
  text: text.toLowerCase(),
  window: Math.min(window, text.length),
});

/** The first part of a trace that is left in a text; undefined when there is none. */
export function leftIn(text: string, { traces }: PlantedCanary): string | undefined {
  const lower = text.toLowerCase();
  for (const { text: trace, window } of traces)
    for (let from = 0; from + window <= trace.length; from++) {
      const part = trace.slice(from, from + window);
      if (lower.includes(part)) return part;
    }
  return undefined;
}
