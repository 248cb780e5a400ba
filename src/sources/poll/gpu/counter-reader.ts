// What processes use of the GPUs that Windows schedules, from performance counters.
import { PART_GRANTS } from '../../grants.ts';
import type { GpuAdapterRecord, GpuProcessKnowledge, GpuProcessRecord, Unavailability } from '../../host.ts';
import { unavailability } from '../../unavailable.ts';
import { Adapters } from './adapters.ts';
import type { CounterValue, CounterValues } from './counter-array.ts';
import { type CounterQuery, PdhQuery } from './counter-query.ts';
import { type AdapterUsage, EngineUsage } from './engine-usage.ts';
import type { CounterInstance } from './instance-name.ts';
import type { Gpu } from './nvml-devices.ts';

export interface CounterReading {
  /** By UUID of the GPU; those of other GPUs are unknown to Windows. */
  readonly byGpu: ReadonlyMap<string, { knowledge: GpuProcessKnowledge; processes: readonly GpuProcessRecord[] }>;
  /** Adapters that are no GPU of NVML, with the reason. */
  readonly otherAdapters: readonly GpuAdapterRecord[];
  readonly problems: readonly Unavailability[];
}

export interface CounterReaderOptions {
  readonly now: () => number;
  /** Replaced by tests. */
  readonly query?: CounterQuery;
  readonly adapters?: Adapters;
}

const WHAT = 'use of GPUs by processes';

export class CounterReader {
  readonly #now: () => number;
  readonly #query: CounterQuery;
  readonly #adapters: Adapters;
  readonly #usage = new EngineUsage();

  constructor({ now, query = new PdhQuery(), adapters = new Adapters() }: CounterReaderOptions) {
    this.#now = now;
    this.#query = query;
    this.#adapters = adapters;
  }

  /** The call that has not returned yet. */
  get running(): string | undefined {
    return this.#query.running;
  }

  /** Every failure is part of the result. */
  async read(gpus: readonly Gpu[]): Promise<CounterReading> {
    const problems: Unavailability[] = [];
    const report = (what: string, error: unknown): void => {
      problems.push(unavailability(what, error, PART_GRANTS.gpuProcesses));
    };
    try {
      const collected = await this.#query.collect();
      const readAtMs = this.#now();
      const valuesOf = (what: string, found: CounterValues | { readonly error: unknown }) => {
        if ('error' in found) report(what, found.error);
        else if (found.invalid > 0) report(what, new Error(`${found.invalid} instances of the counter are not valid`));
        return 'error' in found ? undefined : found.values;
      };
      const running = valuesOf('running time of GPU engines', collected.runningTime);
      const memory = valuesOf('GPU memory of processes', collected.processMemory);
      // Only a limit for the memory of processes: it is not missed.
      const adapterMemory = 'error' in collected.adapterMemory ? [] : collected.adapterMemory.values;
      const usage = running && this.#usage.update(running, readAtMs);
      const instances = adapterInstances([...(running ?? []), ...(memory ?? []), ...adapterMemory]);
      this.#adapters.keep(new Set(instances.keys()));
      const byGpu: Map<string, { knowledge: GpuProcessKnowledge; processes: GpuProcessRecord[] }> = new Map();
      const otherAdapters: GpuAdapterRecord[] = [];
      for (const [adapter, instance] of instances) {
        const byPid = joinProcesses(adapter, usage, memory, adapterMemory);
        const mapped = await this.#adapters.map(instance, gpus);
        if ('reason' in mapped) {
          otherAdapters.push({ luid: adapter, reason: mapped.reason, processes: byPid.size });
          continue;
        }
        const processes = [...byPid].map(([pid, values]) => ({ pid, gpu: mapped.uuid, ...values }));
        const knowledge = {
          source: 'performance counters' as const,
          usage: usage !== undefined,
          memory: memory !== undefined,
        };
        byGpu.set(mapped.uuid, { knowledge, processes });
      }
      for (const { uuid, index, isWddm } of gpus)
        if (isWddm && !byGpu.has(uuid))
          report(`use of GPU ${index} by processes`, new Error('no adapter of Windows is at its PCI address'));
      return { byGpu, otherAdapters, problems };
    } catch (error) {
      report(WHAT, error);
      return { byGpu: new Map(), otherAdapters: [], problems };
    }
  }
}

/** One instance of each adapter. */
function adapterInstances(values: readonly CounterValue[]): Map<string, CounterInstance> {
  return new Map(values.map(({ instance }) => [instance.adapter, instance]));
}

/** Use and memory of each process on an adapter. */
function joinProcesses(
  adapter: string,
  usage: AdapterUsage | undefined,
  memory: readonly CounterValue[] | undefined,
  adapterMemory: readonly CounterValue[],
): Map<number, { usagePercent?: number; memoryBytes?: number }> {
  const on = (values: readonly CounterValue[]) => values.filter(({ instance }) => instance.adapter === adapter);
  const limits = on(adapterMemory).map(({ value }) => value);
  // Some builds of Windows report more for a process than the adapter has in use.
  const limit = limits.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...limits);
  const byPid = new Map<number, { usagePercent?: number; memoryBytes?: number }>();
  for (const { instance, value } of on(memory ?? []))
    if (instance.pid !== undefined) byPid.set(instance.pid, { memoryBytes: Math.min(value, limit) });
  for (const [pid, usagePercent] of usage?.get(adapter) ?? []) byPid.set(pid, { ...byPid.get(pid), usagePercent });
  if (usage) for (const values of byPid.values()) values.usagePercent ??= 0;
  return byPid;
}
