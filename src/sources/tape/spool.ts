// Stores a recording until it can be redacted, encrypted with a key that exists only in memory.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { HostHeader, Observation } from '../host.ts';
import { decodeTape } from './read-tape.ts';
import { type Recorder, type RecorderOptions, type RecorderStats, recordTo } from './recorder.ts';

const CIPHER = 'aes-256-ctr';

/** A tape in a temporary file. A process that is killed leaves a file that cannot be read. */
export class Spool implements AsyncDisposable {
  readonly #folder: string;
  readonly #file: string;
  readonly #key = randomBytes(32);
  readonly #counter = randomBytes(16);
  readonly #recorder: Recorder;
  readonly #stored: Promise<unknown>;

  private constructor(folder: string, name: string, header: HostHeader, options: RecorderOptions) {
    this.#folder = folder;
    this.#file = join(folder, 'spool');
    const cipher = createCipheriv(CIPHER, this.#key, this.#counter);
    // A failure destroys the cipher, and with it the recorder, which reports the reason.
    this.#stored = pipeline(cipher, createWriteStream(this.#file, { flags: 'wx', mode: 0o600 })).catch(() => {});
    this.#recorder = recordTo(cipher, name, header, options);
  }

  /** Creates a folder that only its owner can read; `name` is the name of the tape in errors. */
  static async create(name: string, header: HostHeader, options: RecorderOptions): Promise<Spool> {
    return new Spool(await mkdtemp(join(tmpdir(), 'coroot-agent-')), name, header, options);
  }

  write(observation: Observation): void {
    this.#recorder.write(observation);
  }

  stats(): RecorderStats {
    return this.#recorder.stats();
  }

  /** Ends the recording. Rejects with TAPE_NOT_WRITABLE when it is incomplete. */
  async end(): Promise<void> {
    await this.#recorder.close();
    await this.#stored;
  }

  /** The observations in order, after `end`. */
  async *read(): AsyncGenerator<Observation, void> {
    const plain = createDecipheriv(CIPHER, this.#key, this.#counter);
    // A failure to read destroys the decipher with the reason, which its reader receives.
    pipeline(createReadStream(this.#file), plain).catch(() => {});
    await using tape = await decodeTape(plain as AsyncIterable<Buffer>, this.#file);
    yield* tape.observations;
  }

  /** Removes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recorder.close().catch(() => {});
    await this.#stored;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
