// Payloads that are not on disk yet, in the order of their arrival, with a limit for their bytes.
import type { Entry, QueueContent } from './queue-content.ts';

export class MemoryBuffer {
  readonly limitBytes: number;
  /** Not dropped, because it is being written. */
  writing: Entry | undefined;
  readonly #entries = new Map<Entry, QueueContent>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** May be iterated while payloads are added and removed. */
  entries(): Iterable<[Entry, QueueContent]> {
    return this.#entries;
  }

  add(entry: Entry, content: QueueContent): void {
    this.#entries.set(entry, content);
    this.#bytes += entry.bytes;
  }

  /** Nothing happens for a payload on disk. */
  delete(entry: Entry): void {
    if (this.#entries.delete(entry)) this.#bytes -= entry.bytes;
  }

  /** The oldest payload to drop while the limit is exceeded; never the last one, nor one in use. */
  excess(): [Entry, QueueContent] | undefined {
    if (this.#bytes <= this.limitBytes) return undefined;
    let left = this.#entries.size;
    for (const [entry, content] of this.#entries) {
      if (left-- === 1) return undefined;
      if (entry !== this.writing && !content.isLent(entry)) return [entry, content];
    }
    return undefined;
  }
}
