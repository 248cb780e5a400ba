// The open connections of the control plane: how many there are, whose turn it is, and which read too slowly.
import type { Socket } from 'node:net';
import type { RejectReason, ServerLimits } from './limits.ts';
import { PacedConnection } from './paced-connection.ts';

const CHECK_MS = 1000;
/**
 * Node accepts one connection in a turn of the event loop. While more are waiting, this many are accepted before the
 * next requests are handed on, so that the backlog of the operating system does not overflow.
 */
const ACCEPTS_PER_SERVE = 32;

export interface ConnectionsOptions {
  readonly limits: ServerLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Answers a connection that is refused, and closes it. */
  readonly refuse: (socket: Socket) => void;
  readonly onReject: (reason: RejectReason) => void;
}

/** A connection that was accepted and is not open yet. */
interface Arrival {
  readonly socket: Socket;
  /** Hands the connection to the HTTP server that accepted it. */
  readonly open: (connection: PacedConnection) => void;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  /** The newest is opened first: under overload the clients of old ones give up. */
  readonly #arrived: Arrival[] = [];
  readonly #open = new Set<PacedConnection>();
  /** Open, without a request so far; the oldest first. */
  readonly #unused = new Set<PacedConnection>();
  /** Open, with no request in progress after the last answer; the one that has waited longest first. */
  readonly #answered = new Set<PacedConnection>();
  /** Those with bytes to hand on, in the order in which they are served. */
  readonly #waiting = new Set<PacedConnection>();
  #waitingBytes = 0;
  /** Accepted since the last requests were handed on, and whether that was in this turn. */
  #accepted = 0;
  #acceptedNow = false;
  #turn: NodeJS.Immediate | undefined;
  #check: NodeJS.Timeout | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens a connection in a later turn. Closes the oldest of too many that wait for that. */
  admit(socket: Socket, open: (connection: PacedConnection) => void): void {
    this.#arrived.push({ socket, open });
    this.#accepted++;
    this.#acceptedNow = true;
    if (this.#arrived.length > this.#options.limits.connections) {
      this.#options.onReject('connections');
      this.#arrived.shift()!.socket.destroy();
    }
    this.#schedule();
  }

  /** Closes the connections that have not read their answer in time. */
  closeSlow(): void {
    for (const connection of this.#open)
      if (this.#unsentMs(connection) >= this.#options.limits.sendMs) this.#reject(connection, 'slow_reader');
  }

  /** Closes the connections that the HTTP server does not know yet. */
  closeArrived(): void {
    for (const { socket } of this.#arrived.splice(0)) socket.destroy();
  }

  #schedule(): void {
    this.#turn ??= setImmediate(() => this.#serve());
  }

  /** Opens some connections, and lets some hand on a request each; the others follow after other work of the loop. */
  #serve(): void {
    this.#turn = undefined;
    const postponed = this.#acceptedNow && this.#accepted < ACCEPTS_PER_SERVE;
    this.#acceptedNow = false;
    if (!postponed) {
      const { requestsPerTurn } = this.#options.limits;
      // As many as were accepted: a smaller number would close most of a burst without an answer.
      const opening = Math.max(requestsPerTurn, Math.min(this.#accepted, ACCEPTS_PER_SERVE));
      this.#accepted = 0;
      for (const connection of [...this.#waiting].slice(0, requestsPerTurn)) {
        this.#waiting.delete(connection);
        connection.handOn();
      }
      for (const arrival of this.#arrived.splice(-opening).reverse()) this.#openOne(arrival);
    }
    if (this.#arrived.length + this.#waiting.size > 0) this.#schedule();
  }

  /** At the limit it replaces another one. */
  #openOne({ socket, open }: Arrival): void {
    const { limits, now, refuse, onReject } = this.#options;
    if (this.#open.size >= limits.connections && !this.#replaceOne()) {
      onReject('connections');
      refuse(socket);
      return;
    }
    const connection = new PacedConnection(
      socket,
      {
        onWaiting: (waiting) => {
          this.#waiting.add(waiting);
          this.#schedule();
        },
        onWaitingBytes: (waiting, change) => this.#countBytes(waiting, change),
        onRequest: (busy) => {
          this.#unused.delete(busy);
          this.#answered.delete(busy);
        },
        onAnswered: (idle) => this.#answered.add(idle),
        onClose: (closed) => this.#forget(closed),
      },
      now,
    );
    this.#open.add(connection);
    this.#unused.add(connection);
    this.#check ??= setInterval(() => this.closeSlow(), CHECK_MS).unref();
    open(connection);
  }

  #countBytes(connection: PacedConnection, change: number): void {
    this.#waitingBytes += change;
    if (change > 0 && this.#waitingBytes > this.#options.limits.waitingBytes) this.#reject(connection, 'waiting_bytes');
  }

  /**
   * Closes a connection whose answers are complete, else one that does not read its answer, else one without a request;
   * of each kind the oldest. False if all are being answered.
   */
  #replaceOne(): boolean {
    const [answered] = this.#answered;
    const [unused] = this.#unused;
    const replaced = answered ?? this.#slowest() ?? unused;
    if (!replaced) return false;
    this.#reject(replaced, 'replaced');
    return true;
  }

  #slowest(): PacedConnection | undefined {
    let slowest: PacedConnection | undefined;
    let longestMs = this.#options.limits.graceMs;
    for (const connection of this.#open) {
      const unsentMs = this.#unsentMs(connection);
      if (unsentMs < longestMs || (slowest && unsentMs === longestMs)) continue;
      slowest = connection;
      longestMs = unsentMs;
    }
    return slowest;
  }

  #unsentMs({ unsentSinceMs }: PacedConnection): number {
    return unsentSinceMs === undefined ? 0 : this.#options.now() - unsentSinceMs;
  }

  #reject(connection: PacedConnection, reason: RejectReason): void {
    this.#options.onReject(reason);
    connection.destroy();
  }

  #forget(connection: PacedConnection): void {
    for (const connections of [this.#open, this.#unused, this.#answered, this.#waiting]) connections.delete(connection);
    if (this.#open.size > 0) return;
    clearInterval(this.#check);
    this.#check = undefined;
  }
}
