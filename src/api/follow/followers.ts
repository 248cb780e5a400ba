// The clients that follow the log: how many there are, and what wakes them.
import { AgentError } from '../../base/errors.ts';
import type { RecentMessage } from '../../model/logs/recent-message.ts';
import type { RecentMessages } from '../../model/logs/recent-messages.ts';
import type { RejectReason, ServerLimits } from '../limits.ts';
import { Follower, type FollowPosition } from './follower.ts';

export interface FollowersOptions {
  readonly recent: () => RecentMessages;
  /** Start of the agent in milliseconds since 1970. */
  readonly run: number;
  readonly limits: Pick<ServerLimits, 'followers' | 'followerBytes' | 'heartbeatMs'>;
  readonly onReject: (reason: RejectReason) => void;
  /** Called with the number of messages that were removed before a follower read them. */
  readonly onMissed: (count: number) => void;
}

export class Followers {
  readonly #options: FollowersOptions;
  readonly #open = new Set<Follower>();
  #unsubscribe: (() => void) | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Throws AgentError BUSY when there are too many, or after the stop. */
  open(matches: (message: RecentMessage) => boolean, position: FollowPosition): Follower {
    const { limits, onReject, onMissed, run } = this.#options;
    if (this.#stopped || this.#open.size >= limits.followers) {
      onReject('followers');
      throw new AgentError('BUSY');
    }
    const recent = this.#options.recent();
    const follower = new Follower({ recent, run, matches, onMissed, maxWaitingBytes: limits.followerBytes }, position);
    this.#open.add(follower);
    follower.once('close', () => this.#close(follower));
    this.#unsubscribe ??= recent.subscribe(() => {
      for (const each of this.#open) each.wake();
    });
    this.#heartbeat ??= setInterval(() => {
      for (const each of this.#open) each.heartbeat();
    }, limits.heartbeatMs).unref();
    return follower;
  }

  /** Ends all streams; no more are opened. */
  stop(): void {
    this.#stopped = true;
    for (const each of this.#open) each.finish();
  }

  #close(follower: Follower): void {
    this.#open.delete(follower);
    if (this.#open.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}
