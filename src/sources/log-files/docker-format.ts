// Lines of Docker's json-file driver as messages of one container.
import { parseDockerLine } from '../../logs/docker-line.ts';
import type { LogStream } from '../../logs/log-stream.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { FileLogMessage, LineFormat, LineOrigin, LinePlace } from './line-format.ts';
import { createLineStream } from './line-stream.ts';
import { type LogInstant, parseInstant } from './rfc3339.ts';
import { streamLosses } from './stream-losses.ts';

/** Characters of a line that was joined from pieces; a message has at most 64 KiB of them. */
const MAX_JOINED = 2 * 65_536;
/** A line without line feed is complete after this time without another piece: its program has exited. */
const IDLE_MS = 1000;

/** A line of the container, of which Docker wrote only pieces so far. */
interface OpenLine {
  text: string;
  readonly origin: LineOrigin;
  changedMonoMs: number;
}

/**
 * Docker writes lines of more than 16 KiB in pieces, without a mark: a piece has no line feed at its end
 * (https://github.com/moby/moby/blob/master/daemon/logger/copier.go). The pieces of the two streams may alternate.
 */
export class DockerFormat implements LineFormat {
  readonly state = undefined;
  readonly #stream: LogStream<LineOrigin>;
  readonly #decoder = new TextDecoder('utf-8');
  readonly #openLines = new Map<string, OpenLine>();
  #invalidLines = 0;

  constructor(parser: ParserSettings, createdMonoMs: number, onMessage: (message: FileLogMessage) => void) {
    this.#stream = createLineStream(parser, createdMonoMs, onMessage);
  }

  begin(): void {}

  restore(): void {}

  prime(): void {}

  line(bytes: Uint8Array, place: LinePlace, monoMs: number, wallMs: number): void {
    const line = parseDockerLine(this.#decoder.decode(bytes));
    if (!line) {
      this.#invalidLines++;
      return;
    }
    const { text, stream = '', time } = line;
    const open = this.#openLines.get(stream);
    if (!text.endsWith('\n') && text !== '') {
      if (open) this.#extend(open, text, monoMs);
      else this.#openLines.set(stream, { text, origin: originOf(stream, time, place, wallMs), changedMonoMs: monoMs });
      return;
    }
    if (!open) {
      this.#stream.push(text, monoMs, originOf(stream, time, place, wallMs));
      return;
    }
    this.#extend(open, text, monoMs);
    this.#openLines.delete(stream);
    this.#stream.push(open.text, monoMs, open.origin);
  }

  tick(monoMs: number): void {
    for (const [stream, open] of this.#openLines) {
      if (monoMs - open.changedMonoMs <= IDLE_MS) continue;
      this.#openLines.delete(stream);
      this.#stream.push(open.text, monoMs, open.origin);
    }
    this.#stream.tick(monoMs);
  }

  end(monoMs: number): void {
    for (const { text, origin } of this.#openLines.values()) this.#stream.push(text, monoMs, origin);
    this.#openLines.clear();
    this.#stream.end(monoMs);
  }

  get open(): LinePlace | undefined {
    let first = this.#stream.open?.place;
    for (const { origin } of this.#openLines.values())
      if (!first || isBefore(origin.place, first)) first = origin.place;
    return first;
  }

  dropped(): Readonly<Record<string, number>> {
    return { ...streamLosses(this.#stream), invalid_docker_line: this.#invalidLines };
  }

  #extend(open: OpenLine, text: string, monoMs: number): void {
    open.changedMonoMs = monoMs;
    // The stream cuts and counts a line of more than 64 KiB.
    open.text += text.slice(0, MAX_JOINED - open.text.length);
  }
}

function isBefore(a: LinePlace, b: LinePlace): boolean {
  return a.file === b.file ? a.offset < b.offset : a.file < b.file;
}

function originOf(stream: string, time: string | undefined, place: LinePlace, wallMs: number): LineOrigin {
  const written: LogInstant = (time && parseInstant(time)) || { atMs: wallMs, nanoseconds: 0 };
  return { place, ...written, attributes: stream === '' ? {} : { 'log.iostream': stream } };
}
