// The events that one client of the log follows, as a stream of text (server-sent events).
import { Readable } from 'node:stream';
import type { RecentMessage } from '../../model/logs/recent-message.ts';
import type { RecentMessages } from '../../model/logs/recent-messages.ts';
import { cursorText } from '../log-cursor.ts';
import { messageView } from '../resources/logs.ts';
import { wellFormed } from '../well-formed.ts';

export interface FollowerOptions {
  readonly recent: Pick<RecentMessages, 'after' | 'lastSeq'>;
  /** Start of the agent in milliseconds since 1970. */
  readonly run: number;
  readonly matches: (message: RecentMessage) => boolean;
  /** Bytes that may wait until the client reads. */
  readonly maxWaitingBytes: number;
  /** Called with the number of messages that were removed before the client read them. */
  readonly onMissed: (count: number) => void;
}

/** Where a stream begins. */
export interface FollowPosition {
  /** The last message that the client has. */
  readonly seq: number;
  /** Missing messages after this one are a gap; earlier ones were removed before the client asked. */
  readonly gapsAfter: number;
  /** Whether the client has messages of another run of the agent. */
  readonly restarted: boolean;
}

/** Monotonic milliseconds that one follower works before other work of the event loop. */
const SLICE_MS = 5;

/**
 * A follower keeps its position only. It reads on from there when its client has read, so that a slow client costs no
 * memory; messages that are removed before are reported as a gap.
 */
export class Follower extends Readable {
  readonly #options: FollowerOptions;
  readonly #gapsAfter: number;
  /** The last message that was examined. */
  #seq: number;
  #turn: NodeJS.Immediate | undefined;
  #hasRoom = false;
  /** Whether a restart of the agent is not reported yet. */
  #restarted: boolean;

  constructor(options: FollowerOptions, { seq, gapsAfter, restarted }: FollowPosition) {
    super({ highWaterMark: options.maxWaitingBytes });
    this.#options = options;
    this.#seq = seq;
    this.#gapsAfter = gapsAfter;
    this.#restarted = restarted;
    // The first bytes make the client see that it is connected.
    this.push(this.#positionText());
  }

  /** There are new messages. */
  wake(): void {
    if (!this.#hasRoom || this.destroyed) return;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#work();
    });
  }

  /** Makes both ends notice a broken connection. Nothing is added for a client that does not read. */
  heartbeat(): void {
    if (this.#hasRoom && !this.destroyed) this.push(this.#positionText());
  }

  /** The last event of the stream. */
  finish(): void {
    if (this.destroyed || this.readableEnded) return;
    clearImmediate(this.#turn);
    this.#hasRoom = false;
    this.push(event('end', { reason: 'the agent stops' }));
    this.push(null);
  }

  override _read(): void {
    this.#hasRoom = true;
    this.wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearImmediate(this.#turn);
    done(error);
  }

  /** Sends what has arrived since the position, until there is no room or the slice is over. */
  #work(): void {
    const { recent, matches } = this.#options;
    const sliceEnd = performance.now() + SLICE_MS;
    if (this.#restarted) this.#reportGap(0);
    for (const message of recent.after(this.#seq)) {
      this.#skipTo(message.seq - 1);
      this.#seq = message.seq;
      if (matches(message)) this.#hasRoom = this.push(this.#messageText(message));
      if (!this.#hasRoom) return;
      if (performance.now() < sliceEnd) continue;
      this.wake();
      return;
    }
    // The newest ones can be missing, too: a message above the bounds is not kept.
    this.#skipTo(recent.lastSeq);
  }

  /** Messages are numbered without gaps: those up to `seq` that have not been seen were removed. */
  #skipTo(seq: number): void {
    const missed = seq - Math.max(this.#seq, this.#gapsAfter);
    this.#seq = Math.max(this.#seq, seq);
    if (missed > 0) this.#reportGap(missed);
  }

  #reportGap(missed: number): void {
    const restarted = this.#restarted;
    this.#restarted = false;
    if (missed > 0) this.#options.onMissed(missed);
    this.#hasRoom = this.push(event('gap', { missed, restarted }));
  }

  /** A comment, and the id after which the client would resume. An event without data is none for the client. */
  #positionText(): string {
    return `:\nid: ${cursorText(this.#options.run, this.#seq)}\n\n`;
  }

  #messageText(message: RecentMessage): string {
    return `id: ${cursorText(this.#options.run, message.seq)}\n${event('', messageView(message))}`;
  }
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
function event(name: string, data: object): string {
  const line = `data: ${wellFormed(JSON.stringify(data))}\n\n`;
  return name === '' ? line : `event: ${name}\n${line}`;
}
