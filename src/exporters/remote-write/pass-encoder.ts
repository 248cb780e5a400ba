// Encodes finished passes one after the other and passes them to the delivery; what it cannot encode is counted.
import { reasonOf } from '../../base/errors.ts';
import type { Snapshot } from '../../collectors/samples.ts';
import type { Payload } from '../payload.ts';

export interface PassEncoderOptions {
  /** Undefined while the machine id is not known. */
  readonly encode: (snapshot: Snapshot) => Promise<Payload | undefined>;
  /** Resolves when the queue has the payload. */
  readonly add: (payload: Payload) => Promise<void>;
  /** Called when passes cannot be encoded, once for each text. */
  readonly onProblem: (text: string) => void;
}

/** Why samples were dropped before they reached the queue. */
export type EncodeDropReason = 'no_machine_id' | 'encode_failed' | 'encoder_busy' | 'stopped';

/** Series of all passes that wait: a tape replayed at full speed brings passes faster than they can be encoded. */
const MAX_WAITING_SERIES = 1_000_000;

export class PassEncoder {
  readonly dropped: Record<EncodeDropReason, number> = {
    no_machine_id: 0,
    encode_failed: 0,
    encoder_busy: 0,
    stopped: 0,
  };
  readonly #options: PassEncoderOptions;
  readonly #waiting: Snapshot[] = [];
  #waitingSeries = 0;
  #working: Promise<void> | undefined;
  #problem = '';

  constructor(options: PassEncoderOptions) {
    this.#options = options;
  }

  /** Why passes are not encoded; empty after one that was. */
  get problem(): string {
    return this.#problem;
  }

  /** Returns at once. The pass is encoded after those before it. */
  add(snapshot: Snapshot): void {
    if (this.#waiting.length > 0 && this.#waitingSeries + snapshot.series > MAX_WAITING_SERIES) {
      this.#drop('encoder_busy', snapshot, 'passes finish faster than they can be encoded');
      return;
    }
    this.#waiting.push(snapshot);
    this.#waitingSeries += snapshot.series;
    this.#working ??= this.#work();
  }

  /** Resolves when every pass is encoded; those that still wait after this time are dropped. */
  async finish(timeoutMs: number): Promise<void> {
    const timeout = setTimeout(() => this.#dropWaiting(), timeoutMs);
    await this.#working;
    clearTimeout(timeout);
  }

  #dropWaiting(): void {
    // The first one is being encoded.
    const late = this.#waiting.splice(1);
    for (const snapshot of late) {
      this.#waitingSeries -= snapshot.series;
      this.#drop('stopped', snapshot, `the agent stopped before ${late.length} passes were encoded`);
    }
  }

  async #work(): Promise<void> {
    for (let snapshot = this.#waiting[0]; snapshot; snapshot = this.#waiting[0]) {
      await this.#encode(snapshot);
      this.#waiting.shift();
      this.#waitingSeries -= snapshot.series;
    }
    this.#working = undefined;
  }

  async #encode(snapshot: Snapshot): Promise<void> {
    try {
      const payload = await this.#options.encode(snapshot);
      if (!payload) return this.#drop('no_machine_id', snapshot, 'the machine id is not known yet');
      await this.#options.add(payload);
      this.#problem = '';
    } catch (error) {
      this.#drop('encode_failed', snapshot, `a pass cannot be encoded: ${reasonOf(error)}`);
    }
  }

  #drop(reason: EncodeDropReason, snapshot: Snapshot, problem: string): void {
    this.dropped[reason] += snapshot.series;
    if (problem !== this.#problem) this.#options.onProblem(problem);
    this.#problem = problem;
  }
}
