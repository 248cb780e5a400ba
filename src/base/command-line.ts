// Splits command lines of Windows services, and shows them without the values of their options.

/** What replaces a value. */
export const HIDDEN_VALUE = '*';

/** A command line in its parts. */
export interface SplitCommandLine {
  /** Path of the program, without quotes. */
  readonly program: string;
  readonly quoted: boolean;
  /** The arguments with their quotes, as separated by white space. */
  readonly words: string[];
}

/** A drive, a network path, a variable or the root of the object namespace. */
const pathStart = /^(?:[a-z]:[\\/]|\\|%[\w()]+%|[\\/])/i;

export function splitCommandLine(text: string): SplitCommandLine {
  const line = text.trim();
  const [, inQuotes, after] = /^"([^"]*)"?(.*)$/s.exec(line) ?? [];
  if (inQuotes !== undefined) return { program: inQuotes, quoted: true, words: wordsOf(after!) };
  const length = unquotedLength(line);
  return { program: line.slice(0, length), quoted: false, words: wordsOf(line.slice(length)) };
}

function wordsOf(rest: string): string[] {
  return rest.match(/(?:"[^"]*(?:"|$)|[^\s"])+/g) ?? [];
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

/** Whether the program is the host of Windows' shared services. */
export function isServiceHost(program: string): boolean {
  return /(?:^|[\\/])svchost(?:\.exe)?$/i.test(program);
}

const longOption = /^(--[A-Za-z]+(?:-[A-Za-z]+)*)(?:([=:]).*)?$/s;
const shortOption = /^([-/][A-Za-z])(?:([=:]).*)?$/s;
/** `-pSECRET`: a letter with its value behind it, or an option of one dash and several letters; both look the same. */
const attachedOption = /^[-/][A-Za-z]/;
const hostedName = /^[\w.$-]+$/;

/**
 * The command line with the program, long options and the first letter of short ones; everything that is or may be a
 * value is `*`. The names of group and service behind `-k` and `-s` of svchost.exe stay.
 */
export function hideValues(line: string): string {
  const { program, quoted, words } = splitCommandLine(line);
  const hosted = isServiceHost(program);
  const shown = words.map((word, index) =>
    hosted && /^-[ks]$/i.test(words[index - 1] ?? '') && hostedName.test(word) ? word : hideValue(word),
  );
  return [quoted ? `"${program}"` : program, ...shown].join(' ');
}

function hideValue(word: string): string {
  const [, name, separator] = longOption.exec(word) ?? shortOption.exec(word) ?? [];
  if (name !== undefined) return separator === undefined ? name : `${name}${separator}${HIDDEN_VALUE}`;
  const [letter] = attachedOption.exec(word) ?? [''];
  return `${letter}${HIDDEN_VALUE}`;
}
