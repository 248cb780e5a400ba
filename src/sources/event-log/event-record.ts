// Reduces the XML of an event to a record.
import { SERVICE_NAME } from '../../base/service-name.ts';
import { cutUtf8 } from '../../base/utf8.ts';
import type { EventRecord } from '../host.ts';
import { isSameComputer } from './event-computer.ts';
import { EventData } from './event-data.ts';
import { levelOf } from './event-level.ts';
import { messageOf } from './event-message.ts';
import { subjectOf } from './event-subject.ts';
import { eventTimeOf } from './event-time.ts';
import { childOf, parseXml, type XmlElement } from './event-xml.ts';

/**
 * `malformed`: no event in the XML, or one without an id. `own event`: written by the agent itself, which has the same
 * in its own log; see docs/adr/0025-log-collection.md.
 */
export type EventDropReason = 'malformed' | 'own event';

const MAX_MESSAGE_BYTES = 65_536;
const MAX_NAME_BYTES = 1024;
const MAX_U32 = 0xffff_ffff;

/**
 * The record of an event in the XML form of EvtRender, Event Viewer or a forwarder, or why there is none. `message` is
 * the text by the metadata of the publisher, if it could be formatted. `localComputer` is the name of this machine,
 * with or without its domain. The time is 0 where the event has none. Never throws.
 * https://learn.microsoft.com/windows/win32/wes/eventschema-eventtype-complextype
 */
export function eventRecordOf(
  xml: string,
  message: string | undefined,
  localComputer: string,
): EventRecord | EventDropReason {
  const event = eventIn(parseXml(xml.toWellFormed()) ?? []);
  const system = childOf(event, 'System');
  if (!event || !system) return 'malformed';
  const text = (name: string): string => childOf(system, name)?.text.trim() ?? '';
  const eventId = u32(text('EventID'));
  if (eventId === undefined) return 'malformed';
  const attribute = (element: string, name: string): string =>
    childOf(system, element)?.attributes.get(name)?.trim() ?? '';
  const sourceName = attribute('Provider', 'EventSourceName');
  const provider = cutName(attribute('Provider', 'Name') || sourceName || attribute('Provider', 'Guid'));
  const computer = text('Computer');
  const isForwarded = computer !== '' && !isSameComputer(computer, localComputer);
  if (!isForwarded && provider.toLowerCase() === SERVICE_NAME.toLowerCase()) return 'own event';
  const data = new EventData(childOf(event, 'EventData'));
  const pid = u32(attribute('Execution', 'ProcessID')) || undefined;
  const body = cutUtf8(messageOf(event, message?.toWellFormed(), provider, eventId), MAX_MESSAGE_BYTES);
  const subject = subjectOf({ provider, sourceName, eventId, pid, data, message: body });
  return {
    channel: cutName(text('Channel')),
    provider,
    eventId,
    recordId: /^-?\d{1,20}$/.test(text('EventRecordID')) ? text('EventRecordID') : '0',
    level: levelOf(text('Level'), text('Keywords'), provider, data),
    ...eventTimeOf(attribute('TimeCreated', 'SystemTime')),
    ...(isForwarded && { computer: cutName(computer) }),
    ...(pid !== undefined && { pid }),
    message: body,
    ...(subject && { subject }),
  };
}

/** Event Viewer exports events inside an element `Events`. */
function eventIn(elements: readonly XmlElement[]): XmlElement | undefined {
  const events = elements.find(({ name }) => name === 'Events')?.children ?? elements;
  return events.find(({ name }) => name === 'Event');
}

function u32(text: string): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= MAX_U32 ? value : undefined;
}

function cutName(name: string): string {
  return cutUtf8(name, MAX_NAME_BYTES);
}
