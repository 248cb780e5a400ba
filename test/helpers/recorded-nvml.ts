// NVML as a real card answered: replays the calls of a capture, in their order and byte for byte.
import { readFileSync } from 'node:fs';
import type { Nvml } from '../../src/native/nvml.ts';

interface RecordedCall {
  readonly call: string;
  /** `buffer SIZE` for a buffer. */
  readonly args: readonly (string | number | null)[];
  /** What the call left in each buffer, as base64 without zeros at the end. */
  readonly buffers: readonly string[];
  readonly code: number;
}

/** A reading, and what nvidia-smi reported at the same moment, by its column titles. */
export interface Moment {
  readonly name: string;
  readonly nvidiaSmi: {
    readonly gpus: readonly Readonly<Record<string, string>>[];
    readonly processes: readonly Readonly<Record<string, string>>[];
  };
  readonly calls: readonly RecordedCall[];
}

export interface Capture {
  readonly moments: readonly Moment[];
}

/** From scripts/nvml-capture.ts on one NVIDIA H100 80GB HBM3 with driver 580.159.04, Linux, 2026-11-27. */
export const h100 = JSON.parse(readFileSync(new URL('../fixtures/nvml/h100.json', import.meta.url), 'utf8')) as Capture;

/** Throws when a call differs from the recorded one. `next` starts the calls of the next moment. */
export class RecordedNvml {
  #calls: RecordedCall[] = [];

  next({ calls }: Moment): void {
    this.#calls = [...calls];
  }

  get left(): number {
    return this.#calls.length;
  }

  open = (): Nvml => {
    const answer =
      (call: string) =>
      async (...args: unknown[]) => {
        const recorded = this.#calls.shift();
        const shown = args.map((arg) =>
          Buffer.isBuffer(arg) ? `buffer ${arg.length}` : typeof arg === 'bigint' ? String(arg) : arg,
        );
        const expected = `${recorded?.call}(${recorded?.args})`;
        if (`${call}(${shown})` !== expected) throw new Error(`${call}(${shown}) was recorded as ${expected}`);
        const buffers = args.filter((arg) => Buffer.isBuffer(arg));
        for (const [i, bytes] of recorded!.buffers.entries()) buffers[i]!.fill(0).write(bytes, 'base64');
        return recorded!.code;
      };
    const functions = new Proxy({}, { get: (_, call: string) => answer(call) });
    return { functions, unload: () => {} };
  };
}
