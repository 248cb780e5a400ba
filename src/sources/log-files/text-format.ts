// Lines of a text file as messages; those of a W3C log as requests.
import type { LogStream } from '../../logs/log-stream.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { FileLogMessage, LineFormat, LineOrigin, LinePlace } from './line-format.ts';
import { createLineStream } from './line-stream.ts';
import { streamLosses } from './stream-losses.ts';
import { LineDecoder } from './text-decoder.ts';
import { parseRequest } from './w3c/request.ts';
import { W3cHeader } from './w3c/w3c-header.ts';

/** Lines at the start of a file that look like directives and are kept until the fields are known. */
const MAX_HEADER_LINES = 16;

interface HeaderLine {
  readonly text: string;
  readonly origin: LineOrigin;
  readonly monoMs: number;
}

export class TextFormat implements LineFormat {
  readonly #stream: LogStream<LineOrigin>;
  readonly #codePage: string;
  readonly #onMessage: (message: FileLogMessage) => void;
  #decoder: LineDecoder;
  #header = new W3cHeader();
  /** Directives before the fields: they are text if no fields follow. Undefined after the first other line. */
  #firstLines: HeaderLine[] | undefined = [];
  #unparsed = 0;

  constructor(
    parser: ParserSettings,
    codePage: string,
    createdMonoMs: number,
    onMessage: (message: FileLogMessage) => void,
  ) {
    this.#codePage = codePage;
    this.#onMessage = onMessage;
    this.#decoder = new LineDecoder(new Uint8Array(0), codePage);
    this.#stream = createLineStream(parser, createdMonoMs, onMessage);
  }

  begin(start: Uint8Array): void {
    this.#releaseFirstLines();
    this.#decoder = new LineDecoder(start, this.#codePage);
    this.#header = new W3cHeader();
    this.#firstLines = [];
  }

  get state(): string | undefined {
    return this.#header.state;
  }

  /** Within the file: what looks like a directive is one only if the fields are known. */
  restore(state: string): void {
    this.#header.restore(state);
    this.#firstLines = undefined;
  }

  prime(bytes: Uint8Array): void {
    for (const line of this.#decoder.decode(bytes).split('\n')) {
      if (line.startsWith('#')) this.#header.read(line);
    }
    this.#firstLines = undefined;
  }

  line(bytes: Uint8Array, place: LinePlace, monoMs: number, wallMs: number): void {
    const text = this.#decoder.decode(bytes);
    const origin = { place, atMs: wallMs, nanoseconds: 0, attributes: {} };
    if (text.startsWith('#') && this.#header.isDirective(text) && (this.#header.isKnown || this.#firstLines)) {
      this.#header.read(text);
      if (this.#header.isKnown) this.#firstLines = undefined;
      else if (this.#firstLines!.push({ text, origin, monoMs }) > MAX_HEADER_LINES) this.#releaseFirstLines();
      return;
    }
    this.#releaseFirstLines();
    if (this.#header.isKnown && text.trim() !== '') {
      const request = parseRequest(text, this.#header);
      if (request) {
        const { atMs, level, patternSource, attributes } = request;
        this.#onMessage({
          level,
          body: text.trimEnd(),
          patternSource,
          attributes: undefined,
          origin: { place, atMs, nanoseconds: 0, attributes },
          completeMonoMs: monoMs,
        });
        return;
      }
      this.#unparsed++;
    }
    this.#stream.push(text, monoMs, origin);
    if (this.#header.isKnown) this.#stream.end(monoMs);
  }

  tick(monoMs: number): void {
    this.#stream.tick(monoMs);
  }

  end(monoMs: number): void {
    this.#releaseFirstLines();
    this.#stream.end(monoMs);
  }

  get open(): LinePlace | undefined {
    return this.#firstLines?.[0]?.origin.place ?? this.#stream.open?.place;
  }

  dropped(): Readonly<Record<string, number>> {
    return { ...streamLosses(this.#stream), unparsed_w3c_line: this.#unparsed };
  }

  #releaseFirstLines(): void {
    for (const { text, origin, monoMs } of this.#firstLines ?? []) this.#stream.push(text, monoMs, origin);
    this.#firstLines = undefined;
  }
}
