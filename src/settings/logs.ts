// Settings of log collection.
import { parseChannels } from './event-log-channels.ts';
import { parseEncoding, parseLogFiles } from './log-files.ts';
import { parseBoolean, wholeNumber } from './parsers.ts';
import type { Setting } from './setting.ts';

/** A sort order of 4 bits and a language of 16: https://learn.microsoft.com/windows/win32/intl/locale-identifiers */
const MAX_LOCALE = 0xf_ffff;

export const logSettings = {
  disableLogParsing: {
    name: 'disable-log-parsing',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'read neither the Event Log nor container logs',
    parse: parseBoolean,
  },
  eventLogChannels: {
    name: 'event-log-channels',
    kind: 'text',
    placeholder: 'channels',
    default: 'Application; System',
    allowed: 'names of channels, separated by ; and each with =XPath behind it if not all events are read, or none',
    help: 'channels of the Event Log that are read, e.g. Application; Security=*[System[EventID=4625]]',
    parse: parseChannels,
  },
  eventLogLocale: {
    name: 'event-log-locale',
    kind: 'text',
    placeholder: 'lcid',
    default: '1033',
    allowed: 'a locale identifier of Windows, e.g. 1033, or 0 for that of the system',
    help: 'language of the messages of events; where a publisher lacks it, that of the system',
    parse: localeIdentifier,
  },
  logFiles: {
    name: 'log-files',
    kind: 'text',
    placeholder: 'files',
    default: '',
    allowed: 'entries SERVICE=PATH or node=PATH, separated by ; with full paths, which may contain * and ?',
    help: 'text files that are read as logs of services or the node, e.g. W3SVC=C:\\inetpub\\logs\\LogFiles\\*\\*.log',
    parse: parseLogFiles,
  },
  logFilesEncoding: {
    name: 'log-files-encoding',
    kind: 'text',
    placeholder: 'encoding',
    default: 'system',
    allowed: 'system, or a label of https://encoding.spec.whatwg.org/#names-and-labels, e.g. windows-1252',
    help: 'encoding of files of log-files that are not Unicode; system: the ANSI code page of the system',
    parse: parseEncoding,
  },
  logRecordsPerSecond: {
    name: 'log-records-per-second',
    kind: 'text',
    placeholder: 'count',
    default: '100',
    allowed: 'a whole number from 0',
    help: 'records of one container and source that are passed on, besides bursts of ten times as many; 0: all',
    parse: wholeNumber,
  },
  disableJsonLogParsing: {
    name: 'disable-json-log-parsing',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'treat JSON log lines as plain text',
    parse: parseBoolean,
  },
  logParsingRules: {
    name: 'log-parsing-rules',
    kind: 'text',
    placeholder: 'rules',
    default: 'coroot',
    allowed: 'coroot or extended',
    help: 'coroot: pattern hashes as in Coroot; extended: also apostrophes, all scripts and colour codes',
    parse: (value: string) => (value === 'coroot' || value === 'extended' ? value : undefined),
  },
  logPatternsPerContainer: {
    name: 'log-patterns-per-container',
    kind: 'text',
    placeholder: 'count',
    default: '256',
    allowed: 'a whole number from 0',
    help: 'patterns kept per level, container and source',
    parse: wholeNumber,
  },
  maxLabelLength: {
    name: 'max-label-length',
    kind: 'text',
    placeholder: 'bytes',
    default: '4096',
    allowed: 'a whole number from 0',
    help: 'maximum length of the label that holds a sample of a log pattern',
    parse: wholeNumber,
  },
} as const satisfies Record<string, Setting>;

function localeIdentifier(value: string): number | undefined {
  const locale = wholeNumber(value);
  return locale !== undefined && locale <= MAX_LOCALE ? locale : undefined;
}
