// The spool: queues of payloads on disk with one size limit, and in memory while the disk does not take them.
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../base/monotonic.ts';
import type { Payload } from '../payload.ts';
import { DiskHealth } from './disk-health.ts';
import { MemoryBuffer } from './memory-buffer.ts';
import { DamagedPayload, HEADER_BYTES, withStorableNumbers } from './payload-file.ts';
import type { QueuedPayload, QueueLimits } from './payload-queue.ts';
import { PayloadStore } from './payload-store.ts';
import { bodyBytes, type Entry, newEntry, QueueContent } from './queue-content.ts';
import { isQueueName, MAX_FILE_BYTES } from './recovery.ts';
import { Room } from './room.ts';
import { SizeProblem } from './size-problem.ts';
import { diskFiles } from './spool-files.ts';
import type { SpoolOptions, SpoolStatus } from './spool-options.ts';
import { SpoolQueue } from './spool-queue.ts';
import { addOne, DAMAGED, type DropReason, type LeftoverReason } from './spool-totals.ts';

const MEMORY_BYTES = 16 * 1024 * 1024;
/** A file is set aside after this many failed attempts to read it. */
const MAX_READ_FAILURES = 5;
/** Numbers of payloads until the folder has been read; they are replaced then, and none is on disk. */
const PROVISIONAL = 8_500_000_000_000_000;
/** The process lacks something, the file is not to blame. */
const RESOURCE_CODES = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** Operations on the disk run one after the other; none of the methods rejects. */
export class Spool {
  readonly #store: PayloadStore;
  readonly #queues = new Map<string, SpoolQueue>();
  readonly #memory: MemoryBuffer;
  readonly #health: DiskHealth;
  readonly #room: Room;
  #provisional = PROVISIONAL;
  #leftovers: ReadonlyMap<LeftoverReason, number> = new Map();
  #isOpen = false;
  #isClosed = false;
  #tail: Promise<unknown> = Promise.resolve();

  /** Returns at once; the folder is read in the background. */
  constructor(options: SpoolOptions) {
    const { folder, maxBytes, memoryBytes = MEMORY_BYTES, files = diskFiles, log = () => {} } = options;
    const clock = options.clock ?? { monotonicMs, pause: (ms) => sleep(ms) };
    this.#memory = new MemoryBuffer(memoryBytes);
    this.#health = new DiskHealth(folder, memoryBytes, () => clock.monotonicMs(), log);
    this.#store = new PayloadStore(folder, files, (ms) => clock.pause(ms));
    const sizeProblem = new SizeProblem(folder, () => clock.monotonicMs(), log);
    this.#room = new Room(this.#store, maxBytes, sizeProblem, () => this.queues().map(({ content }) => content));
    void this.#run(() => this.#flush());
  }

  /** The queue of a destination: lower-case letters, digits and underscores. Always the same for a name. */
  queue(name: string): SpoolQueue {
    if (!isQueueName(name)) throw new Error(`"${name}" is no name of a queue`);
    return this.#queueOf(name);
  }

  /** All queues, also those that are only on disk. */
  queues(): readonly SpoolQueue[] {
    return [...this.#queues.values()];
  }

  status(): SpoolStatus {
    return {
      problem: this.#health.problem(this.#store.discardError) || this.#room.problem,
      isOpen: this.#isOpen,
      diskBytes: this.#store.bytes,
      memoryBytes: this.#memory.bytes,
      rejectedPayloads: this.#store.rejected.length,
      leftovers: this.#leftovers,
    };
  }

  /** Writes what is in memory if the disk takes it, counts the rest as dropped, and releases the folder. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#health.retryNow();
    await this.#run(() => this.#flush());
    await this.#run(async () => {
      for (const [entry, content] of this.#memory.entries()) {
        this.#drop(content, entry, this.#health.fault?.reason ?? 'closed');
        await this.#store.discard(content.name, [entry]);
      }
      await this.#store.close();
    });
  }

  #queueOf(name: string): SpoolQueue {
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new SpoolQueue(new QueueContent(name), {
        append: (content, payload) => this.#append(content, payload),
        first: (content, limits) => this.#first(content, limits),
        remove: (content, seqs) => this.#remove(content, seqs),
        setAside: (content, seq, reason) => this.#setAside(content, seq, reason),
      });
      this.#queues.set(name, queue);
    }
    return queue;
  }

  async #append(content: QueueContent, given: Payload): Promise<void> {
    const payload = withStorableNumbers(given);
    const bytes = HEADER_BYTES + payload.body.length;
    if (this.#isClosed) return content.countRefused(payload.count, 'closed');
    if (bytes > MAX_FILE_BYTES) return content.countRefused(payload.count, 'too_large');
    const seq = this.#isOpen ? this.#store.sequence.next() : this.#provisional++;
    const entry = newEntry({ seq, count: payload.count, oldestMs: payload.oldestMs }, bytes, payload);
    for (const old of this.#room.replacedBy(entry, content, this.#memory)) this.#drop(content, old, 'spool_full');
    content.append(entry);
    this.#memory.add(entry, content);
    for (let excess = this.#memory.excess(); excess; excess = this.#memory.excess()) this.#dropExcess(...excess);
    await this.#run(() => this.#flush());
  }

  #dropExcess(entry: Entry, content: QueueContent): void {
    this.#drop(content, entry, this.#health.fault?.reason ?? 'disk_slow');
    // What a failed write left is deleted later.
    if (entry.mayHaveFile) void this.#run(() => this.#store.discard(content.name, [entry]));
  }

  #drop(content: QueueContent, entry: Entry, reason: DropReason): void {
    content.countDropped(entry, reason);
    this.#memory.delete(entry);
  }

  /** Opens the folder if it is not open, and writes what is in memory. */
  async #flush(): Promise<void> {
    if (!this.#health.mayTry()) return;
    try {
      if (!this.#isOpen) await this.#open();
      await this.#store.deleteDiscarded();
      for (const [entry, content] of this.#memory.entries()) await this.#write(content, entry);
    } catch (error) {
      this.#health.reportFault(error);
      return;
    }
    this.#health.reportSuccess();
  }

  async #open(): Promise<void> {
    const { queues, leftovers } = await this.#store.open(this.#queues.keys());
    this.#isOpen = true;
    this.#leftovers = leftovers;
    for (const [name, entries] of queues) this.#queueOf(name).content.recover(entries);
    for (const [entry] of this.#memory.entries()) entry.seq = this.#store.sequence.next();
    await this.#room.make(0, 'queues');
  }

  async #write(content: QueueContent, entry: Entry): Promise<void> {
    if (!entry.payload || this.#room.isTooLarge(entry)) return;
    this.#memory.writing = entry;
    try {
      if (!(await this.#room.make(entry.bytes, 'queues'))) {
        // What is being sent from memory stays there.
        if (content.isLent(entry)) return;
        this.#drop(content, entry, 'spool_full');
        await this.#store.discard(content.name, [entry]);
        return;
      }
      await this.#store.write(content.name, entry, entry.payload);
      this.#memory.delete(entry);
    } finally {
      this.#memory.writing = undefined;
    }
  }

  async #first(content: QueueContent, limits: QueueLimits): Promise<readonly QueuedPayload[]> {
    const found: QueuedPayload[] = [];
    await this.#run(async () => {
      if (this.#health.fault) await this.#flush();
      content.beginFirst();
      let bytes = 0;
      for (let at = 0; found.length < limits.maxPayloads; ) {
        const entry = content.at(at);
        if (!entry || (found.length > 0 && bytes + bodyBytes(entry) > limits.maxBytes)) return;
        const payload = entry.payload ?? (await this.#read(content, entry));
        if (payload === 'later') return;
        if (payload === 'gone') continue;
        content.lend(entry);
        found.push({ seq: entry.seq, payload });
        bytes += bodyBytes(entry);
        at++;
      }
    });
    return found;
  }

  /** Reads a file; one that cannot be read is counted and is in the queue no more. */
  async #read(content: QueueContent, entry: Entry): Promise<Payload | 'later' | 'gone'> {
    try {
      return await this.#store.read(content.name, entry);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isDamaged = error instanceof DamagedPayload;
      if (code === 'ENOENT') {
        content.countDropped(entry, 'missing');
        await this.#store.discard(content.name, [entry]);
        return 'gone';
      }
      if (!isDamaged && (RESOURCE_CODES.has(code) || ++entry.readFailures < MAX_READ_FAILURES)) return 'later';
      await this.#reject(content, entry, DAMAGED);
      return 'gone';
    }
  }

  async #remove(content: QueueContent, seqs: readonly number[]): Promise<void> {
    await this.#run(async () => {
      const entries = [...new Set(seqs)].map((seq) => content.find(seq)).filter((entry) => entry !== undefined);
      for (const entry of entries) {
        content.countRemoved(entry);
        this.#memory.delete(entry);
      }
      await this.#store.discard(content.name, entries);
    });
  }

  async #setAside(content: QueueContent, seq: number, reason: string): Promise<void> {
    await this.#run(async () => {
      const entry = content.find(seq);
      if (entry) await this.#reject(content, entry, reason);
    });
  }

  async #reject(content: QueueContent, entry: Entry, reason: string): Promise<void> {
    content.countSetAside(entry, reason);
    this.#memory.delete(entry);
    let lost: DropReason | undefined;
    try {
      if (!entry.payload) return await this.#store.moveToRejected(content.name, entry, reason);
      if (!this.#isOpen || this.#health.fault) lost = this.#health.fault?.reason ?? 'disk_error';
      else if (!(await this.#room.make(entry.bytes, 'rejected'))) lost = 'spool_full';
      else await this.#store.writeRejected(content.name, entry, entry.payload, reason);
    } catch (error) {
      lost = this.#health.faultOf(error).reason;
    }
    if (lost) addOne(content.tally.rejectedDropped, lost, entry.count);
    await this.#store.discard(content.name, [entry]);
  }

  /** Runs after all operations before it. */
  #run(operation: () => Promise<void>): Promise<void> {
    const result = this.#tail
      .then(() => this.#health.watch(operation))
      .catch((error: unknown) => this.#health.reportFault(error));
    this.#tail = result;
    return result;
  }
}
