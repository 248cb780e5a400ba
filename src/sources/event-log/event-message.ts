// The text of an event: the message of its publisher, or its data where there is no message.
import { EventData, trimText } from './event-data.ts';
import { childOf, type XmlElement } from './event-xml.ts';

/** Elements of an event that are not data. */
const notData: ReadonlySet<string> = new Set(['System', 'RenderingInfo']);

/**
 * The first of these that is not empty: `formatted`, which is the message by the publisher's metadata; the message that
 * a forwarder has stored in the event; its data; provider and id. Without white space and NULs at both ends.
 */
export function messageOf(event: XmlElement, formatted: string | undefined, provider: string, eventId: number): string {
  const rendered = childOf(childOf(event, 'RenderingInfo'), 'Message')?.text;
  for (const text of [formatted, rendered]) {
    const trimmed = trimText(text ?? '');
    if (trimmed !== '') return trimmed;
  }
  // The record still shows that the event happened.
  return dataText(event) || `${provider} ${eventId}`.trim();
}

/** All data as one text, with the names that they have; empty if there are none. */
function dataText(event: XmlElement): string {
  const found: Entry[] = [];
  for (const part of event.children) {
    if (notData.has(part.name)) continue;
    if (part.name === 'EventData') addEventData(part, found);
    else for (const child of part.children) addLeaves(child, found);
  }
  // Coroot's agent joins unnamed data with spaces; pattern hashes depend on it.
  const separator = found.some(({ name }) => name !== '') ? ', ' : ' ';
  return found.map(({ name, text }) => (name === '' ? text : `${name}: ${text}`)).join(separator);
}

interface Entry {
  readonly name: string;
  readonly text: string;
}

/** Binary is added only if there is nothing else: as text it is of little use. */
function addEventData(eventData: XmlElement, found: Entry[]): void {
  const { items } = new EventData(eventData);
  const entries = items.filter(({ text }) => text !== '');
  for (const child of eventData.children)
    if (child.name !== 'Data' && child.name !== 'Binary') addLeaves(child, entries);
  const binary = entries.length === 0 ? trimText(childOf(eventData, 'Binary')?.text ?? '') : '';
  if (binary !== '') entries.push({ name: 'Binary', text: binary });
  const title = trimText(eventData.attributes.get('Name') ?? '');
  if (title !== '' && entries.length === 0) entries.push({ name: '', text: title });
  found.push(...entries);
}

/** The element, its attributes and all elements below it, as far as they have a text. */
function addLeaves({ name, attributes, text, children }: XmlElement, found: Entry[]): void {
  for (const [key, value] of attributes) {
    const trimmed = trimText(value);
    if (trimmed !== '' && key !== 'xmlns' && !key.startsWith('xmlns:') && key !== 'Name')
      found.push({ name: key, text: trimmed });
  }
  const trimmed = trimText(text);
  if (trimmed !== '') found.push({ name: attributes.get('Name') ?? name, text: trimmed });
  for (const child of children) addLeaves(child, found);
}
