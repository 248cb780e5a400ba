// The open connections of the control plane: how many there are, whose turn it is, and which read too slowly.
import type { Socket } from 'node:net';
import { type Arrival, Arrivals, type OpenConnection } from './arrivals.ts';
import type { RejectReason, ServerLimits } from './limits.ts';
import { PacedConnection } from './paced-connection.ts';

const CHECK_MS = 1000;
/**
 * Node accepts one connection in a turn of the event loop. While more are waiting, this many are accepted before the
 * next requests are handed on, so that the backlog of the operating system stays short.
 */
const ACCEPTS_PER_SERVE = 256;

export interface ConnectionsOptions {
  readonly limits: ServerLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Whether the first bytes of a connection are a request that `answerUrgent` can answer. */
  readonly isUrgent: (received: Buffer) => boolean;
  /** Answers such a request without the HTTP server, and closes the connection. */
  readonly answerUrgent: (socket: Socket, received: Buffer) => void;
  /** Answers a connection that is refused, and closes it. */
  readonly refuse: (socket: Socket) => void;
  readonly onReject: (reason: RejectReason) => void;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #arrivals: Arrivals;
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
    this.#arrivals = new Arrivals({
      max: options.limits.connections,
      isUrgent: options.isUrgent,
      fits: (bytes) => this.#bytes + bytes <= options.limits.waitingBytes,
      onReady: () => this.#schedule(),
      onReject: options.onReject,
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens a connection in a later turn. Closes the oldest of too many that wait for that. */
  admit(socket: Socket, open: OpenConnection): void {
    this.#arrivals.add(socket, open);
    this.#accepted++;
    this.#acceptedNow = true;
    this.#schedule();
  }

  /** Closes the connections that have not read their answer in time. */
  closeSlow(): void {
    for (const connection of this.#open)
      if (this.#unsentMs(connection) >= this.#options.limits.sendMs) this.#reject(connection, 'slow_reader');
  }

  /** Closes the connections that the HTTP server does not know yet. */
  closeArrived(): void {
    this.#arrivals.close();
  }

  #schedule(): void {
    this.#turn ??= setImmediate(() => this.#serve());
  }

  /** Lets some requests begin, of open connections and of new ones; the others follow after other work of the loop. */
  #serve(): void {
    this.#turn = undefined;
    const accepting = this.#acceptedNow;
    this.#acceptedNow = false;
    this.#serveUrgent(accepting);
    if (!accepting || this.#accepted >= ACCEPTS_PER_SERVE) this.#serveOthers();
    if (this.#arrivals.size + this.#waiting.size > 0) this.#schedule();
  }

  /** All of them. The HTTP server gets those for which it has a place and the loop has time. */
  #serveUrgent(accepting: boolean): void {
    const { limits, answerUrgent } = this.#options;
    let left = accepting && this.#accepted > limits.requestsPerTurn ? 0 : limits.requestsPerTurn;
    for (const arrival of this.#arrivals.takeUrgent()) {
      if (left-- > 0 && this.#open.size < limits.connections) this.#openOne(arrival);
      else answerUrgent(arrival.socket, arrival.received!);
    }
  }

  /** New connections get half of the turn, or what the open ones leave. */
  #serveOthers(): void {
    this.#accepted = 0;
    let left = this.#options.limits.requestsPerTurn;
    let opening = Math.min(this.#arrivals.size, Math.max(Math.floor(left / 2), left - this.#waiting.size));
    for (; opening > 0 && this.#openNext(); opening--) left--;
    for (const connection of [...this.#waiting].slice(0, left)) this.#handOn(connection);
  }

  /** At the limit it replaces another one. False if it has to wait until one of the open connections has its turn. */
  #openNext(): boolean {
    const isFull = this.#open.size >= this.#options.limits.connections;
    const replaced = isFull ? this.#replaceable() : undefined;
    if (isFull && !replaced && this.#waiting.size > 0) return false;
    const arrival = this.#arrivals.takeNext();
    if (!arrival) return false;
    if (replaced) this.#reject(replaced, 'replaced');
    if (!isFull || replaced) this.#openOne(arrival);
    else {
      this.#options.onReject('connections');
      this.#options.refuse(arrival.socket);
    }
    return true;
  }

  /** A request that has arrived begins at once. */
  #openOne({ socket, received, open }: Arrival): void {
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
      this.#options.now,
    );
    this.#open.add(connection);
    this.#unused.add(connection);
    this.#check ??= setInterval(() => this.closeSlow(), CHECK_MS).unref();
    open(connection);
    if (!received) return;
    connection.receive(received);
    this.#handOn(connection);
  }

  #handOn(connection: PacedConnection): void {
    this.#waiting.delete(connection);
    connection.handOn();
  }

  /** Received bytes of requests that wait. */
  get #bytes(): number {
    return this.#waitingBytes + this.#arrivals.bytes;
  }

  #countBytes(connection: PacedConnection, change: number): void {
    this.#waitingBytes += change;
    if (change > 0 && this.#bytes > this.#options.limits.waitingBytes) this.#reject(connection, 'waiting_bytes');
  }

  /**
   * A connection with complete answers, else one that does not read its answer, else one without a request, else
   * one that was answered and has its next request waiting; of each kind the oldest. Undefined if there is none.
   */
  #replaceable(): PacedConnection | undefined {
    const [answered] = this.#answered;
    return this.#idle(this.#answered) ?? this.#slowest() ?? this.#idle(this.#unused) ?? answered;
  }

  /** The first without a request that waits for its turn. */
  #idle(connections: Iterable<PacedConnection>): PacedConnection | undefined {
    for (const connection of connections) if (!this.#waiting.has(connection)) return connection;
    return undefined;
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
