// Runs the outputs; one that throws affects neither the pass nor the other outputs.
import { reasonOf } from '../base/errors.ts';
import type { Snapshot } from '../collectors/samples.ts';
import type { Output, OutputStatus } from './output.ts';

export interface OutputReport extends OutputStatus {
  readonly name: string;
  readonly failures: number;
  /** Empty after a call that succeeded. */
  readonly lastError: string;
}

interface RunningOutput {
  readonly output: Output;
  failures: number;
  lastError: string;
}

export class Outputs {
  readonly #outputs: readonly RunningOutput[];
  readonly #onFailure: (output: string, error: unknown, isNew: boolean) => void;

  /** `onFailure` is called for each failed call; `isNew` is false while an output repeats the same error. */
  constructor(outputs: readonly Output[], onFailure: (output: string, error: unknown, isNew: boolean) => void) {
    this.#outputs = outputs.map((output) => ({ output, failures: 0, lastError: '' }));
    this.#onFailure = onFailure;
  }

  start(): void {
    for (const each of this.#outputs) this.#attempt(each, (output) => output.start());
  }

  afterPass(snapshot: Snapshot): void {
    for (const each of this.#outputs) this.#attempt(each, (output) => output.afterPass(snapshot));
  }

  /** Resolves to false if an output failed to stop or was not finished in time. */
  async stop(timeoutMs: number): Promise<boolean> {
    const stopped = await Promise.all(
      this.#outputs.map(async (each) => {
        try {
          return await each.output.stop(timeoutMs);
        } catch (error) {
          this.#fail(each, error);
          return false;
        }
      }),
    );
    return stopped.every(Boolean);
  }

  reports(): OutputReport[] {
    return this.#outputs.map(({ output, failures, lastError }) => {
      return { name: output.name, failures, lastError, ...statusOf(output) };
    });
  }

  #attempt(each: RunningOutput, call: (output: Output) => void): void {
    try {
      call(each.output);
      each.lastError = '';
    } catch (error) {
      this.#fail(each, error);
    }
  }

  #fail(each: RunningOutput, error: unknown): void {
    const reason = reasonOf(error);
    const isNew = reason !== each.lastError;
    each.failures++;
    each.lastError = reason;
    this.#onFailure(each.output.name, error, isNew);
  }
}

function statusOf(output: Output): OutputStatus {
  try {
    return output.status();
  } catch (error) {
    return { detail: {}, problem: reasonOf(error) };
  }
}
