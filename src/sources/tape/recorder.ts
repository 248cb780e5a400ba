// Writes observations to a tape, and reports the dropped ones in its end line.
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { AgentError, reasonOf } from '../../base/errors.ts';
import { type HostHeader, type Observation, TAPE_SCHEMA } from '../host.ts';
import { FieldError } from '../records/field.ts';
import { encodeEnd, encodeHeader, encodeObservation, MAX_LINE_BYTES, OrderCheck } from './format.ts';
import { exceededLimit } from './line-limits.ts';

/** Bytes that may wait for a slow disk, unpacked plus packed. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024;

export interface RecorderOptions {
  /** Replaces an existing file; default false. */
  readonly overwrite?: boolean;
  /** Bytes that may wait for the disk before observations are dropped; default 128 MiB. */
  readonly maxPendingBytes?: number;
  /** Observations that were dropped before, by reason; the end line includes them. */
  readonly dropped?: RecorderStats['dropped'];
  /** Called once with TAPE_NOT_WRITABLE when the file is no longer writable. */
  readonly onFailure?: (error: AgentError) => void;
}

/** Why an observation was dropped. */
export type DropReason = 'disk too slow' | 'not writable' | 'out of order' | 'invalid' | 'too long';

export interface RecorderStats {
  /** Recorded observations, without the dropped ones. */
  readonly observations: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Packed bytes written to the file so far. */
  readonly bytes: number;
  /** Why the file is no longer writable. */
  readonly problem?: string;
}

export interface Recorder {
  /** Records an observation. Never throws and never waits; dropped observations are counted in `stats().dropped`. */
  write(observation: Observation): void;
  /** Resolves when the disk has kept up with what was written. */
  drained(): Promise<void>;
  /** Writes the end line and closes the file. Rejects with TAPE_NOT_WRITABLE when the tape is incomplete. */
  close(): Promise<void>;
  stats(): RecorderStats;
}

/** Starts a tape in a file that only its owner can read. Rejects with TAPE_NOT_WRITABLE, also when the file exists. */
export async function createRecorder(
  file: string,
  header: HostHeader,
  options: RecorderOptions = {},
): Promise<Recorder> {
  const first = headerLine(file, header);
  const handle = await openTapeFile(file, options.overwrite ?? false);
  return new StreamRecorder(handle.createWriteStream(), file, first, options);
}

/** Opens a file that only its owner can read. Rejects with TAPE_NOT_WRITABLE, also when the file exists. */
export function openTapeFile(file: string, overwrite: boolean): Promise<FileHandle> {
  return open(file, overwrite ? 'w' : 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw notWritable(file, error.code === 'EEXIST' ? 'it exists already' : reasonOf(error), error);
  });
}

/** Starts a tape on a stream; `name` is its name in errors. */
export function recordTo(sink: Writable, name: string, header: HostHeader, options: RecorderOptions = {}): Recorder {
  return new StreamRecorder(sink, name, headerLine(name, header), options);
}

function headerLine(file: string, header: HostHeader): string {
  try {
    return encodeHeader({ ...header, schema: TAPE_SCHEMA });
  } catch (error) {
    throw notWritable(file, reasonOf(error), error);
  }
}

export function notWritable(file: string, reason: string, cause: unknown): AgentError {
  return new AgentError('TAPE_NOT_WRITABLE', { file, reason }, { cause });
}

class StreamRecorder implements Recorder {
  readonly #gzip = createGzip();
  readonly #sink: Writable;
  readonly #maxPendingBytes: number;
  readonly #order = new OrderCheck();
  readonly #dropped: Partial<Record<DropReason, number>>;
  readonly #written: Promise<void>;
  #observations = 0;
  #bytes = 0;
  #failure: AgentError | undefined;
  #closing: Promise<void> | undefined;

  constructor(sink: Writable, file: string, first: string, options: RecorderOptions) {
    this.#sink = sink;
    this.#dropped = { ...options.dropped };
    this.#maxPendingBytes = options.maxPendingBytes ?? MAX_PENDING_BYTES;
    const count = async function* (this: StreamRecorder, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const bytes of packed) {
        this.#bytes += bytes.length;
        yield bytes;
      }
    };
    this.#written = pipeline(this.#gzip, count.bind(this), sink).catch((error: unknown) => {
      this.#failure = notWritable(file, reasonOf(error), error);
      options.onFailure?.(this.#failure);
    });
    this.#writeLine(Buffer.from(`${first}\n`));
    this.#flush();
  }

  write(observation: Observation): void {
    const dropReason = this.#append(observation);
    if (dropReason) this.#dropped[dropReason] = (this.#dropped[dropReason] ?? 0) + 1;
    else this.#observations++;
    // A tick ends a round, so a crash loses one round at most.
    if (observation.kind === 'tick') this.#flush();
  }

  async drained(): Promise<void> {
    while (this.#gzip.writableNeedDrain && !this.#closed)
      await Promise.race([once(this.#gzip, 'drain'), this.#written]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  stats(): RecorderStats {
    const problem = this.#failure && { problem: this.#failure.message };
    return { observations: this.#observations, dropped: { ...this.#dropped }, bytes: this.#bytes, ...problem };
  }

  #append(observation: Observation): DropReason | undefined {
    if (this.#closed) return 'not writable';
    if (this.#pendingBytes > this.#maxPendingBytes) return 'disk too slow';
    let line: Buffer;
    try {
      line = Buffer.from(`${encodeObservation(observation)}\n`);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      return 'invalid';
    }
    if (line.length > MAX_LINE_BYTES || exceededLimit(line) !== undefined) return 'too long';
    try {
      this.#order.check(observation.seq, observation.tMono);
    } catch {
      return 'out of order';
    }
    this.#writeLine(line);
    return undefined;
  }

  get #closed(): boolean {
    return this.#closing !== undefined || this.#failure !== undefined || this.#gzip.destroyed;
  }

  get #pendingBytes(): number {
    return this.#gzip.writableLength + this.#gzip.readableLength + this.#sink.writableLength;
  }

  #writeLine(line: Buffer): void {
    this.#gzip.write(line);
  }

  /** Writes all data so far to the file, readable even if nothing follows. */
  #flush(): void {
    if (!this.#closed) this.#gzip.flush(constants.Z_SYNC_FLUSH);
  }

  async #finish(): Promise<void> {
    if (!this.#gzip.destroyed) {
      const dropped = Object.fromEntries(Object.entries(this.#dropped));
      this.#gzip.end(`${encodeEnd({ observations: this.#observations, dropped })}\n`);
    }
    await this.#written;
    if (this.#failure) throw this.#failure;
  }
}
