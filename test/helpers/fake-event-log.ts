// An Event Log in memory, with the faults of a real one.
import { Win32Error } from '../../src/native/win32-error.ts';
import {
  type EventLogCalls,
  type EventLogHandle,
  EventQueryError,
  type LogRange,
  type SubscriptionStart,
  TextTooLarge,
} from '../../src/sources/event-log/calls.ts';

/** A record as a test writes it. */
export interface FakeRecord {
  readonly provider?: string;
  readonly data?: string;
  /** The whole XML instead of the one made of the rest. */
  readonly xml?: string;
  /** EvtNext fails with RPC_S_INVALID_BOUND, also for this record alone. */
  readonly isOversized?: boolean;
  /** EvtRender fails with this code. */
  readonly renderError?: number;
  readonly isTooLarge?: boolean;
  /** Whether a query other than `*` matches it. */
  readonly matches?: boolean;
}

interface StoredRecord extends FakeRecord {
  readonly id: bigint;
}

interface Channel {
  records: StoredRecord[];
  nextId: bigint;
}

interface Subscription {
  readonly channel: string;
  readonly xpath: string;
  readonly signal: bigint;
  /** Number of the last record that was returned. */
  at: bigint;
  /** It returns nothing and sets no signal. */
  isStuck: boolean;
}

type Opened =
  | { readonly subscription: Subscription }
  | { readonly event: StoredRecord; readonly channel: string }
  | { readonly bookmark: { xml: string } }
  | { readonly publisher: string; readonly locale: number };

export class FakeEventLog implements EventLogCalls {
  readonly #channels = new Map<string, Channel>();
  readonly #open = new Map<EventLogHandle, Opened>();
  readonly #signals = new Map<bigint, boolean>();
  #lastHandle = 0n;
  /** Names of calls, with what matters of their arguments. */
  readonly log: string[] = [];
  /** The service does not answer: each call fails with this code. */
  down: number | undefined;
  /** Code by channel: it cannot be subscribed to. */
  readonly refused = new Map<string, number>();
  /** Explanation by query that is refused. */
  readonly wrongQueries = new Map<string, string>();
  /** Most events of one call; above it RPC_S_INVALID_BOUND. */
  mostEvents = 64;
  /** New records set no signal. */
  isSilent = false;
  /** EvtNext does not move on when it fails with RPC_S_INVALID_BOUND. */
  staysAtOversized = false;
  /** Message of a publisher by `name@locale`, with the number of the record behind it. */
  readonly messages = new Map<string, string>();
  /** Code of EvtFormatMessage by `name@locale`. */
  readonly messageErrors = new Map<string, number>();
  /** Bookmarks that are refused. */
  badBookmark: string | undefined;

  /** Handles that are not closed. */
  get handles(): number {
    return this.#open.size + this.#signals.size;
  }

  get publishers(): string[] {
    return [...this.#open.values()].flatMap((each) =>
      'publisher' in each ? [`${each.publisher}@${each.locale}`] : [],
    );
  }

  channel(name: string): Channel {
    let found = this.#channels.get(name);
    if (!found) {
      found = { records: [], nextId: 1n };
      this.#channels.set(name, found);
    }
    return found;
  }

  write(name: string, records: number | readonly FakeRecord[]): void {
    const channel = this.channel(name);
    const list = typeof records === 'number' ? Array.from({ length: records }, (): FakeRecord => ({})) : records;
    for (const record of list) channel.records.push({ ...record, id: channel.nextId++ });
    for (const { subscription } of this.#subscriptions())
      if (subscription.channel === name && !this.isSilent && !subscription.isStuck)
        this.#signals.set(subscription.signal, true);
  }

  /** Overwrites the oldest records. */
  overwrite(name: string, count: number): void {
    this.channel(name).records.splice(0, count);
  }

  clear(name: string, restart: boolean): void {
    const channel = this.channel(name);
    channel.records = [];
    if (restart) channel.nextId = 1n;
    // A subscription goes on with the first new record.
    for (const { subscription } of this.#subscriptions())
      if (subscription.channel === name) subscription.at = channel.nextId - 1n;
  }

  /** Subscriptions that exist now return nothing more. */
  stick(): void {
    for (const { subscription } of this.#subscriptions()) subscription.isStuck = true;
  }

  /** The service has restarted: what it created before is invalid. */
  restart(): void {
    this.down = undefined;
    for (const [handle, opened] of this.#open)
      if (!('bookmark' in opened)) this.#open.set(handle, { publisher: 'gone', locale: -1 });
  }

  #subscriptions(): { readonly subscription: Subscription }[] {
    return [...this.#open.values()].filter((each) => 'subscription' in each);
  }

  #call(name: string): void {
    this.log.push(name);
    if (this.down !== undefined) throw new Win32Error(name.split(' ')[0]!, this.down);
  }

  #add(opened: Opened): EventLogHandle {
    this.#open.set(++this.#lastHandle, opened);
    return this.#lastHandle;
  }

  #get<K extends string>(handle: EventLogHandle, key: K): Extract<Opened, Record<K, unknown>> {
    const opened = this.#open.get(handle);
    if (!opened || !(key in opened) || ('locale' in opened && opened.locale === -1)) throw new Win32Error(key, 6);
    return opened as Extract<Opened, Record<K, unknown>>;
  }

  createSignal(): bigint {
    this.#signals.set(++this.#lastHandle, false);
    return this.#lastHandle;
  }

  isSet(signal: bigint): boolean {
    return this.#signals.get(signal) ?? false;
  }

  reset(signal: bigint): void {
    this.#signals.set(signal, false);
  }

  closeSignal(signal: bigint): void {
    this.#signals.delete(signal);
  }

  subscribe(name: string, xpath: string, signal: bigint, start: SubscriptionStart): EventLogHandle {
    this.#call(`subscribe ${name} ${start === 'oldest' ? start : this.#describe(start)}`);
    this.#checkChannel('EvtSubscribe', name);
    const detail = this.wrongQueries.get(xpath);
    if (detail !== undefined) throw new EventQueryError('EvtSubscribe', 15001, detail);
    const { records } = this.channel(name);
    let at = (records[0]?.id ?? 1n) - 1n;
    if (start !== 'oldest') {
      at = recordId(this.#get(start.bookmark, 'bookmark').bookmark.xml);
      const isThere = records.some((record) => record.id === at && (xpath === '*' || record.matches));
      if (start.strict && !isThere) throw new Win32Error('EvtSubscribe', 15011);
    }
    const subscription = { channel: name, xpath, signal, at, isStuck: false };
    this.#signals.set(signal, true);
    return this.#add({ subscription });
  }

  #describe({ bookmark, strict }: Exclude<SubscriptionStart, 'oldest'>): string {
    return `after ${recordId(this.#get(bookmark, 'bookmark').bookmark.xml)}${strict ? ' strict' : ''}`;
  }

  #checkChannel(call: string, name: string): void {
    const code = this.refused.get(name);
    if (code !== undefined) throw new Win32Error(call, code);
    if (!this.#channels.has(name)) throw new Win32Error(call, 15007);
  }

  next(handle: EventLogHandle, limit: number): readonly EventLogHandle[] {
    this.#call(`next ${limit}`);
    const { subscription } = this.#get(handle, 'subscription');
    if (subscription.isStuck) return [];
    const found = this.channel(subscription.channel)
      .records.filter(({ id, matches }) => id > subscription.at && (subscription.xpath === '*' || matches))
      .slice(0, limit);
    const fails = found.length > this.mostEvents || found.some(({ isOversized }) => isOversized);
    if (!fails || !this.staysAtOversized) subscription.at = found.at(-1)?.id ?? subscription.at;
    if (fails) throw new Win32Error('EvtNext', 1734);
    return found.map((event) => this.#add({ event, channel: subscription.channel }));
  }

  newestBookmark(name: string): EventLogHandle | undefined {
    this.#call(`newest ${name}`);
    this.#checkChannel('EvtQuery', name);
    const newest = this.channel(name).records.at(-1);
    return newest && this.#add({ bookmark: { xml: bookmarkXml(name, newest.id) } });
  }

  range(name: string): LogRange {
    this.#call(`range ${name}`);
    const { records } = this.channel(name);
    return { oldest: records[0]?.id ?? 0n, count: BigInt(records.length) };
  }

  createBookmark(xml = ''): EventLogHandle {
    this.#call('createBookmark');
    if (this.badBookmark !== undefined && xml.includes(this.badBookmark))
      throw new Win32Error('EvtCreateBookmark', 15008);
    return this.#add({ bookmark: { xml } });
  }

  updateBookmark(handle: EventLogHandle, event: EventLogHandle): void {
    this.#call('updateBookmark');
    const { event: record, channel } = this.#get(event, 'event');
    this.#get(handle, 'bookmark').bookmark.xml = bookmarkXml(channel, record.id);
  }

  bookmarkXml(handle: EventLogHandle): string {
    this.#call('bookmarkXml');
    return this.#get(handle, 'bookmark').bookmark.xml;
  }

  eventXml(handle: EventLogHandle): string {
    this.#call('eventXml');
    const { event, channel } = this.#get(handle, 'event');
    if (event.isTooLarge) throw new TextTooLarge('EvtRender', 3_000_000);
    if (event.renderError !== undefined) throw new Win32Error('EvtRender', event.renderError);
    return event.xml ?? eventXml(channel, event);
  }

  openPublisher(name: string, locale: number): EventLogHandle {
    this.#call(`openPublisher ${name} ${locale}`);
    const key = `${name}@${locale}`;
    if (!this.messages.has(key) && !this.messageErrors.has(key)) throw new Win32Error('EvtOpenPublisherMetadata', 2);
    return this.#add({ publisher: name, locale });
  }

  formatMessage(publisher: EventLogHandle, event: EventLogHandle): string {
    this.#call('formatMessage');
    const { publisher: name, locale } = this.#get(publisher, 'publisher');
    const code = this.messageErrors.get(`${name}@${locale}`);
    if (code !== undefined) throw new Win32Error('EvtFormatMessage', code);
    return `${this.messages.get(`${name}@${locale}`)} ${this.#get(event, 'event').event.id}`;
  }

  close(handle: EventLogHandle): void {
    if (!this.#open.delete(handle)) throw new Error(`handle ${handle} is closed twice`);
  }
}

function recordId(bookmark: string): bigint {
  return BigInt(/RecordId='(\d+)'/.exec(bookmark)![1]!);
}

function bookmarkXml(channel: string, id: bigint): string {
  const bookmark = `<Bookmark Channel='${channel}' RecordId='${id}' IsCurrent='true'/>`;
  return `<BookmarkList>\r\n  ${bookmark}\r\n</BookmarkList>`;
}

function eventXml(channel: string, { id, provider = 'Demo', data = `data ${id}` }: StoredRecord): string {
  const system =
    `<System><Provider Name='${provider}'/><EventID Qualifiers='0'>7</EventID><Level>2</Level>` +
    `<TimeCreated SystemTime='2026-11-28T04:05:06.7890123Z'/><EventRecordID>${id}</EventRecordID>` +
    `<Channel>${channel}</Channel><Computer>host.corp.test</Computer><Security/></System>`;
  const namespace = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";
  return `<Event ${namespace}>${system}<EventData><Data>${data}</Data></EventData></Event>`;
}
