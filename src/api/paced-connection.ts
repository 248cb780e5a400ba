// A client's connection that hands its requests to the HTTP server one at a time.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The end of the header section; Node's parser accepts no other line ends. */
const HEADERS_END = Buffer.from('\r\n\r\n');
/** Bytes that may belong to an end that the next bytes complete. */
const MAX_PARTIAL_END = HEADERS_END.length - 1;

export interface ConnectionEvents {
  /** The connection has bytes that it may hand on: call `handOn` in a later turn of the event loop. */
  onWaiting(connection: PacedConnection): void;
  /** The bytes that wait in the connection have changed by this number. */
  onWaitingBytes(connection: PacedConnection, change: number): void;
  /** A request has begun. */
  onRequest(connection: PacedConnection): void;
  /** The operating system has accepted the answer to the last request. */
  onAnswered(connection: PacedConnection): void;
  onClose(connection: PacedConnection): void;
}

/** Emitted when the client has closed its side. The parser gets that end after the answers to all requests. */
export const INPUT_END = 'inputEnd';

/**
 * Node's parser emits every request in a read of up to 64 KiB at once. This stream stands between it and the socket. It
 * hands on the bytes up to the end of one header section, and the next ones only after the answer has been accepted by
 * the operating system. The socket is not read meanwhile.
 */
export class PacedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #now: () => number;
  #waiting: Buffer[] = [];
  #handedOnEnd: Buffer = Buffer.alloc(0);
  #ended = false;
  #response: ServerResponse | undefined;
  #unsentSinceMs: number | undefined;

  /** `now` returns monotonic milliseconds. */
  constructor(socket: Socket, events: ConnectionEvents, now: () => number) {
    super({ allowHalfOpen: true, decodeStrings: false });
    this.#socket = socket;
    this.#events = events;
    this.#now = now;
    socket.on('data', (bytes: Buffer) => this.receive(bytes));
    if (socket.readableEnded) this.#receiveEnd();
    else socket.on('end', () => this.#receiveEnd());
    socket.on('timeout', () => this.emit('timeout'));
    // A client that disconnects is no error. The close follows.
    socket.on('error', () => {});
    socket.on('close', () => this.destroy());
  }

  /** The server has begun to answer a request of this connection. */
  begin(response: ServerResponse): void {
    this.#response = response;
    this.#events.onRequest(this);
    response.once('close', () => {
      if (this.#response !== response) return;
      this.#response = undefined;
      if (this.destroyed) return;
      this.#events.onAnswered(this);
      if (this.#waiting.length > 0 || this.#ended) this.#events.onWaiting(this);
    });
  }

  /** Hands on the bytes up to the end of the next header section, unless a request is in progress. */
  handOn(): void {
    if (this.destroyed || this.#isBusy()) return;
    const bytes = this.#waiting.shift();
    if (bytes) this.#handOn(bytes);
    else if (this.#ended) this.push(null);
    if (this.#waiting.length > 0 || (bytes && this.#ended)) this.#events.onWaiting(this);
    else this.#socket.resume();
  }

  /** Whether the client has closed its side. */
  get inputEnded(): boolean {
    return this.#ended;
  }

  /** Since when the operating system has not accepted the bytes of an answer; undefined if there are none. */
  get unsentSinceMs(): number | undefined {
    return this.#unsentSinceMs;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  /** Closes the connection after the last answer, as `net.Socket` does. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#unsentSinceMs ??= this.#now();
    this.#socket.write(chunk, encoding, (error) => {
      this.#unsentSinceMs = undefined;
      if (error) this.destroy();
      done();
    });
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.cork();
    for (const { chunk, encoding } of chunks.slice(0, -1)) this.#socket.write(chunk, encoding);
    const { chunk, encoding } = chunks.at(-1)!;
    this._write(chunk, encoding, done);
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    this.#events.onWaitingBytes(this, -this.#waiting.reduce((sum, { length }) => sum + length, 0));
    this.#waiting = [];
    this.#events.onClose(this);
    done(error);
  }

  /** Bytes that the socket has read. */
  receive(bytes: Buffer): void {
    this.#socket.pause();
    this.#waiting.push(bytes);
    this.#events.onWaitingBytes(this, bytes.length);
    if (!this.destroyed) this.#events.onWaiting(this);
  }

  #receiveEnd(): void {
    this.#ended = true;
    this.emit(INPUT_END);
    this.#events.onWaiting(this);
  }

  #handOn(bytes: Buffer): void {
    const end = headersEnd(this.#handedOnEnd, bytes);
    const [now, later] = end === -1 ? [bytes] : [bytes.subarray(0, end), bytes.subarray(end)];
    if (later?.length) this.#waiting.unshift(later);
    this.#handedOnEnd =
      end === -1 ? Buffer.concat([this.#handedOnEnd, now]).subarray(-MAX_PARTIAL_END) : Buffer.alloc(0);
    this.#events.onWaitingBytes(this, -now.length);
    this.push(now);
  }

  /** A request whose body is still arriving needs the bytes that follow. */
  #isBusy(): boolean {
    return this.#response?.req.complete ?? false;
  }
}

/** The number of bytes up to the end of a header section that began in the bytes before; -1 if it does not end. */
function headersEnd(before: Buffer, bytes: Buffer): number {
  const across = Buffer.concat([before, bytes.subarray(0, MAX_PARTIAL_END)]).indexOf(HEADERS_END);
  if (across !== -1) return across + HEADERS_END.length - before.length;
  const within = bytes.indexOf(HEADERS_END);
  return within === -1 ? -1 : within + HEADERS_END.length;
}
