// Redacts a command line: keeps the program as far as a path is kept, and the names of known options.
import type { Scrubbing } from './scrubbing.ts';
import { isHarmless, isSvchostGroup } from './vocabulary.ts';

const VALUE = '*';

/** A drive, a network path, a variable or the root of the object namespace. */
const pathStart = /^(?:[a-z]:[\\/]|\\|%[\w()]+%|[\\/])/i;
const option = /^(--?|\/)([A-Za-z]+(?:[-_.][A-Za-z]+)*)([=:].*)?$/s;

/**
 * An option is kept when its name is one letter or made of listed words: `-pSECRET` is no option, and no value is kept
 * but the group of a service host.
 */
export function scrubCommandLine(line: string, scrubber: Scrubbing): string {
  const { program, quoted, rest } = splitProgram(line.trim());
  const path = scrubber.text(program);
  const words = rest.match(/(?:"[^"]*(?:"|$)|[^\s"])+/g) ?? [];
  const isServiceHost = /(?:^|[\\/])svchost(?:\.exe)?$/i.test(program);
  const kept = words.map((word, i) => {
    const isGroup = isServiceHost && words[i - 1]?.toLowerCase() === '-k' && isSvchostGroup(word);
    return isGroup && scrubber.names.kindOf(word) === undefined ? word : scrubWord(word, scrubber);
  });
  return [quoted ? `"${path}"` : path, ...kept].join(' ');
}

function scrubWord(word: string, { names }: Scrubbing): string {
  const [, dash, name = '', value] = option.exec(word) ?? [];
  const known = name.length === 1 || (isHarmless(name) && names.kindOf(name) === undefined && !names.areIn(name));
  if (dash === undefined || !known) return VALUE;
  return value === undefined ? word : `${dash}${name}${value[0]}${VALUE}`;
}

interface Split {
  readonly program: string;
  readonly quoted: boolean;
  readonly rest: string;
}

function splitProgram(line: string): Split {
  const [, quoted, after] = /^"([^"]*)"?(.*)$/s.exec(line) ?? [];
  if (quoted !== undefined) return { program: quoted, quoted: true, rest: after! };
  const length = unquotedLength(line);
  return { program: line.slice(0, length), quoted: false, rest: line.slice(length) };
}

/**
 * An unquoted path may contain spaces: it extends to its file extension, unless something before that is no part of a
 * path. `.com` also ends names of hosts.
 */
function unquotedLength(line: string): number {
  const first = line.search(/\s|$/);
  if (!pathStart.test(line)) return first;
  const end = /\.(?:exe|com|cmd|bat|sys)(?=\s|$)/i.exec(line);
  if (!end) return first;
  const path = line.slice(0, end.index + end[0].length);
  return / [-/]|[@="]|:\/\//.test(path) ? first : path.length;
}
