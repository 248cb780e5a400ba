// Builders of log records: events and messages of files with plausible defaults.
import type { EventChannel, EventRecord, FileMessages, LogFile } from '../../src/sources/host.ts';
import { wall } from './model.ts';

/** A record of the Application channel, written at `atMs` of the test clock. */
export function anEvent(values: Partial<Omit<EventRecord, 'atMs'>> & { readonly atMs?: number } = {}): EventRecord {
  const { atMs = 0, ...others } = values;
  return {
    channel: 'Application',
    provider: 'web',
    eventId: 1,
    recordId: '100',
    level: 'error',
    nanoseconds: 0,
    message: 'The gate is shut',
    ...others,
    atMs: wall(atMs),
  };
}

export const HASH = 'a'.repeat(32);

type Counted = FileMessages['counted'][number];

export function counted(values: Partial<Counted> = {}): Counted {
  return { level: 'error', hash: HASH, count: 1, firstAtMs: wall(0), lastAtMs: wall(0), ...values };
}

type Message = FileMessages['records'][number];

export function aMessage(values: Partial<Message> = {}): Message {
  const attributes = { 'pattern.hash': HASH };
  return { atMs: wall(0), nanoseconds: 0, level: 'error', body: 'gate shut', attributes, ...values };
}

/** Messages of the service `web`; pass `service: undefined` for the node. */
export function fileMessages(values: Partial<FileMessages> = {}): FileMessages {
  return { service: 'web', source: 'stdout/stderr', counted: [], records: [], dropped: {}, ...values };
}

export function aChannel(values: Partial<EventChannel> = {}): EventChannel {
  return {
    channel: 'Application',
    read: 0,
    lag: 0,
    skipped: 0,
    dropped: {},
    resubscribed: 0,
    invalidPositions: 0,
    ...values,
  };
}

export function aLogFile(values: Partial<LogFile> = {}): LogFile {
  return {
    service: 'web',
    source: 'C:\\logs\\*.log',
    path: 'C:\\logs\\a.log',
    state: 'reading',
    readBytes: 0,
    lagBytes: 0,
    lostBytes: 0,
    dropped: {},
    ...values,
  };
}
