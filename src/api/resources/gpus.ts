// GET /api/v1/gpus: the GPUs of the machine, with the processes and containers that use them.
import type { Gpu } from '../../model/gpus.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { GpuProcessRecord } from '../../sources/host.ts';
import {
  boolean,
  choice,
  containerId,
  integer,
  list,
  number,
  observedAtMs,
  record,
  type Static,
  text,
} from '../fields.ts';
import { resource } from '../resource.ts';

const processSchema = record({
  pid: integer('Process id.'),
  name: text('text', 'Image name; empty for a process that is not in the last process list.'),
  containerIds: list(containerId('Id of the container.'), 'Containers that the process belongs to.'),
  hasUsage: boolean('Whether its use is known.'),
  usagePercent: number(
    'Share of the time since the last reading in which it used the GPU, in percent; 0 when unknown.',
  ),
  hasMemory: boolean('Whether its memory is known.'),
  memoryBytes: number('Dedicated memory of the GPU, in bytes; 0 when unknown.'),
});
export type GpuProcessView = Static<typeof processSchema>;

const gpuSchema = record({
  uuid: text('id', 'UUID by NVML; for a GPU without one `PCI-` and its address.'),
  index: integer("Position in the driver's list."),
  name: text('text', 'Product name; empty when unknown.'),
  pciAddress: text('text', 'Address as `domain:bus:device.function`; empty when unknown.'),
  memoryTotalBytes: number('Memory, in bytes; 0 when unknown.'),
  memoryUsedBytes: number('Memory in use with what the driver reserves, in bytes; 0 when unknown.'),
  hasTemperature: boolean('Whether the temperature is known.'),
  temperatureCelsius: number('Temperature, in degrees Celsius; 0 when unknown.'),
  hasPower: boolean('Whether the power is known.'),
  powerWatts: number('Power, in watts; 0 when unknown.'),
  hasUtilization: boolean('Whether the utilization is known.'),
  utilizationPercent: number('Mean share of the time since the last reading in which a kernel ran; 0 when unknown.'),
  peakUtilizationPercent: number('Highest sample of it; 0 when unknown.'),
  hasMemoryUtilization: boolean('Whether the utilization of the memory is known.'),
  memoryUtilizationPercent: number('Mean share of the time in which its memory was read or written; 0 when unknown.'),
  peakMemoryUtilizationPercent: number('Highest sample of it; 0 when unknown.'),
  samples: integer('Samples since the last reading; 0 when the driver keeps none, and the values are instant ones.'),
  processSource: choice(
    ['driver', 'performance counters', ''],
    '`driver`: NVML reports the processes. `performance counters`: Windows schedules the GPU and reports them. Empty ' +
      'when nothing is known about them.',
  ),
  processes: list(processSchema, 'Processes that use it.'),
});
export type GpuView = Static<typeof gpuSchema>;

const adapterSchema = record({
  luid: text('text', 'Number of the adapter until Windows restarts.'),
  reason: text('text', 'Why it is not in the list of GPUs.'),
  processes: integer('Processes that use it.'),
});
export type GpuAdapterView = Static<typeof adapterSchema>;

const gpusSchema = record(
  {
    observedAtMs,
    state: choice(
      ['off', 'absent', 'retrying', 'partial', 'running'],
      '`off`: not read: it is disabled, blocked, or about to begin. `absent`: no NVIDIA driver is installed. ' +
        '`retrying`: its library cannot be used. `partial`: a GPU does not answer.',
    ),
    reason: text('text', 'Why it is `absent`, `retrying` or `partial`; else empty.'),
    sinceMs: number('Start of the state, in milliseconds since 1970; 0 when it is `off`.'),
    nextAttemptAtMs: number('Next attempt, in milliseconds since 1970; 0 when none is planned.'),
    driverVersion: text('text', 'Version of the driver; empty when unknown.'),
    gpus: list(gpuSchema, 'GPUs of NVIDIA.'),
    otherAdapters: list(adapterSchema, 'Graphics adapters of Windows that are not among the GPUs.'),
    callFailures: list(
      record({
        call: text('text', 'Function of NVML.'),
        error: text('text', 'Name of its return code.'),
        count: integer('Failures since the agent started.'),
      }),
      'Calls that failed.',
    ),
  },
  'The GPUs.',
);
export type GpusAnswer = Static<typeof gpusSchema>;

export const gpus = resource({
  path: '/api/v1/gpus',
  summary: 'GPUs with memory, temperature, power and utilization, and the processes and containers that use them.',
  answer: gpusSchema,
  view: ({ model }) => gpusView(model),
});

function gpusView(model: HostModel): GpusAnswer {
  const { record: reading } = model.gpus;
  const processView = processViews(model);
  return {
    observedAtMs: model.nowMs,
    state: reading?.state ?? 'off',
    reason: reading?.reason ?? '',
    sinceMs: reading?.sinceMs ?? 0,
    nextAttemptAtMs: reading?.nextAttemptAtMs ?? 0,
    driverVersion: reading?.driverVersion ?? '',
    gpus: model.gpus.all().map((gpu) => gpuView(gpu, model.gpus.processesOf(gpu.uuid).map(processView))),
    otherAdapters: (reading?.otherAdapters ?? []).map((each) => ({ ...each })),
    callFailures: (reading?.callFailures ?? []).map((each) => ({ ...each })),
  };
}

function gpuView({ uuid, record: now }: Gpu, processes: GpuProcessView[]): GpuView {
  const { utilization, memoryUtilization } = now;
  return {
    uuid,
    index: now.index,
    name: now.name,
    pciAddress: now.pciAddress ?? '',
    memoryTotalBytes: now.memoryTotalBytes ?? 0,
    memoryUsedBytes: now.memoryUsedBytes ?? 0,
    hasTemperature: now.temperatureCelsius !== undefined,
    temperatureCelsius: now.temperatureCelsius ?? 0,
    hasPower: now.powerWatts !== undefined,
    powerWatts: now.powerWatts ?? 0,
    hasUtilization: utilization !== undefined,
    utilizationPercent: utilization?.averagePercent ?? 0,
    peakUtilizationPercent: utilization?.peakPercent ?? 0,
    hasMemoryUtilization: memoryUtilization !== undefined,
    memoryUtilizationPercent: memoryUtilization?.averagePercent ?? 0,
    peakMemoryUtilizationPercent: memoryUtilization?.peakPercent ?? 0,
    samples: utilization?.samples ?? 0,
    processSource: now.processes?.source ?? '',
    processes,
  };
}

function processViews({ processes: table, containers }: HostModel): (process: GpuProcessRecord) => GpuProcessView {
  const containersByPid = containers.treesByPid();
  const names = new Map<number, string>();
  for (let row = 0; table && row < table.count; row++) names.set(table.pid[row]!, table.name[row]!);
  return ({ pid, usagePercent, memoryBytes }) => ({
    pid,
    name: names.get(pid) ?? '',
    containerIds: (containersByPid.get(pid) ?? []).map(({ id }) => id),
    hasUsage: usagePercent !== undefined,
    usagePercent: usagePercent ?? 0,
    hasMemory: memoryBytes !== undefined,
    memoryBytes: memoryBytes ?? 0,
  });
}
