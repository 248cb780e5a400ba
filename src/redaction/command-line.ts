// Redacts a command line: keeps the program as far as a path is kept, and the names of known options.
import { HIDDEN_VALUE, isServiceHost, splitCommandLine } from '../base/command-line.ts';
import type { Scrubbing } from './scrubbing.ts';
import { isHarmless, isSvchostGroup } from './vocabulary.ts';

const option = /^(--?|\/)([A-Za-z]+(?:[-_.][A-Za-z]+)*)([=:].*)?$/s;

/**
 * An option is kept when its name is one letter or made of listed words: `-pSECRET` is no option, and no value is kept
 * but the group of a service host.
 */
export function scrubCommandLine(line: string, scrubber: Scrubbing): string {
  const { program, quoted, words } = splitCommandLine(line);
  const path = scrubber.text(program);
  const hosted = isServiceHost(program);
  const kept = words.map((word, i) => {
    const isGroup = hosted && words[i - 1]?.toLowerCase() === '-k' && isSvchostGroup(word);
    return isGroup && scrubber.names.kindOf(word) === undefined ? word : scrubWord(word, scrubber);
  });
  return [quoted ? `"${path}"` : path, ...kept].join(' ');
}

function scrubWord(word: string, { names }: Scrubbing): string {
  const [, dash, name = '', value] = option.exec(word) ?? [];
  const known = name.length === 1 || (isHarmless(name) && names.kindOf(name) === undefined && !names.areIn(name));
  if (dash === undefined || !known) return HIDDEN_VALUE;
  return value === undefined ? word : `${dash}${name}${value[0]}${HIDDEN_VALUE}`;
}
