// Events of the daemon: lines of JSON in a stream that may be cut anywhere.
import { StringDecoder } from 'node:string_decoder';
import { objectOf, textOf, timeOf, wholeOf } from '../../base/json-values.ts';
import { isContainerId } from './parse-container.ts';

/** Longest event that is parsed: attributes have the labels of the container. */
export const MAX_EVENT_LENGTH = 262_144;

/** Something has happened to a container. */
export interface ContainerEvent {
  readonly id: string;
  /** E.g. `start`, or `network` for a change of its networks. */
  readonly action: string;
  /** Milliseconds since 1970; 0 if unknown. */
  readonly atMs: number;
  /** Only with `die`. */
  readonly exitCode: number | undefined;
}

export class EventLines {
  /** Events that were not parsed, by reason. */
  readonly dropped = { 'event too long': 0, 'event malformed': 0 };
  readonly #decoder = new StringDecoder('utf8');
  #line = '';
  /** The current line is too long: the rest of it is skipped. */
  #isSkipping = false;

  /** Events that are complete with this chunk; events of other kinds are left out. */
  push(chunk: Uint8Array): ContainerEvent[] {
    const events: ContainerEvent[] = [];
    const parts = this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)).split('\n');
    for (const [i, part] of parts.entries()) {
      if (i > 0) {
        const event = this.#finish();
        if (event) events.push(event);
      }
      if (this.#isSkipping) continue;
      if (this.#line.length + part.length > MAX_EVENT_LENGTH) {
        this.#isSkipping = true;
        this.#line = '';
        this.dropped['event too long']++;
      } else this.#line += part;
    }
    return events;
  }

  #finish(): ContainerEvent | undefined {
    const line = this.#line.trim();
    this.#line = '';
    this.#isSkipping = false;
    if (line === '') return undefined;
    try {
      return eventOf(JSON.parse(line));
    } catch {
      this.dropped['event malformed']++;
      return undefined;
    }
  }
}

function eventOf(value: unknown): ContainerEvent | undefined {
  const event = objectOf(value);
  const actor = objectOf(event.Actor);
  const attributes = objectOf(actor.Attributes);
  const isNetwork = event.Type === 'network';
  const id = isNetwork ? attributes.container : actor.ID;
  if (!isContainerId(id)) return undefined;
  // `health_status: healthy` has the state after the action.
  const action = isNetwork ? 'network' : textOf(event.Action).split(':', 1)[0]!;
  const exitText = textOf(attributes.exitCode);
  const exitCode = /^-?\d{1,10}$/.test(exitText) ? wholeOf(Number(exitText), -0x8000_0000, 0xffff_ffff) : undefined;
  return { id, action, atMs: timeOfEvent(event), exitCode: action === 'die' ? exitCode : undefined };
}

/** Seconds since 1970; Podman writes them as text of a time. */
function timeOfEvent({ time }: Readonly<Record<string, unknown>>): number {
  return typeof time === 'number' ? (wholeOf(time, 0, 253_402_300_799) ?? 0) * 1000 : timeOf(time);
}
