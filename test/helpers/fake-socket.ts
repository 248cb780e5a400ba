// A socket without a network: a test feeds it with bytes and decides when it accepts what is written.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class FakeSocket extends Duplex {
  written = '';
  timeoutMs: number | undefined;
  /** False while the client reads nothing: writes do not complete. */
  #reads = true;
  #unread: (() => void)[] = [];

  constructor() {
    super({ allowHalfOpen: true });
  }

  /** For parameters of type Socket. */
  get socket(): Socket {
    return this as unknown as Socket;
  }

  receive(bytes: string | Buffer): void {
    this.push(bytes);
  }

  /** The client sends no more. */
  receiveEnd(): void {
    this.push(null);
  }

  stopReading(): void {
    this.#reads = false;
  }

  readOn(): void {
    this.#reads = true;
    for (const done of this.#unread.splice(0)) done();
  }

  setTimeout(ms: number): this {
    this.timeoutMs = ms;
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString('latin1');
    if (this.#reads) done();
    else this.#unread.push(done);
  }
}
