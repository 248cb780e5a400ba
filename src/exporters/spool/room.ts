// Deletes the oldest payloads so that the spool stays within its size limit.
import type { MemoryBuffer } from './memory-buffer.ts';
import type { PayloadStore } from './payload-store.ts';
import type { Entry, QueueContent } from './queue-content.ts';
import type { SizeProblem } from './size-problem.ts';
import { addOne } from './spool-totals.ts';

interface OwnedEntry {
  readonly content: QueueContent;
  readonly entry: Entry;
}

/** Files that cannot be deleted until the disk counts as broken. */
const MAX_DELETE_FAILURES = 3;

export class Room {
  readonly #store: PayloadStore;
  readonly #maxBytes: number;
  readonly #sizeProblem: SizeProblem;
  readonly #contents: () => Iterable<QueueContent>;

  constructor(store: PayloadStore, maxBytes: number, sizeProblem: SizeProblem, contents: () => Iterable<QueueContent>) {
    this.#store = store;
    this.#maxBytes = maxBytes;
    this.#sizeProblem = sizeProblem;
    this.#contents = contents;
  }

  /** Which payloads are lost because of the size limit; empty if none are. */
  get problem(): string {
    return this.#sizeProblem.problem;
  }

  /** Whether a payload is larger than the whole spool: it is sent from memory, and never written. */
  isTooLarge({ bytes }: Entry): boolean {
    return bytes > this.#maxBytes;
  }

  /** If a payload is too large: those of its queue that are too, and are not being sent. Only the newest one waits. */
  replacedBy(newest: Entry, content: QueueContent, memory: MemoryBuffer): Entry[] {
    if (!this.isTooLarge(newest)) return [];
    this.#sizeProblem.reportTooSmall(this.#maxBytes);
    return [...memory.entries()]
      .filter(([entry, owner]) => owner === content && this.isTooLarge(entry) && !content.isLent(entry))
      .map(([entry]) => entry);
  }

  /**
   * Makes room for a file of so many bytes: deletes rejected payloads and then, if allowed, the oldest of all queues.
   * Resolves with false if what is being sent leaves none. Files that cannot be deleted stay; rejects after several.
   */
  async make(bytes: number, from: 'rejected' | 'queues'): Promise<boolean> {
    const undeletable = new Set<Entry>();
    let rejectedFailures = 0;
    let isFull = false;
    while (this.#store.bytes + bytes > this.#maxBytes) {
      const isRejected = this.#store.rejected.length > rejectedFailures;
      const oldest = isRejected || from === 'rejected' ? undefined : this.#oldestOnDisk(undeletable);
      if (oldest || (!isRejected && from === 'queues')) {
        isFull = true;
        this.#sizeProblem.reportFull();
      }
      if (!isRejected && !oldest) return false;
      try {
        if (oldest) await this.#deleteOldest(oldest);
        else await this.#deleteRejected();
      } catch (error) {
        if (oldest) undeletable.add(oldest.entry);
        else rejectedFailures++;
        if (undeletable.size + rejectedFailures > MAX_DELETE_FAILURES) throw error;
      }
    }
    if (!isFull && bytes > 0 && from === 'queues') this.#sizeProblem.end();
    return true;
  }

  async #deleteOldest({ content, entry }: OwnedEntry): Promise<void> {
    await this.#store.delete(content.name, entry);
    content.countDropped(entry, 'spool_full');
  }

  async #deleteRejected(): Promise<void> {
    const rejected = await this.#store.deleteRejected();
    for (const content of this.#contents())
      if (content.name === rejected?.queue) addOne(content.tally.rejectedDropped, 'spool_full', rejected.count);
  }

  #oldestOnDisk(except: ReadonlySet<Entry>): OwnedEntry | undefined {
    let oldest: OwnedEntry | undefined;
    for (const content of this.#contents()) {
      const entry = content.oldestOnDisk(except);
      if (entry && (!oldest || entry.seq < oldest.entry.seq)) oldest = { content, entry };
    }
    return oldest;
  }
}
