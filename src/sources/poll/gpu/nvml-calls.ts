// Calls of one loaded NVML: checked, counted by error, and named while they run.
import type { NvmlFunctions } from '../../../native/nvml.ts';
import {
  NVML_ERROR_DRIVER_NOT_LOADED,
  NVML_ERROR_FUNCTION_NOT_FOUND,
  NVML_ERROR_GPU_IS_LOST,
  NVML_ERROR_LIB_RM_VERSION_MISMATCH,
  NVML_ERROR_RESET_REQUIRED,
  NVML_ERROR_UNINITIALIZED,
  NVML_SUCCESS,
  NvmlError,
  nvmlErrorName,
} from '../../../native/nvml-error.ts';
import type { GpuCallFailureRecord } from '../../host.ts';

/** Failed calls by function and error. They outlive the library, which may be loaded again. */
export class CallFailures {
  readonly #counts = new Map<string, { call: string; error: string; count: number }>();

  add(call: string, error: string, count = 1): void {
    const key = `${call} ${error}`;
    const known = this.#counts.get(key);
    if (known) known.count += count;
    else this.#counts.set(key, { call, error, count });
  }

  all(): GpuCallFailureRecord[] {
    return [...this.#counts.values()].map((each) => ({ ...each }));
  }
}

type Name = keyof NvmlFunctions;

export class NvmlCalls {
  readonly #functions: Partial<NvmlFunctions>;
  readonly #failures: CallFailures;
  #running: string | undefined;

  constructor(functions: Partial<NvmlFunctions>, failures: CallFailures) {
    this.#functions = functions;
    this.#failures = failures;
  }

  /** The call that has not returned yet. */
  get running(): string | undefined {
    return this.#running;
  }

  /** Whether the library exports the function. */
  has(name: Name): boolean {
    return this.#functions[name] !== undefined;
  }

  /** The first of these that the library exports, or the last one, whose call then fails. */
  firstOf<N extends Name>(names: readonly [N, ...N[]]): N {
    return names.find((name) => this.has(name)) ?? names.at(-1)!;
  }

  /** Returns NVML_SUCCESS or one of the `expected` codes; any other code is counted and thrown as NvmlError. */
  async call<N extends Name>(
    name: N,
    args: Parameters<NvmlFunctions[N]>,
    expected: readonly number[] = [],
  ): Promise<number> {
    const run = this.#functions[name] as ((...args: unknown[]) => Promise<number>) | undefined;
    this.#running = name;
    const code = run ? await run(...args) : NVML_ERROR_FUNCTION_NOT_FOUND;
    this.#running = undefined;
    if (code === NVML_SUCCESS || expected.includes(code)) return code;
    this.#failures.add(name, nvmlErrorName(code));
    throw new NvmlError(name, code);
  }

  /** Counts values of a call that were left out, because they are outside of their range. */
  countInvalid(name: Name, values: number): void {
    if (values > 0) this.#failures.add(name, 'value out of range', values);
  }
}

const endings: ReadonlySet<number> = new Set([
  NVML_ERROR_UNINITIALIZED,
  NVML_ERROR_DRIVER_NOT_LOADED,
  NVML_ERROR_LIB_RM_VERSION_MISMATCH,
]);

/** The driver was stopped or replaced: the library must be loaded and initialised again. */
export function needsNewLibrary(error: unknown): boolean {
  return error instanceof NvmlError && endings.has(error.code);
}

/** The device does not answer any more; a new initialisation may find it again. */
export function isDeviceLost(error: unknown): boolean {
  return (
    error instanceof NvmlError && (error.code === NVML_ERROR_GPU_IS_LOST || error.code === NVML_ERROR_RESET_REQUIRED)
  );
}

/** The value, or the error of a call that the GPU can be used without. */
export async function attempt<T>(read: () => Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (needsNewLibrary(error) || isDeviceLost(error)) throw error;
    return { error };
  }
}
