// Sequence numbers that are never used again, also when no file is left that has one.
import { join } from 'node:path';
import { DamagedPayload } from './payload-file.ts';
import type { SpoolFiles } from './spool-files.ts';

export const SEQUENCE_NAME = 'sequence';

/** Numbers that one write of the file reserves; those that are not used by the end of the process are skipped. */
const BLOCK = 10_000;

/** Higher numbers in names of files are taken for foreign, unless the file says that they were reserved. */
const HIGHEST_UNRESERVED = 1_000_000_000_000_000;
const HIGHEST = 8_000_000_000_000_000;

export class Sequence {
  readonly #folder: string;
  readonly #files: SpoolFiles;
  #next = 1;
  /** Numbers below it may be in use on disk. */
  #reserved = 1;

  constructor(folder: string, files: SpoolFiles) {
    this.#folder = folder;
    this.#files = files;
  }

  /** Reads what earlier processes reserved. Rejects if the file cannot be read; one that is damaged is ignored. */
  async open(): Promise<void> {
    try {
      const text = (await this.#files.read(join(this.#folder, SEQUENCE_NAME), 64)).toString('latin1');
      const reserved = /^\d{1,16}\n$/.test(text) ? Number(text) : 0;
      if (reserved <= HIGHEST) this.#reserved = Math.max(this.#reserved, reserved);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing && !(error instanceof DamagedPayload)) throw error;
    }
    this.#next = Math.max(this.#next, this.#reserved);
  }

  /** Whether a number in a name can be one of the spool. */
  isPlausible(seq: number): boolean {
    return seq < Math.max(this.#reserved, HIGHEST_UNRESERVED);
  }

  /** The numbers of new payloads are above that of a file which was found. */
  skip(seq: number): void {
    this.#next = Math.max(this.#next, seq + 1);
  }

  next(): number {
    return this.#next++;
  }

  /** Must resolve before a file with the number appears. */
  async reserve(seq: number): Promise<void> {
    if (seq < this.#reserved) return;
    const reserved = seq + BLOCK;
    const path = join(this.#folder, SEQUENCE_NAME);
    const temporary = `${path}.tmp`;
    await this.#files.remove(temporary);
    await this.#files.create(temporary, [Buffer.from(`${String(reserved).padStart(16, '0')}\n`, 'latin1')]);
    await this.#files.rename(temporary, path);
    await this.#files.syncFolder(this.#folder);
    this.#reserved = reserved;
  }

  /** The file may be gone: the next number is reserved again. */
  forget(): void {
    this.#reserved = 1;
  }
}
