// Reads the server-sent events of /api/v1/logs/follow.
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { LogMessageView } from './resources/logs.ts';

/** `id` is what a later request goes on after. */
export type LogEvent =
  | { readonly kind: 'message'; readonly id: string; readonly message: LogMessageView }
  /** `missed` messages were removed before they were read; after a restart their number is unknown. */
  | { readonly kind: 'gap'; readonly missed: number; readonly restarted: boolean }
  /** Nothing new. The first event of a stream is one. */
  | { readonly kind: 'position'; readonly id: string }
  /** The agent stops. */
  | { readonly kind: 'end' };

/** The agent sends something every 15 seconds. */
const SILENCE_MS = 60_000;
/** A message has up to 64 KiB, and up to six characters for one of them. */
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

/** Rejects when the stream breaks off, or is not one of the agent. Ends with the stream. */
export async function* readLogEvents(response: IncomingMessage): AsyncGenerator<LogEvent> {
  response.setTimeout(SILENCE_MS, () => void response.destroy(new Error('the connection is silent')));
  const decoder = new StringDecoder('utf8');
  let text = '';
  let id = '';
  for await (const bytes of response as AsyncIterable<Buffer>) {
    text += decoder.write(bytes);
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    if (text.length > MAX_EVENT_CHARACTERS) throw new Error('an event is too large');
    for (const block of blocks) {
      const { name, data, ...fields } = parseBlock(block);
      id = fields.id ?? id;
      const event = toEvent(name, id, data);
      if (event) yield event;
    }
  }
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
function parseBlock(block: string): { name: string; id: string | undefined; data: string } {
  let name = '';
  let data = '';
  let id: string | undefined;
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([a-z]+): ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data += value;
    if (field === 'id') id = value;
  }
  return { name, id, data };
}

/** Undefined for an event that this version does not know. */
function toEvent(name: string, id: string, data: string): LogEvent | undefined {
  if (data === '') return { kind: 'position', id };
  if (name === '') return { kind: 'message', id, message: JSON.parse(data) as LogMessageView };
  if (name === 'end') return { kind: 'end' };
  if (name !== 'gap') return undefined;
  const { missed, restarted } = JSON.parse(data) as { missed: number; restarted: boolean };
  return { kind: 'gap', missed, restarted };
}
