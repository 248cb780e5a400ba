// The payloads on disk: one folder for each queue, one for rejected payloads, and the bytes of all.
import { join } from 'node:path';
import type { Payload } from '../payload.ts';
import {
  DamagedPayload,
  decodePayload,
  encodeHeader,
  PAYLOAD_SUFFIX,
  payloadStem,
  TEMPORARY_SUFFIX,
} from './payload-file.ts';
import type { Entry } from './queue-content.ts';
import { prepareFolder, type Recovered, Recovery } from './recovery.ts';
import { REJECTED_FOLDER, type RejectedFile, rejectedName } from './rejected-file.ts';
import { Sequence } from './sequence.ts';
import { type SpoolFiles, whileBusy } from './spool-files.ts';

/** Attempts to open the folder that fail as a whole when one file in it fails with an error of the disk. */
const STRICT_ATTEMPTS = 3;

/**
 * One call at a time. Methods reject with the errors of Node. What a kill and a power cut can lose or repeat:
 * docs/adr/0024-spool.md.
 */
export class PayloadStore {
  readonly sequence: Sequence;
  /** Why files of payloads that are in no queue cannot be deleted; they are deleted later, and count for the size. */
  discardError: unknown;
  readonly #folder: string;
  readonly #files: SpoolFiles;
  readonly #pause: (ms: number) => Promise<void>;
  #release: (() => Promise<void>) | undefined;
  #attempts = 0;
  /** Folders that exist and are no links. */
  readonly #prepared = new Set<string>();
  /** In the order in which they are deleted. */
  #rejected: RejectedFile[] = [];
  #bytes = 0;
  /** Files of payloads that are in no queue any more but could not be deleted, with the bytes counted for them. */
  readonly #undeleted = new Map<string, number>();

  constructor(folder: string, files: SpoolFiles, pause: (ms: number) => Promise<void>) {
    this.#folder = folder;
    this.#files = files;
    this.#pause = pause;
    this.sequence = new Sequence(folder, files);
  }

  /** Of payloads and rejected payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  get rejected(): readonly RejectedFile[] {
    return this.#rejected;
  }

  /** Reserves the folder and reads it. May be repeated if it rejects. */
  async open(queueNames: Iterable<string>): Promise<Recovered> {
    await this.#files.createFolder(this.#folder);
    this.#release ??= await this.#files.lock(this.#folder);
    await this.sequence.open();
    const skipsFaults = ++this.#attempts > STRICT_ATTEMPTS;
    const recovered = await new Recovery(this.#folder, this.#files, this.sequence, skipsFaults).run(queueNames);
    for (const name of [...recovered.queues.keys(), REJECTED_FOLDER]) this.#prepared.add(name);
    this.#rejected = recovered.rejected;
    this.#bytes = 0;
    for (const files of [recovered.rejected, ...recovered.queues.values()])
      for (const { bytes } of files) this.#bytes += bytes;
    return recovered;
  }

  /** Lets another process use the folder. */
  async close(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }

  /** Writes a payload that is in memory. Resolves when file and name are on disk. */
  async write(queue: string, entry: Entry, payload: Payload): Promise<void> {
    const write = async (): Promise<void> => {
      await this.#prepare(queue);
      const parts = [encodeHeader(payload), payload.body];
      await this.#create(join(this.#folder, queue), this.#pathOf(queue, entry), entry.seq, parts);
    };
    try {
      await write().catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        // The folder was deleted.
        await this.#startAgain();
        await write();
      });
    } catch (error) {
      entry.mayHaveFile = true;
      throw error;
    }
    entry.payload = undefined;
    this.#bytes += entry.bytes;
  }

  /** Rejects with DamagedPayload if the file is not what was written. */
  async read(queue: string, entry: Entry): Promise<Payload> {
    const file = await this.#busy(() => this.#files.read(this.#pathOf(queue, entry), entry.bytes));
    const payload = decodePayload(file);
    if (file.length !== entry.bytes || payload.count !== entry.count || payload.oldestMs !== entry.oldestMs)
      throw new DamagedPayload('it was replaced');
    return payload;
  }

  /** Deletes the file of a payload that stays in the queue if this rejects. */
  async delete(queue: string, entry: Entry): Promise<void> {
    await this.#busy(() => this.#files.remove(this.#pathOf(queue, entry)));
    this.#bytes -= entry.bytes;
  }

  /** Deletes what is on disk of payloads that are in no queue any more; later, if it fails now. */
  async discard(queue: string, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const path = this.#pathOf(queue, entry);
      if (!entry.payload) this.#undeleted.set(path, entry.bytes);
      else if (entry.mayHaveFile) this.#undeleted.set(path, 0);
      if (entry.mayHaveFile) this.#undeleted.set(this.#pathOf(queue, entry, TEMPORARY_SUFFIX), 0);
    }
    await this.deleteDiscarded();
  }

  /** Deletes the files that could not be deleted before; what fails now is in `discardError`. */
  async deleteDiscarded(): Promise<void> {
    const failures: unknown[] = [];
    for (const [path, bytes] of this.#undeleted) {
      const remove = (): Promise<void> => this.#files.remove(path);
      try {
        // Only the first one is waited for.
        await (failures.length === 0 ? this.#busy(remove) : remove());
        this.#undeleted.delete(path);
        this.#bytes -= bytes;
      } catch (error) {
        failures.push(error);
      }
    }
    this.discardError = failures[0];
  }

  /** Moves the file of a payload to the rejected ones. */
  async moveToRejected(queue: string, entry: Entry, reason: string): Promise<void> {
    const name = rejectedName(entry, queue, reason);
    await this.#busy(() => this.#files.rename(this.#pathOf(queue, entry), join(this.#folder, REJECTED_FOLDER, name)));
    this.#rejected.push({ name, queue, seq: entry.seq, count: entry.count, bytes: entry.bytes });
  }

  /** Writes a payload that is in memory to the rejected ones. */
  async writeRejected(queue: string, entry: Entry, payload: Payload, reason: string): Promise<void> {
    const name = rejectedName(entry, queue, reason);
    const folder = join(this.#folder, REJECTED_FOLDER);
    await this.#create(folder, join(folder, name), entry.seq, [encodeHeader(payload), payload.body]);
    this.#rejected.push({ name, queue, seq: entry.seq, count: entry.count, bytes: entry.bytes });
    this.#bytes += entry.bytes;
  }

  /** Deletes the oldest rejected payload; undefined if there is none. One that cannot be deleted becomes the last. */
  async deleteRejected(): Promise<RejectedFile | undefined> {
    const file = this.#rejected.shift();
    if (!file) return undefined;
    try {
      await this.#busy(() => this.#files.remove(join(this.#folder, REJECTED_FOLDER, file.name)));
    } catch (error) {
      this.#rejected.push(file);
      throw error;
    }
    this.#bytes -= file.bytes;
    return file;
  }

  /** The file appears under its name when its content is on disk. */
  async #create(folder: string, path: string, seq: number, parts: readonly Uint8Array[]): Promise<void> {
    await this.sequence.reserve(seq);
    const temporary = `${path.slice(0, -PAYLOAD_SUFFIX.length)}${TEMPORARY_SUFFIX}`;
    try {
      await this.#files.create(temporary, parts).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        await this.#files.remove(temporary);
        await this.#files.create(temporary, parts);
      });
      await this.#busy(() => this.#files.rename(temporary, path));
    } catch (error) {
      await this.#files.remove(temporary).catch(() => {});
      throw error;
    }
    await this.#files.syncFolder(folder);
  }

  /** Creates the folder of a queue that was not known when the spool was opened. */
  async #prepare(queue: string): Promise<void> {
    if (this.#prepared.has(queue)) return;
    await this.#files.createFolder(this.#folder);
    this.#release ??= await this.#files.lock(this.#folder);
    const content = await this.#files.list(this.#folder);
    for (const name of [queue, REJECTED_FOLDER]) {
      await prepareFolder(this.#files, this.#folder, content, name);
      this.#prepared.add(name);
    }
  }

  /** Nothing in the folder is taken for granted any more. */
  async #startAgain(): Promise<void> {
    this.#prepared.clear();
    this.sequence.forget();
    await this.close();
  }

  #pathOf(queue: string, entry: Entry, suffix: string = PAYLOAD_SUFFIX): string {
    return join(this.#folder, queue, `${payloadStem(entry)}${suffix}`);
  }

  #busy<T>(operation: () => Promise<T>): Promise<T> {
    return whileBusy(operation, this.#pause);
  }
}
