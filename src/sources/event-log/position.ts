// The stored position of a channel: its bookmark, and the query that it belongs to.

/** Up to where the events of a query were read; an empty bookmark stands for none of them. */
export interface EventLogPosition {
  readonly xpath: string;
  /** XML of EvtRender, or of `bookmarkAt`. */
  readonly bookmark: string;
}

const MAX_CHARACTERS = 16 * 1024;
const RECORD_ID = /\sRecordId\s*=\s*(?:"(\d{1,20})"|'(\d{1,20})')/;
const CHANNEL = /\sChannel\s*=\s*(?:"([^"]*)"|'([^']*)')/;
/** https://learn.microsoft.com/windows/win32/wes/bookmarking-events */
const BOOKMARK = /^\s*<BookmarkList(?:\s[^<>]*)?>\s*<Bookmark\s[^<>]*\/?>[\s\S]*<\/BookmarkList>\s*$/;

/** The key in the positions of a batch. */
export function positionKey(channel: string): string {
  return `event-log/${channel}`;
}

export function formatPosition(position: EventLogPosition): string {
  return JSON.stringify({ xpath: position.xpath, bookmark: position.bookmark });
}

/** Undefined for a text that `formatPosition` has not made, or a bookmark of another channel. */
export function parsePosition(text: string, channel: string): EventLogPosition | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { xpath, bookmark } = value as Record<string, unknown>;
  if (typeof xpath !== 'string' || typeof bookmark !== 'string') return undefined;
  if (bookmark !== '' && !isBookmarkOf(bookmark, channel)) return undefined;
  return { xpath, bookmark };
}

function isBookmarkOf(bookmark: string, channel: string): boolean {
  const [, double, single] = CHANNEL.exec(bookmark) ?? [];
  const named = unescaped(double ?? single ?? '');
  return BOOKMARK.test(bookmark) && recordIdOf(bookmark) !== undefined && named.toLowerCase() === channel.toLowerCase();
}

/** Number of the record that a bookmark stands at. It counts within the channel, also for forwarded events. */
export function recordIdOf(bookmark: string): bigint | undefined {
  const [, double, single] = RECORD_ID.exec(bookmark) ?? [];
  const digits = double ?? single;
  return digits === undefined ? undefined : BigInt(digits);
}

/** XML of a bookmark at a record, which need not exist. */
export function bookmarkAt(channel: string, recordId: bigint): string {
  const name = channel.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
  return `<BookmarkList><Bookmark Channel='${name}' RecordId='${recordId}' IsCurrent='true'/></BookmarkList>`;
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', apos: "'", quot: '"' };

/** The text of an attribute value; numeric references do not occur in names of channels and publishers. */
export function unescaped(value: string): string {
  return value.replaceAll(/&(amp|lt|gt|apos|quot);/g, (_, name: string) => references[name]!);
}
