// The waits of the logs worker on a real thread.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Acknowledgement } from '../acknowledgement.ts';
import type { Activity } from '../activity.ts';
import { waitForSignals } from './signal-wait.ts';
import type { LoopWaits } from './worker-loop.ts';

/** `wake` ends the present wait, unless it is for signals: that lasts at most its timeout. */
export class ThreadWaits implements LoopWaits {
  readonly #acknowledgement: Acknowledgement;
  readonly #activity: Activity;
  #wake: () => void = () => {};

  constructor(acknowledgement: Acknowledgement, activity: Activity) {
    this.#acknowledgement = acknowledgement;
    this.#activity = activity;
  }

  wake(): void {
    this.#wake();
  }

  async yield(): Promise<void> {
    await nextTurn();
  }

  async signals(signals: readonly bigint[], timeoutMs: number): Promise<void> {
    const waited =
      signals.length > 0 && this.#activity.during('WaitForMultipleObjects', () => waitForSignals(signals, timeoutMs));
    await (waited ? nextTurn() : this.#sleep(timeoutMs));
  }

  async acknowledgement(seq: number, timeoutMs: number): Promise<void> {
    await Promise.race([this.#acknowledgement.changed(seq, timeoutMs), this.#sleep(timeoutMs)]);
    this.#wake();
  }

  #sleep(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
