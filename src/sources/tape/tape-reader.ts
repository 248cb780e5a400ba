// Reads a tape line by line, and reports each fault as an AgentError with its position.
import { AgentError } from '../../base/errors.ts';
import { type HostHeader, type Observation, TAPE_SCHEMA } from '../host.ts';
import { FieldError, type JsonObject, u32 } from '../records/field.ts';
import {
  decodeHeader,
  decodeLine,
  MAX_HEADER_BYTES,
  MAX_LINE_BYTES,
  OrderCheck,
  parseLine,
  TAPE_MARK,
  TAPE_START,
  type TapeEnd,
} from './format.ts';
import { BrokenGzip, unpack } from './inflate.ts';
import { type Line, LineSplitter, LineTooLong } from './lines.ts';
import { type Upgrader, upgradeChain, upgraders } from './upgrade.ts';

/** Most kinds that `skipped` counts separately: limits the memory that a tape can use. */
const MAX_SKIPPED_KINDS = 50;

export interface TapeOptions {
  /** Upgraders by schema; default: the agent's own. */
  readonly upgraders?: ReadonlyMap<number, Upgrader>;
  /** Longest line in bytes; default 64 MiB. */
  readonly maxLineBytes?: number;
}

/** Reads one tape once: the header, then the observations. */
export class TapeReader {
  /** Observations of unknown kinds, by kind. */
  readonly skipped = new Map<string, number>();
  /** The end line, after it was read. */
  end: TapeEnd | undefined;
  readonly #file: string;
  readonly #options: TapeOptions;
  readonly #splitter: LineSplitter;
  readonly #lines: AsyncGenerator<Line, void>;
  readonly #order = new OrderCheck();
  #upgrade: Upgrader = (line) => line;
  #count = 0;

  constructor(bytes: AsyncIterable<Buffer>, file: string, options: TapeOptions) {
    this.#file = file;
    this.#options = options;
    this.#splitter = new LineSplitter(MAX_HEADER_BYTES);
    this.#lines = splitAll(bytes, this.#splitter);
  }

  /** Reads the header. Throws the codes of openTape. */
  async readHeader(): Promise<HostHeader> {
    const first = await this.#nextLine((error) => this.#headerFault(error));
    if (!first) {
      const reason = this.#splitter.bufferedBytes === 0 ? 'it is empty' : 'its first line does not end';
      throw this.#beginsAsTape() ? this.#truncated() : this.#foreign(reason);
    }
    this.#splitter.maxBytes = this.#options.maxLineBytes ?? MAX_LINE_BYTES;
    const line = this.#parseHeader(first);
    return this.#checked(first, () => {
      const schema = u32.decode(line.schema, 'header.schema');
      this.#upgrade = upgradeChain(this.#file, schema, TAPE_SCHEMA, this.#options.upgraders ?? upgraders);
      return decodeHeader({ ...this.#upgradeLine(line), schema: TAPE_SCHEMA });
    });
  }

  /** Reads the observations. Throws the codes of Tape.observations. */
  async *readObservations(): AsyncGenerator<Observation, void> {
    try {
      for (let line = await this.#nextLine(); line; line = await this.#nextLine()) {
        const observation = this.#readLine(line);
        if (observation) yield observation;
      }
      if (!this.end || this.#splitter.bufferedBytes > 0) throw this.#truncated();
    } finally {
      await this.close();
    }
  }

  /** Closes the source of the bytes. */
  async close(): Promise<void> {
    await this.#lines.return();
  }

  #readLine(line: Line): Observation | undefined {
    return this.#checked(line, () => {
      if (this.end) throw new FieldError('the end', 'the last line');
      const found = decodeLine(this.#upgradeLine(parseLine(line.bytes)));
      if ('end' in found) {
        if (found.end.observations !== this.#count)
          throw new FieldError('end.observations', `${this.#count}, the number of those read`);
        this.end = found.end;
        return undefined;
      }
      const { seq, tMono } = 'observation' in found ? found.observation : found;
      this.#order.check(seq, tMono);
      this.#count++;
      if ('observation' in found) return found.observation;
      this.#skip(found.unknownKind);
      return undefined;
    });
  }

  #skip(unknownKind: string): void {
    const name = unknownKind.slice(0, 64);
    const kind = this.skipped.has(name) || this.skipped.size < MAX_SKIPPED_KINDS ? name : 'other kinds';
    this.skipped.set(kind, (this.skipped.get(kind) ?? 0) + 1);
  }

  /** Upgraders read unchecked lines, so any error of theirs means that the line is invalid. */
  #upgradeLine(line: JsonObject): JsonObject {
    try {
      return this.#upgrade(line);
    } catch {
      throw new FieldError('the line', 'one that can be upgraded');
    }
  }

  async #nextLine(fault = (error: unknown) => this.#streamFault(error)): Promise<Line | undefined> {
    try {
      return (await this.#lines.next()).value ?? undefined;
    } catch (error) {
      throw fault(error);
    }
  }

  #parseHeader(first: Line): JsonObject {
    let line: JsonObject;
    try {
      line = parseLine(first.bytes);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const damaged = first.bytes.toString('latin1', 0, TAPE_START.length) === TAPE_START;
      throw damaged ? this.#corrupt(error.message, first) : this.#foreign(error.message);
    }
    if (line.tape !== TAPE_MARK) throw this.#foreign('the first line is no tape header');
    return line;
  }

  #beginsAsTape(): boolean {
    return this.#splitter.bufferedText(TAPE_START.length) === TAPE_START;
  }

  #checked<T>(line: Line, decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      throw error instanceof FieldError ? this.#corrupt(error.message, line) : error;
    }
  }

  #headerFault(error: unknown): unknown {
    const foreign = error instanceof LineTooLong || (error instanceof BrokenGzip && !this.#beginsAsTape());
    return foreign ? this.#foreign(error.message) : this.#streamFault(error);
  }

  #streamFault(error: unknown): unknown {
    if (error instanceof LineTooLong)
      return this.#corrupt(error.message, { line: this.#splitter.line, offset: this.#splitter.lineOffset });
    if (!(error instanceof BrokenGzip)) return error;
    return error.truncated ? this.#truncated() : this.#corrupt(error.message, this.#endPosition());
  }

  /** Position after the data read so far. */
  #endPosition(): { line: number; offset: number } {
    return { line: this.#splitter.line, offset: this.#splitter.lineOffset + this.#splitter.bufferedBytes };
  }

  #corrupt(reason: string, at: { line: number; offset: number }): AgentError {
    return new AgentError('TAPE_CORRUPT', { file: this.#file, reason, line: at.line, offset: at.offset });
  }

  #truncated(): AgentError {
    return new AgentError('TAPE_TRUNCATED', { file: this.#file, ...this.#endPosition() });
  }

  #foreign(reason: string): AgentError {
    return new AgentError('TAPE_FOREIGN', { file: this.#file, reason, line: 1, offset: 0 });
  }
}

async function* splitAll(bytes: AsyncIterable<Buffer>, splitter: LineSplitter): AsyncGenerator<Line, void> {
  for await (const chunk of unpack(bytes)) yield* splitter.split(chunk);
}
