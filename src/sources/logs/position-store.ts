// Stores positions of log streams after the records before them were stored, at most once a second.
import { reasonOf } from '../../base/errors.ts';
import type { LogPositions } from './contracts.ts';

/** Least time between two writes. */
const WRITE_MS = 1000;

export interface PositionStoreOptions {
  /** Positions of the last run. */
  readonly positions: LogPositions;
  readonly write: (positions: LogPositions) => Promise<void>;
  /** Resolves when all records that were passed on so far are stored. */
  readonly stored: () => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
}

export class PositionStore {
  /** Why the last write failed. */
  problem: string | undefined;
  readonly #options: PositionStoreOptions;
  /** What the next write stores. */
  readonly #positions: Map<string, string>;
  #hasChanged = false;
  #running: Promise<void> | undefined;
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(options: PositionStoreOptions) {
    this.#options = options;
    this.#positions = new Map(Object.entries(options.positions));
  }

  /** Positions behind records that were passed on. */
  add(positions: LogPositions): void {
    for (const [key, position] of Object.entries(positions)) {
      if (position === '') this.#positions.delete(key);
      else this.#positions.set(key, position);
      this.#hasChanged = true;
    }
    if (this.#hasChanged && !this.#isClosed) this.#running ??= this.#run();
  }

  /** Resolves when all positions are stored, or their write has failed. Nothing is added afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closed.resolve();
    await this.#running;
    if (this.#hasChanged) await this.#write();
  }

  async #run(): Promise<void> {
    while (this.#hasChanged && !this.#isClosed) {
      await this.#write();
      if (!this.#isClosed) await Promise.race([this.#options.sleep(WRITE_MS), this.#closed.promise]);
    }
    this.#running = undefined;
  }

  /** Later positions, which are added during the wait, belong to records that may not be stored yet. */
  async #write(): Promise<void> {
    const { stored, write } = this.#options;
    const positions = Object.fromEntries(this.#positions);
    this.#hasChanged = false;
    await stored();
    try {
      await write(positions);
      this.problem = undefined;
    } catch (error) {
      this.problem = `positions of logs cannot be stored: ${reasonOf(error)}`;
      this.#hasChanged = true;
    }
  }
}
