// The data of an event: named and unnamed texts, and binary data.
import { wholeText, type XmlElement } from './event-xml.ts';

const NONE: readonly XmlElement[] = [];

/** The content of `EventData`: https://learn.microsoft.com/windows/win32/wes/eventschema-eventdatatype-complextype */
export class EventData {
  /** The Data elements in their order: name, if any, and text. */
  readonly items: readonly { readonly name: string; readonly text: string }[];
  readonly #binary: string;

  constructor(eventData: XmlElement | undefined) {
    const children = eventData?.children ?? NONE;
    this.items = children
      .filter(({ name }) => name === 'Data')
      .map((data) => ({ name: nameOf(data), text: trimmed(data) }));
    this.#binary = children.find(({ name }) => name === 'Binary')?.text ?? '';
  }

  /** Text of the Data element with that name, letter case ignored; undefined if there is none. */
  named(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.items.find((item) => item.name.toLowerCase() === wanted)?.text;
  }

  /** Text of the insertion string `%position` of the message, from 1: `paramN` or the Nth element; empty if missing. */
  param(position: number): string {
    return this.named(`param${position}`) ?? this.items[position - 1]?.text ?? '';
  }

  /** Bytes of the Binary element as far as it has hexadecimal digits. */
  binary(): Buffer {
    // Buffer.from stops at the first character that is no digit, and ignores half a byte at the end.
    return Buffer.from(this.#binary.replace(/\s+/g, ''), 'hex');
  }
}

function nameOf(data: XmlElement): string {
  return data.attributes.get('Name') ?? '';
}

/** Without the white space and NULs around it: Event Viewer writes a line break into an empty element. */
function trimmed(data: XmlElement): string {
  return trimText(wholeText(data));
}

/** The text without white space and NULs at both ends. */
export function trimText(text: string): string {
  const isPadding = (at: number): boolean => text.charCodeAt(at) === 0 || text[at]!.trim() === '';
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(start)) start++;
  while (end > start && isPadding(end - 1)) end--;
  return text.slice(start, end);
}
