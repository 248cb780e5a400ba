// Follows one path: through rotation, truncation and deletion, from a stored position or from where it begins.
import type { FileAccess, FileFacts } from './file-access.ts';
import { type FileMark, matchesMark } from './file-mark.ts';
import type { LineFormat } from './line-format.ts';
import { OpenFile, type ReadTime } from './open-file.ts';
import { pollDelayMs } from './poll-delay.ts';
import { rotatedFiles } from './rotated-files.ts';

/** A started last line of a rotated file is completed by its writer within this time, or passed on as it is. */
const COMPLETION_MS = 2000;
/** A file that was renamed, and that no new file has replaced, is closed after this time. */
const REPLACEMENT_MS = 60_000;
export interface TailContext {
  readonly access: FileAccess;
  /** Whether another tail reads the file: then the path was given to it by a rename. */
  isForeign(id: string, tail: Tail): boolean;
  /** Last position in the file; undefined if it was never read. */
  known(id: string): FileMark | undefined;
  /** Whether a file that is seen for the first time is read from its beginning. */
  fromStart(facts: FileFacts): boolean;
}

/** What `takeMarks` returns. */
export interface TakenMarks {
  readonly mark: FileMark | undefined;
  /** Ends of files that are read completely and are not at the path any more. */
  readonly finished: readonly FileMark[];
}

/** The first open file is read; the others wait until it is read completely. */
export class Tail {
  readonly path: string;
  readonly format: LineFormat;
  problem: string | undefined;
  /** Since the start. */
  readBytes = 0;
  lostBytes = 0;
  nextPollMs = Number.NEGATIVE_INFINITY;
  readonly #context: TailContext;
  readonly #files: OpenFile[] = [];
  #numbers = 0;
  #mark: FileMark | undefined;
  /** Of a closed file in which an open message begins. */
  #closedMark: FileMark | undefined;
  readonly #finished: FileMark[] = [];
  /** The path was missing, or had another file at the last run: its file is new. */
  #isReplaced = false;
  #lastReadMs: number;
  #cutLines = 0;

  constructor(path: string, format: LineFormat, context: TailContext, monoMs: number) {
    this.#lastReadMs = monoMs;
    this.path = path;
    this.format = format;
    this.#context = context;
  }

  /** Ends of closed files with an unfinished last message. */
  get finished(): readonly FileMark[] {
    return this.#finished;
  }

  /** Whether everything was read, the last of it before that time. */
  isIdleSince(monoMs: number): boolean {
    return this.#lastReadMs < monoMs && this.#files.length <= 1 && this.lagBytes === 0 && !this.format.open;
  }

  /** Ids of the files that are read. */
  ids(): string[] {
    return this.#files.map(({ id }) => id);
  }

  get isWaiting(): boolean {
    return this.#files.length === 0;
  }

  get lagBytes(): number {
    return this.#files.reduce((sum, { size, offset }) => sum + Math.max(0, size - offset), 0);
  }

  dropped(): Record<string, number> {
    const cut = this.#files.reduce((sum, { cutLines }) => sum + cutLines, this.#cutLines);
    const dropped = { ...this.format.dropped() };
    dropped.cut_line = (dropped.cut_line ?? 0) + cut;
    return Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0));
  }

  /** Continues behind a position of the last run; the file may have been rotated meanwhile. */
  resume(mark: FileMark, monoMs: number): void {
    const { access } = this.#context;
    const facts = access.facts(this.path);
    if (facts?.id === mark.id) return;
    this.#isReplaced = true;
    const found = rotatedFiles(access, this.path, mark.id);
    for (const { path, id } of found) {
      const file = this.#open(path, id, id === mark.id ? mark : undefined, 0);
      if (file) file.leftAtMs = monoMs;
    }
  }

  /** Looks whether the path has another file, or a shorter one. Throws the errors of Node. */
  poll(monoMs: number): void {
    const { access } = this.#context;
    const last = this.#files.at(-1);
    const facts = this.#factsOfPath(last);
    this.nextPollMs = monoMs + pollDelayMs(monoMs - this.#lastReadMs);
    if (!facts) {
      if (last) last.leftAtMs ??= monoMs;
      else this.#isReplaced = true;
      return;
    }
    if (last?.id === facts.id && !last.isDeleted) {
      last.leftAtMs = undefined;
      if (facts.size < last.offset) this.#restart(last);
      last.update(facts);
      return;
    }
    if (this.#context.isForeign(facts.id, this)) return;
    if (last) {
      last.leftAtMs ??= monoMs;
      for (const { path, id } of rotatedFiles(access, this.path, last.id).slice(1)) {
        const between = this.#open(path, id, this.#context.known(id), 0);
        if (between) between.leftAtMs = monoMs;
      }
    }
    const known = this.#context.known(facts.id);
    const isNew = this.#isReplaced || this.#numbers > 0 || this.#context.fromStart(facts);
    this.#open(this.path, facts.id, known, known || isNew ? 0 : facts.size);
  }

  /**
   * Reads one chunk of the oldest file. Returns its bytes, 0 if there is nothing to read at the moment. The buffer must
   * be larger than what is compared.
   */
  read(buffer: Uint8Array, time: ReadTime): number {
    for (let current = this.#files[0]; current; current = this.#files[0]) {
      const bytes = current.read(buffer, time);
      if (bytes === undefined) {
        // Nothing more is read of a file that shrinks again and again.
        if (this.#restart(current).size === 0) return 0;
      } else if (bytes > 0) {
        this.#lastReadMs = time.monoMs;
        this.readBytes += bytes;
        return bytes;
      } else {
        if (!this.#isOver(current, time.monoMs)) return 0;
        current.end();
        this.#close(current);
      }
    }
    return 0;
  }

  /** Position behind everything that was passed on, if it is another one than at the last call. */
  takeMarks(): TakenMarks {
    const mark = this.#currentMark();
    // A message that began in a closed file may still be open: that file is not finished, those before it are.
    const openAt = this.#finished.findIndex(({ id }) => id === mark?.id);
    const finished = this.#finished.splice(0, openAt < 0 ? this.#finished.length : openAt);
    if (!mark || (mark.id === this.#mark?.id && mark.offset === this.#mark.offset && mark.head === this.#mark.head))
      return { mark: undefined, finished };
    this.#mark = mark;
    return { mark, finished };
  }

  /** Closes the files. What was not passed on is read again after the stored position. */
  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }

  /** A deleted file of Windows has its name until it is closed here, but its status cannot be read any more. */
  #factsOfPath(last: OpenFile | undefined): FileFacts | undefined {
    const { access } = this.#context;
    let facts: FileFacts | undefined;
    let failure: unknown;
    try {
      facts = access.facts(this.path);
    } catch (error) {
      failure = error;
    }
    if (last && !facts && access.factsOf(last.options.file)?.isDeleted) last.isDeleted = true;
    if (failure !== undefined && !last?.isDeleted) throw failure;
    return facts;
  }

  /** Undefined if the file is not the expected one any more. */
  #open(path: string, id: string, known: FileMark | undefined, firstOffset: number): OpenFile | undefined {
    const { access } = this.#context;
    const file = access.open(path);
    try {
      const facts = access.factsOf(file);
      if (facts?.id !== id) {
        access.close(file);
        return undefined;
      }
      const mark = known && matchesMark(access, file, known, facts.size) ? known : undefined;
      const offset = mark ? mark.offset : Math.min(firstOffset, facts.size);
      const opened = this.#create({ id, file, offset, size: facts.size, state: mark?.format });
      this.#files.push(opened);
      return opened;
    } catch (error) {
      access.close(file);
      throw error;
    }
  }

  #create(options: Omit<OpenFile['options'], 'number'>): OpenFile {
    return new OpenFile({ number: ++this.#numbers, ...options }, this.#context.access, this.format);
  }

  /** The file was truncated: its present content is new. */
  #restart(truncated: OpenFile): OpenFile {
    const { id, file } = truncated.options;
    this.lostBytes += Math.max(0, truncated.size - truncated.offset);
    truncated.end();
    this.#cutLines += truncated.cutLines;
    const fresh = this.#create({ id, file, offset: 0, size: this.#context.access.factsOf(file)?.size ?? 0 });
    fresh.leftAtMs = truncated.leftAtMs;
    fresh.isDeleted = truncated.isDeleted;
    this.#files[this.#files.indexOf(truncated)] = fresh;
    return fresh;
  }

  /** Whether a file that was read to its end gets no more lines. */
  #isOver({ leftAtMs, isDeleted, pendingBytes }: OpenFile, monoMs: number): boolean {
    if (leftAtMs === undefined) return false;
    if (isDeleted) return true;
    const leftMs = monoMs - leftAtMs;
    if (this.#files.length === 1) return leftMs >= REPLACEMENT_MS;
    return pendingBytes === 0 || leftMs >= COMPLETION_MS;
  }

  #close(done: OpenFile): void {
    this.#closedMark = this.#currentMark();
    this.#cutLines += done.cutLines;
    this.#finished.push(done.markAt('', done.offset));
    done.close();
    this.#files.shift();
  }

  #currentMark(): FileMark | undefined {
    const current = this.#files[0];
    const { open } = this.format;
    if (!current) return open ? this.#closedMark : undefined;
    const place = open ?? current.place;
    // A message that began in a file that is closed is still open.
    return place.file === current.options.number ? current.markAt(this.path, place.offset) : this.#closedMark;
  }
}
