// Builds the XML of events in the forms that Windows, Event Viewer and event forwarding write.

/** A Data element: its text, or its name and text. */
export type EventDatum = string | readonly [name: string, text: string];

export interface EventParts {
  readonly provider?: string;
  /** With braces; only manifest providers have one. */
  readonly guid?: string;
  readonly sourceName?: string;
  readonly eventId?: number | string;
  readonly qualifiers?: number;
  readonly level?: number | string;
  readonly keywords?: string;
  readonly time?: string;
  readonly recordId?: string;
  /** Absent: the event has no Execution element, as classic events of older builds. */
  readonly pid?: number | string;
  readonly threadId?: number;
  readonly channel?: string;
  readonly computer?: string;
  readonly data?: readonly EventDatum[];
  /** Hexadecimal digits. */
  readonly binary?: string;
  /** XML of the content. */
  readonly userData?: string;
  /** Message that a forwarder has stored in the event. */
  readonly rendered?: string;
}

/** `render`: one line and single quotes, as by EvtRender. `viewer`: indented and double quotes, as by Event Viewer. */
export type EventForm = 'render' | 'viewer';

/** The machine that events are of unless a test says otherwise. */
export const EVENT_COMPUTER = 'SHOP-01.shop.example';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** By default an event of the provider ShopApi, id 1, level 4, with the message text `started` as data. */
export function eventXml(parts: EventParts = {}, form: EventForm = 'render'): string {
  const {
    provider = 'ShopApi',
    eventId = 1,
    level = 4,
    keywords = '0x80000000000000',
    time = '2026-03-04T05:06:07.1234567Z',
    recordId = '4711',
    channel = 'Application',
    computer = EVENT_COMPUTER,
    data = parts.userData === undefined && parts.binary === undefined ? ['started'] : [],
  } = parts;
  const system = [
    element('Provider', '', { Name: provider, Guid: parts.guid, EventSourceName: parts.sourceName }),
    element('EventID', String(eventId), { Qualifiers: parts.qualifiers }),
    ...(parts.guid === undefined ? [] : [element('Version', '0')]),
    element('Level', String(level)),
    element('Task', '0'),
    element('Keywords', keywords),
    element('TimeCreated', '', { SystemTime: time }),
    element('EventRecordID', recordId),
    ...(parts.pid === undefined
      ? []
      : [
          element('Correlation', ''),
          element('Execution', '', { ProcessID: parts.pid, ThreadID: parts.threadId ?? 12 }),
        ]),
    element('Channel', channel),
    element('Computer', computer),
    element('Security', ''),
  ];
  const eventData = [
    ...data.map((each) =>
      typeof each === 'string' ? element('Data', each) : element('Data', each[1], { Name: each[0] }),
    ),
    ...(parts.binary === undefined ? [] : [element('Binary', parts.binary)]),
  ];
  const content =
    parts.userData === undefined
      ? { name: 'EventData', children: eventData }
      : { name: 'UserData', children: [{ raw: parts.userData }] };
  const rendering =
    parts.rendered === undefined
      ? []
      : [
          {
            name: 'RenderingInfo',
            attributes: { Culture: 'en-US' },
            children: [element('Message', parts.rendered), element('Level', 'Information')],
          },
        ];
  const children: Node[] = [{ name: 'System', children: system }, content, ...rendering];
  return write({ name: 'Event', attributes: { xmlns: NAMESPACE }, children }, form, 0);
}

interface Node {
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly text?: string;
  readonly children?: readonly Node[];
  /** XML to be written unchanged. */
  readonly raw?: string;
}

function element(name: string, text: string, attributes: Node['attributes'] = {}): Node {
  return { name, text, attributes };
}

function write({ name, attributes = {}, text = '', children = [], raw }: Node, form: EventForm, depth: number): string {
  if (raw !== undefined) return raw;
  const isViewer = form === 'viewer';
  const quote = isViewer ? '"' : "'";
  const listed = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${quote}${escaped(String(value))}${quote}`)
    .join('');
  const [line, inner] = isViewer ? [`\r\n${'  '.repeat(depth)}`, `\r\n${'  '.repeat(depth + 1)}`] : ['', ''];
  const written = children.map((child) => inner + write(child, form, depth + 1)).join('');
  if (written !== '') return `<${name}${listed}>${written}${line}</${name}>`;
  if (text !== '') return `<${name}${listed}>${escaped(text)}</${name}>`;
  // Event Viewer writes a line break into an empty Data element.
  return name === 'Data' ? `<Data${listed}>${line}</Data>` : `<${name}${listed}${isViewer ? ' />' : '/>'}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/** Hexadecimal digits of UTF-16 with a NUL at the end, as the binary data of the Service Control Manager. */
export function utf16Hex(text: string): string {
  return Buffer.from(`${text}\0`, 'utf16le').toString('hex').toUpperCase();
}

/** An event of the Service Control Manager with data `param1`, `param2`, ... */
export function serviceEventXml(
  eventId: number,
  params: readonly string[],
  { binary, ...parts }: EventParts = {},
  form: EventForm = 'render',
): string {
  return eventXml(
    {
      provider: 'Service Control Manager',
      guid: '{555908d1-a6d7-4695-8e1e-26931d2012f4}',
      sourceName: 'Service Control Manager',
      eventId,
      qualifiers: eventId === 7036 || eventId === 7040 ? 16384 : 49152,
      level: eventId === 7036 || eventId === 7040 || eventId === 7045 ? 4 : 2,
      keywords: '0x8080000000000000',
      channel: 'System',
      pid: 652,
      threadId: 5120,
      data: params.map((text, i) => [`param${i + 1}`, text] as const),
      ...(binary !== undefined && { binary }),
      ...parts,
    },
    form,
  );
}
