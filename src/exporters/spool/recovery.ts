// Reads the folder of the spool at the start: payloads, rejected payloads, and leftovers of a crash.
import { join } from 'node:path';
import { LOCK_NAME } from './folder-lock.ts';
import {
  DamagedPayload,
  decodePayload,
  HEADER_BYTES,
  MAX_BODY_BYTES,
  PAYLOAD_SUFFIX,
  type PayloadNumbers,
  parsePayloadStem,
  TEMPORARY_SUFFIX,
} from './payload-file.ts';
import { type Entry, newEntry } from './queue-content.ts';
import { parseRejectedName, REJECTED_FOLDER, type RejectedFile, rejectedName } from './rejected-file.ts';
import { SEQUENCE_NAME, type Sequence } from './sequence.ts';
import type { FoundFile, SpoolFiles } from './spool-files.ts';
import type { LeftoverReason } from './spool-totals.ts';

export const MAX_FILE_BYTES = HEADER_BYTES + MAX_BODY_BYTES;

/** Names of queues are names of folders, on file systems that ignore case too. */
export const isQueueName = (name: string): boolean => /^[a-z][a-z0-9_]{0,31}$/.test(name) && name !== REJECTED_FOLDER;

export interface Recovered {
  /** In the order of their numbers. */
  readonly queues: ReadonlyMap<string, Entry[]>;
  /** In the order of their numbers, those with other names first. */
  readonly rejected: RejectedFile[];
  readonly leftovers: ReadonlyMap<LeftoverReason, number>;
}

/**
 * Creates a folder below another one, of which the content is given. Resolves with true if something else had its name,
 * which is deleted: a link would lead elsewhere.
 */
export async function prepareFolder(
  files: SpoolFiles,
  folder: string,
  content: readonly FoundFile[],
  name: string,
): Promise<boolean> {
  const found = content.find((file) => file.name === name);
  const isForeign = found !== undefined && found.type !== 'folder';
  if (isForeign) await files.remove(join(folder, name));
  await files.createFolder(join(folder, name));
  return isForeign;
}

export class Recovery {
  readonly #folder: string;
  readonly #files: SpoolFiles;
  readonly #sequence: Sequence;
  readonly #queues = new Map<string, Entry[]>();
  readonly #prepared = new Set<string>();
  readonly #rejected: RejectedFile[] = [];
  readonly #leftovers = new Map<LeftoverReason, number>();

  /** Whether files that fail with an error of the disk are skipped, because earlier attempts failed. */
  readonly #skipsFaults: boolean;

  constructor(folder: string, files: SpoolFiles, sequence: Sequence, skipsFaults: boolean) {
    this.#folder = folder;
    this.#files = files;
    this.#sequence = sequence;
    this.#skipsFaults = skipsFaults;
  }

  /** Rejects if a folder cannot be read or made usable. Can be repeated by another instance. */
  async run(queueNames: Iterable<string>): Promise<Recovered> {
    const top = await this.#files.list(this.#folder);
    await this.#prepareFolder(top, REJECTED_FOLDER);
    await this.#readRejected();
    const found = top.filter(({ name, type }) => type === 'folder' && isQueueName(name)).map(({ name }) => name);
    for (const name of new Set([...queueNames, ...found])) {
      await this.#prepareFolder(top, name);
      await this.#readQueue(name);
    }
    for (const file of top) await this.#attempt(() => this.#tidy(file));
    this.#rejected.sort((a, b) => a.seq - b.seq);
    return { queues: this.#queues, rejected: this.#rejected, leftovers: this.#leftovers };
  }

  async #prepareFolder(top: readonly FoundFile[], name: string): Promise<void> {
    this.#prepared.add(name);
    if (await prepareFolder(this.#files, this.#folder, top, name)) this.#count('not_a_file');
  }

  /** Deletes links, pipes, and what a crash left of lock and sequence; counts and leaves what is foreign. */
  async #tidy({ name, type }: FoundFile): Promise<void> {
    if (type === 'file' && (name === LOCK_NAME || name === SEQUENCE_NAME)) return;
    if (this.#prepared.has(name) || (type === 'folder' && isQueueName(name))) return;
    const isTemporary = type === 'file' && name.endsWith(TEMPORARY_SUFFIX);
    if (isTemporary || type === 'other') await this.#files.remove(join(this.#folder, name));
    if (!isTemporary) this.#count(type === 'file' ? 'unknown_name' : 'not_a_file');
  }

  async #readQueue(queue: string): Promise<void> {
    const entries: Entry[] = [];
    this.#queues.set(queue, entries);
    const folder = join(this.#folder, queue);
    const temporary: FoundFile[] = [];
    const seqs = new Set<number>();
    for (const file of await this.#files.list(folder)) {
      if (file.name.endsWith(TEMPORARY_SUFFIX)) temporary.push(file);
      else await this.#attempt(() => this.#readPayload(queue, file, entries, seqs));
    }
    for (const file of temporary) await this.#attempt(() => this.#readTemporary(folder, file, entries, seqs));
    entries.sort((a, b) => a.seq - b.seq);
  }

  async #readPayload(queue: string, file: FoundFile, entries: Entry[], seqs: Set<number>): Promise<void> {
    const path = join(this.#folder, queue, file.name);
    const numbers = this.#numbersOf(file.name, PAYLOAD_SUFFIX);
    const bytes = await this.#checkedSize(path, file);
    if (bytes === undefined) return;
    if (!numbers || seqs.has(numbers.seq)) await this.#setAside(queue, path, bytes, 'unknown_name');
    else if (bytes < HEADER_BYTES) await this.#setAside(queue, path, bytes, 'truncated');
    else {
      seqs.add(numbers.seq);
      entries.push(newEntry(numbers, bytes));
    }
  }

  /** A complete one was about to be renamed; on Windows a power cut may also undo the rename. */
  async #readTemporary(folder: string, file: FoundFile, entries: Entry[], seqs: Set<number>): Promise<void> {
    const path = join(folder, file.name);
    const bytes = await this.#checkedSize(path, file);
    if (bytes === undefined) return;
    const numbers = this.#numbersOf(file.name, TEMPORARY_SUFFIX);
    if (!numbers || seqs.has(numbers.seq) || !(await this.#isComplete(path, numbers))) {
      await this.#files.remove(path);
      this.#count('incomplete');
      return;
    }
    await this.#files.rename(path, `${path.slice(0, -TEMPORARY_SUFFIX.length)}${PAYLOAD_SUFFIX}`);
    await this.#files.syncFolder(folder);
    seqs.add(numbers.seq);
    entries.push(newEntry(numbers, bytes));
  }

  async #isComplete(path: string, { count, oldestMs }: PayloadNumbers): Promise<boolean> {
    try {
      const payload = decodePayload(await this.#files.read(path, MAX_FILE_BYTES));
      return payload.count === count && payload.oldestMs === oldestMs;
    } catch (error) {
      if (error instanceof DamagedPayload) return false;
      throw error;
    }
  }

  async #readRejected(): Promise<void> {
    const folder = join(this.#folder, REJECTED_FOLDER);
    for (const file of await this.#files.list(folder)) await this.#attempt(() => this.#readRejectedFile(folder, file));
  }

  async #readRejectedFile(folder: string, file: FoundFile): Promise<void> {
    const bytes = await this.#checkedSize(join(folder, file.name), file);
    if (bytes === undefined) return;
    const parsed = parseRejectedName(file.name);
    if (parsed && this.#sequence.isPlausible(parsed.seq)) this.#sequence.skip(parsed.seq);
    // A foreign file is the first to be deleted.
    this.#rejected.push({ queue: '', seq: 0, count: 0, ...parsed, name: file.name, bytes });
  }

  /** A file that may not be used is counted and left; an error of the disk ends the attempt to open the folder. */
  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'ENOENT') return;
      if (!this.#skipsFaults && !['EACCES', 'EPERM', 'EBUSY'].includes(code)) throw error;
      this.#count('unreadable');
    }
  }

  /** Undefined if the file cannot be used at all, which is counted. */
  async #checkedSize(path: string, { type }: FoundFile): Promise<number | undefined> {
    if (type !== 'file') {
      this.#count('not_a_file');
      if (type === 'other') await this.#files.remove(path);
      return undefined;
    }
    const bytes = await this.#files.sizeOf(path);
    if (bytes === undefined) this.#count('not_a_file');
    if (bytes === undefined || bytes <= MAX_FILE_BYTES) return bytes;
    await this.#files.remove(path);
    this.#count('too_large');
    return undefined;
  }

  #numbersOf(name: string, suffix: string): PayloadNumbers | undefined {
    const numbers = name.endsWith(suffix) ? parsePayloadStem(name.slice(0, -suffix.length)) : undefined;
    if (!numbers || !this.#sequence.isPlausible(numbers.seq)) return undefined;
    this.#sequence.skip(numbers.seq);
    return numbers;
  }

  async #setAside(queue: string, path: string, bytes: number, reason: LeftoverReason): Promise<void> {
    const file = { queue, seq: this.#sequence.next(), count: 0 };
    const name = rejectedName({ ...file, oldestMs: 0 }, queue, reason);
    await this.#files.rename(path, join(this.#folder, REJECTED_FOLDER, name));
    this.#rejected.push({ ...file, name, bytes });
    this.#count(reason);
  }

  #count(reason: LeftoverReason): void {
    this.#leftovers.set(reason, (this.#leftovers.get(reason) ?? 0) + 1);
  }
}
