// Records to a redacted tape in two passes: the first one collects all names, the second one replaces them.
import { type FileHandle, rm } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../base/errors.ts';
import type { HostHeader, Observation } from '../host.ts';
import {
  notWritable,
  openTapeFile,
  type Recorder,
  type RecorderOptions,
  type RecorderStats,
  recordTo,
} from './recorder.ts';
import type { Redactor } from './redact.ts';
import { Spool } from './spool.ts';

/**
 * Starts a redacted tape, which is written when it is closed: a name that the last observation reveals may be in the
 * first one. Rejects with TAPE_NOT_WRITABLE, also when the file exists. `defaults` are the settings of an agent that is
 * not configured.
 */
export async function createRedactingRecorder(
  file: string,
  header: HostHeader,
  redactor: Redactor,
  defaults: Readonly<Record<string, string>>,
  options: RecorderOptions = {},
): Promise<Recorder> {
  const target = await openTapeFile(file, options.overwrite ?? false);
  try {
    const spool = await Spool.create(file, header, options);
    return new RedactingRecorder(file, target, spool, redactor, () => redactor.header(header, defaults));
  } catch (error) {
    await target.close();
    await rm(file, { force: true });
    throw notWritable(file, `its temporary file: ${reasonOf(error)}`, error);
  }
}

class RedactingRecorder implements Recorder {
  readonly #file: string;
  readonly #target: FileHandle;
  readonly #spool: Spool;
  readonly #redactor: Redactor;
  readonly #header: () => HostHeader;
  #tape: Recorder | undefined;
  #closing: Promise<void> | undefined;

  constructor(file: string, target: FileHandle, spool: Spool, redactor: Redactor, header: () => HostHeader) {
    this.#file = file;
    this.#target = target;
    this.#spool = spool;
    this.#redactor = redactor;
    this.#header = header;
  }

  write(observation: Observation): void {
    this.#redactor.collectNames(observation);
    this.#spool.write(observation);
  }

  async drained(): Promise<void> {}

  stats(): RecorderStats {
    return (this.#tape ?? this.#spool).stats();
  }

  /** Writes the tape. A tape that is incomplete is removed. */
  close(): Promise<void> {
    this.#closing ??= this.#redactAll();
    return this.#closing;
  }

  async #redactAll(): Promise<void> {
    try {
      await using spool = this.#spool;
      await spool.end();
      const { dropped } = spool.stats();
      this.#tape = recordTo(this.#target.createWriteStream(), this.#file, this.#header(), { dropped });
      for await (const observation of spool.read()) {
        this.#tape.write(this.#redactor.redact(observation));
        await this.#tape.drained();
      }
      await this.#tape.close();
    } catch (error) {
      await this.#tape?.close().catch(() => {});
      await this.#target.close().catch(() => {});
      await rm(this.#file, { force: true });
      throw error instanceof AgentError ? error : notWritable(this.#file, reasonOf(error), error);
    }
  }
}
