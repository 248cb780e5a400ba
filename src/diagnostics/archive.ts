// Writes files into a zip that has a temporary name until it is complete.
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { AgentError, reasonOf } from '../base/errors.ts';

/** A zip in progress. Disposal before the end of `write` removes the temporary file. */
export class Archive implements AsyncDisposable {
  readonly #file: string;
  readonly #temporary: string;
  #handle: FileHandle | undefined;

  private constructor(file: string, temporary: string, handle: FileHandle) {
    this.#file = file;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Creates the temporary file, readable by its owner only. Rejects with DIAGNOSTICS_NOT_WRITABLE. */
  static async open(file: string, overwrite: boolean): Promise<Archive> {
    if (!overwrite && existsSync(file))
      throw new AgentError('DIAGNOSTICS_NOT_WRITABLE', { file, reason: 'it exists already' });
    const temporary = `${file}.${process.pid}.new`;
    try {
      return new Archive(file, temporary, await open(temporary, 'wx', 0o600));
    } catch (error) {
      throw new AgentError('DIAGNOSTICS_NOT_WRITABLE', { file, reason: reasonOf(error) }, { cause: error });
    }
  }

  /** Writes and renames the file; resolves to its size in bytes. Rejects with DIAGNOSTICS_NOT_WRITABLE. */
  async write(files: readonly (readonly [name: string, content: Buffer])[]): Promise<number> {
    const zip = new ZipFile();
    for (const [name, content] of files) zip.addBuffer(content, name, { mode: 0o100600 });
    zip.end();
    const sink = this.#handle!.createWriteStream();
    try {
      await pipeline(zip.outputStream, sink);
      this.#handle = undefined;
      await rename(this.#temporary, this.#file);
    } catch (error) {
      throw new AgentError('DIAGNOSTICS_NOT_WRITABLE', { file: this.#file, reason: reasonOf(error) }, { cause: error });
    }
    return sink.bytesWritten;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A failed stream has already closed its handle.
    await this.#handle?.close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }
}
