// Reads all log files that are followed, each one in turn.
import { reasonOf } from '../../base/errors.ts';
import type { ParserSettings } from '../../logs/parser-settings.ts';
import type { FileTarget, LogBatch, LogPositions, LogReader, ReaderState } from '../logs/contracts.ts';
import { attempt } from './attempt.ts';
import { DockerFormat } from './docker-format.ts';
import { FairTurn } from './fair-turn.ts';
import type { FileAccess, FileFacts } from './file-access.ts';
import { isPattern, matchedFiles, newestFirst } from './file-pattern.ts';
import { type Followed, fileStates, finishedMark } from './followed.ts';
import { KnownMarks } from './known-marks.ts';
import type { FileLogMessage, LineFormat } from './line-format.ts';
import { SourceOutputs } from './source-outputs.ts';
import { Tail, type TailContext } from './tail.ts';
import { TextFormat } from './text-format.ts';

/** Files that are followed at the same time. */
export const MAX_FILES = 1000;
/** Interval at which patterns are compared with the files that are there. */
const RESOLVE_MS = 5000;
/** What is read of one file before the next one has its turn, in bytes. */
const CHUNK_BYTES = 32 * 1024;
/** Limits of one batch. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_BATCH_RECORDS = 1000;
/** Interval at which what belongs to files and sources that are gone is forgotten. */
const SWEEP_MS = 600_000;
/** A file without new lines for this time may be left for one that has new lines, if there are too many. */
const IDLE_MS = 3_600_000;
export interface FileReaderOptions {
  readonly files: readonly FileTarget[];
  readonly parser: ParserSettings;
  /** Encoding of text files without a byte order mark that are not UTF-8, as a label of `TextDecoder`. */
  readonly encoding: string;
  readonly positions: LogPositions;
  readonly access: FileAccess;
  readonly clock: { monoMs(): number; wallMs(): number };
}

export class FileReader implements LogReader {
  readonly #options: FileReaderOptions;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  readonly #outputs: SourceOutputs;
  readonly #known: KnownMarks;
  #followed = new Map<string, Followed>();
  #nextSweepMs: number;
  readonly #turn = new FairTurn<Tail>();

  constructor(options: FileReaderOptions) {
    this.#options = options;
    this.#outputs = new SourceOutputs(options.parser);
    const nowMs = options.clock.monoMs();
    this.#nextSweepMs = nowMs + SWEEP_MS;
    this.#known = new KnownMarks(options.positions, nowMs);
    this.setFiles(options.files);
  }

  /** Replaces the files that are followed; those that stay continue where they are. */
  setFiles(targets: readonly FileTarget[]): void {
    const nowMs = this.#options.clock.monoMs();
    const followed = new Map<string, Followed>();
    for (const target of targets) {
      const outputKey = JSON.stringify([target.owner.service ?? target.owner.docker ?? '', target.source]);
      const key = `${outputKey} ${target.format} ${target.pattern}`;
      followed.set(key, this.#followed.get(key) ?? this.#follow(target, outputKey));
    }
    for (const [key, gone] of this.#followed) {
      if (followed.has(key)) continue;
      for (const tail of gone.tails.values()) this.#end(gone, tail, nowMs);
    }
    this.#followed = followed;
    this.#outputs.setUsed(new Set([...followed.values()].map(({ outputKey }) => outputKey)), nowMs);
  }

  signals(): readonly bigint[] {
    return [];
  }

  read(batch: LogBatch, nowMs: number, untilMs: number): boolean {
    const { clock } = this.#options;
    this.#sweep(nowMs);
    for (const followed of this.#followed.values()) if (nowMs >= followed.nextResolveMs) this.#resolve(followed, nowMs);
    const tails = [...this.#followed.values()].flatMap((followed) => [...followed.tails.values()]);
    for (const tail of tails) if (nowMs >= tail.nextPollMs) attempt(tail, nowMs, () => tail.poll(nowMs));
    const time = { monoMs: nowMs, wallMs: clock.wallMs() };
    const more = this.#turn.run(
      tails,
      (tail) => attempt(tail, nowMs, () => tail.read(this.#buffer, time)) ?? 0,
      (bytes) => bytes >= MAX_BATCH_BYTES || this.#outputs.waiting >= MAX_BATCH_RECORDS || clock.monoMs() >= untilMs,
    );
    for (const tail of tails) tail.format.tick(nowMs);
    this.#collect(batch, nowMs);
    return more;
  }

  state(): ReaderState {
    return { logFiles: [...this.#followed.values()].flatMap((followed) => fileStates(followed, MAX_FILES)) };
  }

  close(): void {
    for (const { tails } of this.#followed.values()) for (const tail of tails.values()) tail.close();
  }

  /** Estimated bytes of all patterns. */
  get patternBytes(): number {
    return this.#outputs.patternBytes;
  }

  #follow(target: FileTarget, outputKey: string): Followed {
    // All containers have one time: a container that is created later is another target.
    const sinceKey = target.format === 'docker' ? 'docker' : `${outputKey} ${target.pattern}`;
    this.#outputs.prepare(outputKey, target);
    return {
      target,
      outputKey,
      tails: new Map(),
      sinceMs: this.#known.sinceMs(sinceKey, this.#options.clock.wallMs()),
      nextResolveMs: Number.NEGATIVE_INFINITY,
      beyondLimit: 0,
      problem: undefined,
    };
  }

  #resolve(followed: Followed, nowMs: number): void {
    const { target, tails } = followed;
    const { access } = this.#options;
    followed.nextResolveMs = nowMs + RESOLVE_MS;
    followed.problem = undefined;
    followed.beyondLimit = 0;
    if (!isPattern(target)) {
      this.#addTail(followed, target.pattern, nowMs);
      if (tails.size > 0) followed.nextResolveMs = Number.POSITIVE_INFINITY;
      return;
    }
    try {
      const { paths, isCut } = matchedFiles(access, target.pattern);
      if (isCut) followed.problem = 'the pattern matches too many folders: not all of them are read';
      const found = new Set(paths);
      this.#addTails(followed, paths, nowMs);
      for (const [path, tail] of tails) {
        if (found.has(path) || !tail.isWaiting) continue;
        tails.delete(path);
        this.#end(followed, tail, nowMs);
      }
    } catch (error) {
      followed.problem = reasonOf(error);
    }
  }

  /** Follows the files that changed last. One that another tail reads was renamed. */
  #addTails(followed: Followed, paths: readonly string[], nowMs: number): void {
    const others = paths.filter((path) => !followed.tails.has(path));
    for (const { path, id } of newestFirst(this.#options.access, others))
      if (!this.#owns(id)) this.#addTail(followed, path, nowMs);
  }

  /** Makes room for one more file. Returns false if all files have new lines. */
  #hasRoom(nowMs: number): boolean {
    let count = 0;
    for (const { tails } of this.#followed.values()) count += tails.size;
    if (count < MAX_FILES) return true;
    for (const followed of this.#followed.values()) {
      if (!isPattern(followed.target)) continue;
      for (const [path, tail] of followed.tails) {
        if (!tail.isIdleSince(nowMs - IDLE_MS)) continue;
        followed.tails.delete(path);
        this.#end(followed, tail, nowMs);
        return true;
      }
    }
    return false;
  }

  #addTail(followed: Followed, path: string, nowMs: number): void {
    const { target, outputKey, tails, sinceMs } = followed;
    if (!this.#hasRoom(nowMs)) {
      followed.beyondLimit++;
      return;
    }
    const { access } = this.#options;
    const context: TailContext = {
      access,
      isForeign: (id, tail) => this.#owns(id, tail),
      known: (id) => finishedMark(tails, id) ?? this.#known.get(outputKey, id),
      fromStart: ({ createdAtMs }: FileFacts) => target.fromStart || createdAtMs >= sinceMs,
    };
    const tail = new Tail(path, this.#format(target, outputKey, nowMs), context, nowMs);
    tails.set(path, tail);
    const mark = this.#known.ofPath(outputKey, path);
    if (mark) attempt(tail, nowMs, () => tail.resume(mark, nowMs));
  }

  #format(target: FileTarget, outputKey: string, nowMs: number): LineFormat {
    const { parser, encoding, clock } = this.#options;
    const add = (message: FileLogMessage) => this.#outputs.add(outputKey, message, clock.wallMs());
    return target.format === 'docker'
      ? new DockerFormat(parser, nowMs, add)
      : new TextFormat(parser, encoding, nowMs, add);
  }

  #owns(id: string, except?: Tail): boolean {
    for (const { tails } of this.#followed.values())
      for (const tail of tails.values()) if (tail !== except && tail.ids().includes(id)) return true;
    return false;
  }

  /** Passes on what is open, and keeps the position. */
  #end(followed: Followed, tail: Tail, nowMs: number): void {
    tail.format.end(nowMs);
    this.#takeMarks(followed, tail, nowMs);
    tail.close();
  }

  /** Adds messages and the positions behind them to the batch. */
  #collect(batch: LogBatch, nowMs: number): void {
    this.#outputs.collect(batch.fileMessages);
    for (const followed of this.#followed.values()) {
      for (const tail of followed.tails.values()) {
        this.#takeMarks(followed, tail, nowMs);
        for (const id of tail.ids()) this.#known.seen(followed.outputKey, id, nowMs);
      }
    }
    Object.assign(batch.positions, this.#known.takeChanged());
  }

  #takeMarks({ target, outputKey }: Followed, tail: Tail, nowMs: number): void {
    attempt(tail, nowMs, () => {
      const { mark, finished } = tail.takeMarks();
      for (const end of finished) {
        // The pattern may match the file under another name.
        if (isPattern(target)) this.#known.set(outputKey, end, nowMs);
        else this.#known.remove(outputKey, end.id);
      }
      if (mark) this.#known.set(outputKey, mark, nowMs);
    });
  }

  /** Forgets what belongs to files and sources that are gone for long. */
  #sweep(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return;
    this.#nextSweepMs = nowMs + SWEEP_MS;
    this.#outputs.sweep(nowMs);
    this.#known.sweep(nowMs);
  }
}
