// Connections that were accepted and have no HTTP parser yet, in the order in which they are opened.
import type { Socket } from 'node:net';
import type { RejectReason } from './limits.ts';
import type { PacedConnection } from './paced-connection.ts';

/** Hands a connection to the HTTP server that accepted it. */
export type OpenConnection = (connection: PacedConnection) => void;

export interface ArrivalsOptions {
  /** Silent ones, and others that are not urgent: of each so many are kept, and a further one closes the oldest. */
  readonly max: number;
  /** Whether a connection that begins with these bytes goes before all others. */
  readonly isUrgent: (received: Buffer) => boolean;
  /** Whether so many more bytes may wait. */
  readonly fits: (bytes: number) => boolean;
  /** The first bytes of a connection have arrived. */
  readonly onReady: () => void;
  readonly onReject: (reason: RejectReason) => void;
}

/** A connection that was accepted and is not open yet. Its socket is read once, to know what it asks for. */
export class Arrival {
  readonly socket: Socket;
  readonly open: OpenConnection;
  /** The first bytes; undefined until they arrive. */
  received: Buffer | undefined;
  readonly #onData: (bytes: Buffer) => void;

  constructor(socket: Socket, open: OpenConnection, onReceived: (arrival: Arrival) => void) {
    this.socket = socket;
    this.open = open;
    this.#onData = (bytes) => {
      socket.pause();
      socket.off('data', this.#onData);
      this.received = bytes;
      onReceived(this);
    };
    socket.on('data', this.#onData);
    socket.on('error', ignoreError);
  }

  /** From now on another object handles the events of the socket, except errors. */
  release(): void {
    this.socket.off('data', this.#onData);
  }
}

export class Arrivals {
  readonly #options: ArrivalsOptions;
  /** Those that have sent nothing, the oldest first. */
  readonly #silent = new Set<Arrival>();
  readonly #urgent: Arrival[] = [];
  /** The newest is opened first: under overload the clients of old ones give up. */
  readonly #others: Arrival[] = [];
  /** Received bytes of those that are not urgent. */
  #bytes = 0;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#silent.size + this.#urgent.length + this.#others.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Closes the oldest of too many. */
  add(socket: Socket, open: OpenConnection): void {
    this.#silent.add(new Arrival(socket, open, (arrival) => this.#sort(arrival)));
    const [oldest] = this.#silent;
    if (this.#silent.size <= this.#options.max) return;
    this.#silent.delete(oldest!);
    this.#reject(oldest!, 'connections');
  }

  takeUrgent(): Arrival[] {
    const urgent = this.#urgent.splice(0);
    for (const arrival of urgent) arrival.release();
    return urgent;
  }

  /** Removes the newest that has sent something, else the oldest silent one. */
  takeNext(): Arrival | undefined {
    const next = this.#takeOther(this.#others.length - 1) ?? this.#takeSilent();
    next?.release();
    return next;
  }

  /** Closes them all. */
  close(): void {
    for (const { socket } of [...this.#silent, ...this.#urgent, ...this.#others]) socket.destroy();
    this.#silent.clear();
    this.#urgent.length = 0;
    this.#others.length = 0;
    this.#bytes = 0;
  }

  #sort(arrival: Arrival): void {
    this.#silent.delete(arrival);
    const { max, isUrgent, fits, onReady } = this.#options;
    const received = arrival.received!;
    if (isUrgent(received)) this.#urgent.push(arrival);
    else if (fits(received.length)) {
      this.#others.push(arrival);
      this.#bytes += received.length;
      if (this.#others.length > max) this.#reject(this.#takeOther(0)!, 'connections');
    } else this.#reject(arrival, 'waiting_bytes');
    onReady();
  }

  #takeOther(at: number): Arrival | undefined {
    const [other] = at < 0 ? [] : this.#others.splice(at, 1);
    this.#bytes -= other?.received?.length ?? 0;
    return other;
  }

  /** Those that the client has closed are skipped. */
  #takeSilent(): Arrival | undefined {
    for (const silent of this.#silent) {
      this.#silent.delete(silent);
      if (!silent.socket.destroyed) return silent;
    }
    return undefined;
  }

  /** Closes an arrival, and counts it unless its client has closed it. */
  #reject({ socket }: Arrival, reason: RejectReason): void {
    if (!socket.destroyed) this.#options.onReject(reason);
    socket.destroy();
  }
}

/** A client that disconnects is no error. The close follows. */
function ignoreError(): void {}
