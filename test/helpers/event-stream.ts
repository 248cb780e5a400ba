// Reads server-sent events of a control plane over a real connection.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

export interface StreamEvent {
  /** Empty for a message. */
  readonly name: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events of a stream, parsed by the rules of https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  readonly response: IncomingMessage;
  comments = 0;
  readonly #events: StreamEvent[] = [];
  #text = '';
  #id = '';
  #ended = false;
  #waiting = Promise.withResolvers<void>();

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#add(text));
    response.on('error', () => {});
    response.on('close', () => {
      this.#ended = true;
      this.#waiting.resolve();
    });
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    return new EventStream(response);
  }

  /** The next event; undefined after the end. */
  async next(): Promise<StreamEvent | undefined> {
    while (this.#events.length === 0 && !this.#ended) {
      await this.#waiting.promise;
      this.#waiting = Promise.withResolvers();
    }
    return this.#events.shift();
  }

  /** What the client would send as `Last-Event-ID`. */
  get position(): string {
    return this.#id;
  }

  close(): void {
    this.response.destroy();
  }

  #add(text: string): void {
    this.#text += text;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop()!;
    for (const block of blocks) this.#parse(block.split('\n'));
    this.#waiting.resolve();
  }

  #parse(lines: readonly string[]): void {
    let name = '';
    let data = '';
    for (const line of lines) {
      if (line.startsWith(':')) this.comments++;
      else if (line.startsWith('event: ')) name = line.slice(7);
      else if (line.startsWith('id: ')) this.#id = line.slice(4);
      else if (line.startsWith('data: ')) data += line.slice(6);
      else throw new Error(`not a line of an event stream: ${line}`);
    }
    if (data !== '') this.#events.push({ name, id: this.#id, data: JSON.parse(data) });
  }
}
