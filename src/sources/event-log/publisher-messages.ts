// Messages of events by the publisher that wrote them, with the metadata of the last used publishers kept open.
import { Win32Error } from '../../native/win32-error.ts';
import { type EventLogCalls, type EventLogHandle, isConnectionLost } from './calls.ts';

/** Metadata maps the resource files of the publisher into the process. A server has some tens of active publishers. */
const MAX_PUBLISHERS = 48;
/** After this time a publisher that had no message is opened again: it may have been installed or updated. */
const RETRY_MS = 600_000;
/** Locale of the system. */
const NEUTRAL = 0;

/**
 * The publisher has no texts in the locale: ERROR_EVT_MESSAGE_LOCALE_NOT_FOUND, ERROR_MUI_FILE_NOT_FOUND,
 * ERROR_MUI_FILE_NOT_LOADED, ERROR_RESOURCE_LANG_NOT_FOUND.
 */
const withoutLocale: ReadonlySet<number> = new Set([15033, 15100, 15105, 1815]);

interface Publisher {
  readonly openedAtMs: number;
  /** Metadata by locale; undefined where it cannot be opened. */
  readonly metadata: Map<number, EventLogHandle | undefined>;
  /** The locales to try, in this order. */
  locales: readonly number[];
  /** The last event had no message. */
  failed: boolean;
}

export class PublisherMessages {
  readonly #calls: EventLogCalls;
  readonly #locale: number;
  readonly #limit: number;
  /** The least recently used first. Names of publishers differ in letter case from event to event. */
  readonly #publishers = new Map<string, Publisher>();

  /** `locale` is an LCID, e.g. 1033. */
  constructor(calls: EventLogCalls, locale: number, limit = MAX_PUBLISHERS) {
    this.#calls = calls;
    this.#locale = locale;
    this.#limit = limit;
  }

  /** The message in the locale, else in that of the system; undefined when the publisher has none. */
  message(name: string, event: EventLogHandle, nowMs: number): string | undefined {
    const publisher = this.#publisher(name.toLowerCase(), nowMs);
    const text = this.#text(publisher, name, event);
    publisher.failed = text === undefined;
    return text;
  }

  #publisher(key: string, nowMs: number): Publisher {
    let found = this.#publishers.get(key);
    this.#publishers.delete(key);
    if (found?.failed && nowMs - found.openedAtMs >= RETRY_MS) {
      this.#close(found);
      found = undefined;
    }
    const publisher = found ?? this.#create(nowMs);
    this.#publishers.set(key, publisher);
    for (const [oldest, evicted] of this.#publishers) {
      if (this.#publishers.size <= this.#limit) break;
      this.#publishers.delete(oldest);
      this.#close(evicted);
    }
    return publisher;
  }

  #create(nowMs: number): Publisher {
    const locales = this.#locale === NEUTRAL ? [NEUTRAL] : [this.#locale, NEUTRAL];
    return { openedAtMs: nowMs, metadata: new Map(), locales, failed: false };
  }

  #text(publisher: Publisher, name: string, event: EventLogHandle): string | undefined {
    for (const locale of publisher.locales) {
      const text = this.#textIn(publisher, name, event, locale);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** Metadata that was opened before the service restarted is opened once more. */
  #textIn(publisher: Publisher, name: string, event: EventLogHandle, locale: number): string | undefined {
    for (const isLast of [false, true]) {
      const metadata = this.#metadata(publisher, name, locale);
      if (metadata === undefined) return undefined;
      try {
        const text = this.#calls.formatMessage(metadata, event);
        return text.trim() === '' ? undefined : text;
      } catch (error) {
        if (isConnectionLost(error) && !isLast) {
          this.#calls.close(metadata);
          publisher.metadata.delete(locale);
          continue;
        }
        if (locale !== NEUTRAL && error instanceof Win32Error && withoutLocale.has(error.code))
          publisher.locales = [NEUTRAL];
        return undefined;
      }
    }
    return undefined;
  }

  #metadata(publisher: Publisher, name: string, locale: number): EventLogHandle | undefined {
    if (publisher.metadata.has(locale)) return publisher.metadata.get(locale);
    const opened = this.#open(name, locale);
    publisher.metadata.set(locale, opened);
    return opened;
  }

  #open(name: string, locale: number): EventLogHandle | undefined {
    try {
      return this.#calls.openPublisher(name, locale);
    } catch {
      return undefined;
    }
  }

  #close(publisher: Publisher): void {
    for (const handle of publisher.metadata.values()) if (handle !== undefined) this.#calls.close(handle);
  }

  close(): void {
    for (const publisher of this.#publishers.values()) this.#close(publisher);
    this.#publishers.clear();
  }
}
