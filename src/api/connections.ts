// The open connections of the control plane: how many there are, whose turn it is, and which read too slowly.
import type { Socket } from 'node:net';
import type { RejectReason, ServerLimits } from './limits.ts';
import { PacedConnection } from './paced-connection.ts';

const CHECK_MS = 1000;

export interface ConnectionsOptions {
  readonly limits: ServerLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Answers a connection that is refused, and closes it. */
  readonly refuse: (socket: Socket) => void;
  readonly onReject: (reason: RejectReason) => void;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #open = new Set<PacedConnection>();
  /** Those that have received bytes, in the order in which they are served. */
  readonly #waiting = new Set<PacedConnection>();
  #waitingBytes = 0;
  #turn: NodeJS.Immediate | undefined;
  #check: NodeJS.Timeout | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes up a new connection; undefined if it was refused. At the limit it replaces one that waits for its client. */
  admit(socket: Socket): PacedConnection | undefined {
    const { limits, now, refuse } = this.#options;
    if (this.#open.size >= limits.connections && !this.#replaceOne()) {
      this.#options.onReject('connections');
      refuse(socket);
      return undefined;
    }
    const connection = new PacedConnection(
      socket,
      {
        onWaiting: (waiting) => this.#wait(waiting),
        onWaitingBytes: (waiting, change) => this.#countBytes(waiting, change),
        onClose: (closed) => this.#forget(closed),
      },
      now,
    );
    this.#open.add(connection);
    this.#check ??= setInterval(() => this.closeSlow(), CHECK_MS).unref();
    return connection;
  }

  /** Closes the connections that have not read their answer in time. */
  closeSlow(): void {
    for (const connection of this.#open) {
      if (this.#age(connection.unsentSinceMs) < this.#options.limits.sendMs) continue;
      this.#reject(connection, 'slow_reader');
    }
  }

  #wait(connection: PacedConnection): void {
    this.#waiting.add(connection);
    this.#turn ??= setImmediate(() => this.#serve());
  }

  /** Lets some of the waiting connections hand on a request each; the others follow after other work of the loop. */
  #serve(): void {
    this.#turn = undefined;
    for (const connection of [...this.#waiting].slice(0, this.#options.limits.requestsPerTurn)) {
      this.#waiting.delete(connection);
      connection.handOn();
    }
    if (this.#waiting.size > 0) this.#turn ??= setImmediate(() => this.#serve());
  }

  #countBytes(connection: PacedConnection, change: number): void {
    this.#waitingBytes += change;
    if (change > 0 && this.#waitingBytes > this.#options.limits.waitingBytes) this.#reject(connection, 'waiting_bytes');
  }

  /**
   * Closes the connection with the least claim: one whose last answer is complete, then one that does not read its
   * answer, then one that sends no request; of each kind the oldest.
   */
  #replaceOne(): boolean {
    let least: { readonly connection: PacedConnection; readonly rank: number; readonly ageMs: number } | undefined;
    for (const connection of this.#open) {
      const rank = this.#rank(connection);
      if (rank === undefined || (least && rank > least.rank)) continue;
      const ageMs = this.#age(connection.unsentSinceMs ?? connection.idleSinceMs);
      if (!least || rank < least.rank || ageMs > least.ageMs) least = { connection, rank, ageMs };
    }
    if (!least) return false;
    this.#reject(least.connection, 'replaced');
    return true;
  }

  /** The lower, the less a connection loses by being closed; undefined for one that must not be. */
  #rank({ idleSinceMs, unsentSinceMs, answers }: PacedConnection): number | undefined {
    const { graceMs } = this.#options.limits;
    if (idleSinceMs !== undefined && answers > 0) return 0;
    if (this.#age(unsentSinceMs) >= graceMs) return 1;
    return this.#age(idleSinceMs) >= graceMs ? 2 : undefined;
  }

  #age(sinceMs: number | undefined): number {
    return sinceMs === undefined ? -1 : this.#options.now() - sinceMs;
  }

  #reject(connection: PacedConnection, reason: RejectReason): void {
    this.#options.onReject(reason);
    connection.destroy();
  }

  #forget(connection: PacedConnection): void {
    this.#open.delete(connection);
    this.#waiting.delete(connection);
    if (this.#open.size > 0) return;
    clearInterval(this.#check);
    this.#check = undefined;
  }
}
