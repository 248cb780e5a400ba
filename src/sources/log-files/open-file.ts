// An open log file, which is read line by line and compared with what was read before.
import { LineSplitter } from '../../logs/line-splitter.ts';
import { type FileAccess, type FileFacts, readAll } from './file-access.ts';
import { type FileMark, markAt } from './file-mark.ts';
import type { LineFormat, LinePlace } from './line-format.ts';
import { isPartOfMark, lineUnit } from './text-decoder.ts';

/** A longer line is cut; Docker writes up to six bytes for a byte of a 16 KiB piece. */
const MAX_LINE_BYTES = 256 * 1024;
/** Bytes at the start of a file, and before the offset, that are compared before more is read. */
const COMPARED_BYTES = 64;
/** Where the directives of a W3C log are searched when reading begins within it. */
const DIRECTIVE_BYTES = 64 * 1024;

export interface OpenFileOptions {
  /** Increases with each file of a path. */
  readonly number: number;
  readonly id: string;
  readonly file: number;
  /** Where reading begins, in bytes. */
  readonly offset: number;
  readonly size: number;
  /** What the format had stored with the offset. */
  readonly state?: string | undefined;
}

/** When lines are read. */
export interface ReadTime {
  readonly monoMs: number;
  readonly wallMs: number;
}

export class OpenFile {
  readonly options: OpenFileOptions;
  /** What is read next, in bytes. */
  offset: number;
  /** As far as it was seen, in bytes. */
  size: number;
  /** When the path was missing or belonged to another file first. */
  leftAtMs: number | undefined;
  isDeleted = false;
  readonly #access: FileAccess;
  readonly #format: LineFormat;
  /** Undefined until the first bytes are there. */
  #splitter: LineSplitter | undefined;
  #isWide = false;
  /** The first bytes and those before the offset, as many as are compared. */
  #head: Uint8Array;
  #before: Uint8Array;
  #isCompared = false;
  #time: ReadTime = { monoMs: 0, wallMs: 0 };
  /** The last mark. */
  #mark: FileMark | undefined;
  #modifiedAtMs: number | undefined;

  constructor(options: OpenFileOptions, access: FileAccess, format: LineFormat) {
    const { file, offset, size } = options;
    this.options = options;
    this.offset = offset;
    this.size = size;
    this.#access = access;
    this.#format = format;
    const length = Math.min(COMPARED_BYTES, offset);
    this.#head = readAll(access, file, 0, length);
    this.#before = readAll(access, file, offset - length, length);
  }

  get id(): string {
    return this.options.id;
  }

  /** Bytes of a line that was started. */
  get pendingBytes(): number {
    return this.#splitter?.pendingBytes ?? 0;
  }

  get cutLines(): number {
    return this.#splitter?.cutLines ?? 0;
  }

  /** Start of the first line that the format has not got yet. */
  get place(): LinePlace {
    return { file: this.options.number, offset: this.offset - this.pendingBytes };
  }

  /**
   * Reads behind the offset, together with the bytes before it. Returns how many bytes were new, 0 at the end, and
   * undefined if the content was replaced.
   */
  read(buffer: Uint8Array, time: ReadTime): number | undefined {
    const before = this.#before;
    const got = this.#access.read(this.options.file, buffer, this.offset - before.length);
    if (got < before.length || (got > before.length && !this.#isSameContent(buffer))) return undefined;
    this.#isCompared = got > before.length;
    const read = buffer.subarray(before.length, got);
    const mayGrow = this.leftAtMs === undefined;
    if (read.length === 0 || (this.offset === 0 && mayGrow && isPartOfMark(read))) return 0;
    this.#splitter ??= this.#begin();
    // Units of two bytes begin at even offsets.
    const odd = this.#isWide ? (this.offset + read.length) % 2 : 0;
    const chunk = read.subarray(0, read.length - odd);
    if (chunk.length === 0) return 0;
    const missing = COMPARED_BYTES - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, missing)]);
    const end = before.length + chunk.length;
    this.#before = buffer.slice(Math.max(0, end - COMPARED_BYTES), end);
    this.offset += chunk.length;
    this.size = Math.max(this.size, this.offset);
    this.#time = time;
    this.#splitter.push(chunk);
    return chunk.length;
  }

  /** Passes on a line that was started, because no line feed will follow. */
  end(): void {
    this.#splitter?.end();
  }

  /** What its path shows of it now: the content may be another one of the same size. */
  update({ size, modifiedAtMs }: Pick<FileFacts, 'size' | 'modifiedAtMs'>): void {
    this.size = size;
    if (modifiedAtMs !== this.#modifiedAtMs) this.#mark = undefined;
    this.#modifiedAtMs = modifiedAtMs;
  }

  /** A mark reads the file, and is asked for in each turn: the last one is kept while nothing changes. */
  markAt(path: string, offset: number): FileMark {
    const { id, file } = this.options;
    if (this.#mark?.offset !== offset || this.#mark.path !== path)
      this.#mark = markAt(this.#access, file, { id, path, offset, format: this.#format.state });
    return this.#mark;
  }

  close(): void {
    this.#access.close(this.options.file);
  }

  /** The first bytes are there: they show the encoding. */
  #begin(): LineSplitter {
    const { number, file, offset, state } = this.options;
    const start = readAll(this.#access, file, 0, COMPARED_BYTES);
    const unit = lineUnit(start);
    this.#isWide = unit !== 'byte';
    this.#format.begin(start);
    if (state !== undefined) this.#format.restore(state);
    else if (offset > 0) {
      const bytes = Math.min(DIRECTIVE_BYTES, offset);
      this.#format.prime(readAll(this.#access, file, 0, bytes));
      this.#format.prime(readAll(this.#access, file, offset - bytes, bytes));
    }
    let at = offset;
    return new LineSplitter(MAX_LINE_BYTES, unit, (line, bytes) => {
      const place = { file: number, offset: at };
      at += bytes;
      this.#format.line(line, place, this.#time.monoMs, this.#time.wallMs);
    });
  }

  #isSameContent(buffer: Uint8Array): boolean {
    const before = this.#before;
    const head = this.#head;
    if (Buffer.compare(buffer.subarray(0, before.length), before) !== 0) return false;
    // The start is compared once after each wait for more.
    return this.#isCompared || Buffer.compare(readAll(this.#access, this.options.file, 0, head.length), head) === 0;
  }
}
