// Words for levels in JSON logs, and the words of frameworks that Coroot does not know.
import type { LogLevel } from './log-record.ts';

const words: ReadonlyMap<string, LogLevel> = tableOf({
  debug: 'trace trc debug dbg verbose',
  info: 'info inf information informational notice',
  warning: 'warn wrn warning',
  error: 'error err',
  critical: 'fatal ftl critical crit panic dpanic alert emerg emergency',
});

/** Of the .NET console, zap, java.util.logging and logrus. */
const furtherWords: ReadonlyMap<string, LogLevel> = tableOf({
  debug: 'dbug trce vrb fine finer finest',
  error: 'fail severe',
  critical: 'fata',
});

function tableOf(levels: Partial<Record<LogLevel, string>>): ReadonlyMap<string, LogLevel> {
  const entries = Object.entries(levels) as [LogLevel, string][];
  return new Map(entries.flatMap(([level, text]) => text.split(' ').map((word) => [word, level] as const)));
}

/** The level of a word in lower case, as Coroot understands it in JSON. */
export function levelOfWord(word: string): LogLevel | undefined {
  return words.get(word);
}

/** The level of a word in any letter case, in more vocabularies. */
export function levelOfAnyWord(word: string): LogLevel | undefined {
  const lower = word.toLowerCase();
  return words.get(lower) ?? furtherWords.get(lower);
}
