// Keeps NVML in use: loads it when a driver is installed, and again after the driver stopped or a GPU was lost.

import { reasonOf } from '../../../base/errors.ts';
import { NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE, type Nvml, openNvml } from '../../../native/nvml.ts';
import { Backoff } from '../../backoff.ts';
import { PART_GRANTS } from '../../grants.ts';
import type { GpuProcessRecord, GpuRecord, GpusRecord, Unavailability } from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { CallFailures, isDeviceLost, NvmlCalls, needsNewLibrary } from './nvml-calls.ts';
import { cText, type FoundGpus, findGpus, type Gpu, readCount } from './nvml-devices.ts';
import { findNvml, nvmlPaths } from './nvml-path.ts';
import { gatherSamples, readGpu } from './nvml-values.ts';

/** NVML may list a GPU that was added only after a new initialisation. */
const REFRESH_MS = 600_000;

export interface NvmlReaderOptions {
  readonly clock: { monotonicMs(): number; wallMs(): number };
  /** Replaced by tests. */
  readonly find?: () => string | undefined;
  readonly open?: (path: string) => Nvml;
}

export interface NvmlReading {
  readonly record: GpusRecord;
  /** The GPUs with their handles, for the mapping to adapters. */
  readonly gpus: readonly Gpu[];
  readonly problems: readonly Unavailability[];
}

/** The library between nvmlInit and nvmlShutdown. */
interface Session {
  readonly nvml: Nvml;
  readonly calls: NvmlCalls;
  readonly driverVersion: string;
  readonly startedAtMs: number;
  found: FoundGpus;
  /** When to initialise again, on the monotonic clock. */
  refreshAtMs: number;
  /** The refresh is an attempt to use a GPU that was lost. */
  retrying: boolean;
}

export class NvmlReader {
  readonly #options: NvmlReaderOptions;
  readonly #failures = new CallFailures();
  readonly #backoff = new Backoff();
  #session: Session | undefined;
  #calls: NvmlCalls | undefined;
  #busy: Promise<unknown> | undefined;
  #state: GpusRecord['state'] = 'absent';
  #reason = '';
  #sinceMs = 0;
  /** On the monotonic clock. */
  #nextAttemptAtMs = 0;

  constructor(options: NvmlReaderOptions) {
    this.#options = options;
  }

  /** The call that has not returned yet. */
  get running(): string | undefined {
    return this.#calls?.running;
  }

  /** Gathers samples that the driver does not keep until the next reading; does nothing while another call runs. */
  async sample(): Promise<void> {
    if (this.#busy) return;
    this.#busy = this.#gather();
    await this.#busy;
    this.#busy = undefined;
  }

  /** One reading at a time. Every failure is part of the result. */
  async read(): Promise<NvmlReading> {
    await this.#busy;
    const reading = this.#read();
    this.#busy = reading;
    try {
      return await reading;
    } finally {
      this.#busy = undefined;
    }
  }

  /** The next reading reports errors. */
  async #gather(): Promise<void> {
    const { calls, found } = this.#session ?? {};
    if (!calls) return;
    for (const gpu of found?.gpus ?? []) await gatherSamples(calls, gpu).catch(() => {});
  }

  async #read(): Promise<NvmlReading> {
    const now = this.#options.clock.monotonicMs();
    if (this.#session && now >= this.#session.refreshAtMs) await this.#close(this.#session);
    if (!this.#session && now >= this.#nextAttemptAtMs) await this.#open(now);
    if (!this.#session) return this.#result([], [], this.#problems());
    try {
      return await this.#readGpus(this.#session, now);
    } catch (error) {
      const ranMs = now - this.#session.startedAtMs;
      await this.#close(this.#session);
      this.#fail('retrying', reasonOf(error), ranMs);
      return this.#result([], [], this.#problems());
    }
  }

  async #open(now: number): Promise<void> {
    const { find = findNvml, open = openNvml } = this.#options;
    const path = find();
    if (path === undefined) {
      this.#fail('absent', `no NVIDIA driver is installed: there is no ${nvmlPaths().join(' and no ')}`, 0);
      return;
    }
    let nvml: Nvml | undefined;
    let initialised: NvmlCalls | undefined;
    try {
      nvml = open(path);
      const calls = new NvmlCalls(nvml.functions, this.#failures);
      this.#calls = calls;
      await calls.call('nvmlInit_v2', []);
      initialised = calls;
      const driverVersion = await readDriverVersion(calls);
      const found = await findGpus(calls);
      this.#session = { nvml, calls, driverVersion, startedAtMs: now, found, refreshAtMs: 0, retrying: false };
      this.#planRefresh(this.#session, now, found.lost);
    } catch (error) {
      if (nvml) await release(nvml, initialised);
      this.#fail('retrying', reasonOf(error), 0);
    }
  }

  async #readGpus(session: Session, now: number): Promise<NvmlReading> {
    const { calls } = session;
    // A GPU was added or removed.
    if ((await readCount(calls)) !== session.found.count) session.found = await findGpus(calls);
    const records: GpuRecord[] = [];
    const processes: GpuProcessRecord[] = [];
    const problems = [...session.found.problems];
    let { lost } = session.found;
    for (const gpu of session.found.gpus) {
      try {
        const reading = await readGpu(calls, gpu);
        records.push(reading.record);
        problems.push(...reading.problems);
        processes.push(...reading.processes);
      } catch (error) {
        if (needsNewLibrary(error)) throw error;
        lost ||= isDeviceLost(error);
        problems.push(unavailability(`GPU ${gpu.index}`, error, PART_GRANTS.gpu));
      }
    }
    if (lost && !session.retrying) this.#planRefresh(session, now, true);
    const first = problems.find(({ part }) => /^GPU \d+$/.test(part));
    if (lost) this.#enter('partial', `${first?.part}: ${first?.reason}`);
    else this.#enter('running', '');
    return this.#result(records, processes, problems);
  }

  /** A lost GPU may come back with a new initialisation, which takes longer from attempt to attempt. */
  #planRefresh(session: Session, now: number, lost: boolean): void {
    session.retrying = lost;
    session.refreshAtMs = now + (lost ? this.#backoff.next(now - session.startedAtMs) : REFRESH_MS);
  }

  async #close(session: Session): Promise<void> {
    this.#session = undefined;
    await release(session.nvml, session.calls);
  }

  #fail(state: 'absent' | 'retrying', reason: string, ranMs: number): void {
    this.#nextAttemptAtMs = this.#options.clock.monotonicMs() + this.#backoff.next(ranMs);
    this.#enter(state, reason);
  }

  #enter(state: GpusRecord['state'], reason: string): void {
    if (state !== this.#state || this.#sinceMs === 0) this.#sinceMs = this.#options.clock.wallMs();
    this.#state = state;
    this.#reason = reason;
  }

  /** A machine without a driver has no problem. */
  #problems(): Unavailability[] {
    if (this.#state !== 'retrying') return [];
    return [unavailability('NVIDIA driver library', new Error(this.#reason), PART_GRANTS.gpuLibrary)];
  }

  #result(gpus: GpuRecord[], processes: GpuProcessRecord[], problems: readonly Unavailability[]): NvmlReading {
    const session = this.#session;
    const next = session ? (session.retrying ? session.refreshAtMs : undefined) : this.#nextAttemptAtMs;
    const { clock } = this.#options;
    const record = {
      state: this.#state,
      reason: this.#reason,
      sinceMs: this.#sinceMs,
      ...(next === undefined ? {} : { nextAttemptAtMs: clock.wallMs() + Math.max(0, next - clock.monotonicMs()) }),
      driverVersion: session?.driverVersion ?? '',
      gpus,
      processes,
      callFailures: this.#failures.all(),
      otherAdapters: [],
    };
    return { record, gpus: session?.found.gpus ?? [], problems };
  }
}

async function readDriverVersion(calls: NvmlCalls): Promise<string> {
  const version = Buffer.alloc(NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE);
  try {
    await calls.call('nvmlSystemGetDriverVersion', [version, version.length]);
    return cText(version);
  } catch (error) {
    if (needsNewLibrary(error)) throw error;
    return '';
  }
}

/** An error of nvmlShutdown changes nothing: the library is unloaded, so that an installer can replace the file. */
async function release(nvml: Nvml, initialised: NvmlCalls | undefined): Promise<void> {
  await initialised?.call('nvmlShutdown', []).catch(() => {});
  nvml.unload();
}
