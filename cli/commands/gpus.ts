// `coroot-agent gpus`: the GPUs of the machine, with the processes and containers that use them.
import type { Command } from 'commander';
import type { GpuAdapterView, GpuProcessView, GpusAnswer, GpuView } from '../../src/api/resources/gpus.ts';
import { matcher } from '../../src/base/wildcard.ts';
import { addClientOptions, addWideOption, clientFor, type Io, type WideCommandOptions } from '../client-options.ts';
import { formatBytes, formatTime } from '../format.ts';
import { checkNames, missingNames, requireNames } from '../names.ts';
import { type Column, printJson, printLine, printTable } from '../output.ts';

const percent = (value: number): string => `${value.toFixed(1)} %`;

const gpuColumns: Column<GpuView>[] = [
  { title: 'GPU', value: ({ index }) => String(index), align: 'right' },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'BUSY', value: (gpu) => (gpu.hasUtilization ? percent(gpu.utilizationPercent) : ''), align: 'right' },
  { title: 'PEAK', value: (gpu) => (gpu.hasUtilization ? percent(gpu.peakUtilizationPercent) : ''), align: 'right' },
  {
    title: 'MEMORY BUSY',
    value: (gpu) => (gpu.hasMemoryUtilization ? percent(gpu.memoryUtilizationPercent) : ''),
    align: 'right',
  },
  {
    title: 'MEMORY USED',
    value: ({ memoryTotalBytes, memoryUsedBytes }) => (memoryTotalBytes === 0 ? '' : formatBytes(memoryUsedBytes)),
    align: 'right',
  },
  {
    title: 'MEMORY',
    value: ({ memoryTotalBytes }) => (memoryTotalBytes === 0 ? '' : formatBytes(memoryTotalBytes)),
    align: 'right',
  },
  { title: 'TEMP', value: (gpu) => (gpu.hasTemperature ? `${gpu.temperatureCelsius} °C` : ''), align: 'right' },
  { title: 'POWER', value: (gpu) => (gpu.hasPower ? `${gpu.powerWatts.toFixed(1)} W` : ''), align: 'right' },
];

const wideColumns: Column<GpuView>[] = [
  { title: 'PCI', value: ({ pciAddress }) => pciAddress },
  { title: 'PROCESSES BY', value: ({ processSource }) => processSource || 'unknown' },
  { title: 'UUID', value: ({ uuid }) => uuid },
];

const processColumns: Column<GpuProcessView & { readonly gpu: number }>[] = [
  { title: 'GPU', value: ({ gpu }) => String(gpu), align: 'right' },
  { title: 'PID', value: ({ pid }) => String(pid), align: 'right' },
  { title: 'PROCESS', value: ({ name }) => name },
  { title: 'CONTAINER', value: ({ containerIds }) => containerIds.join(' ') },
  { title: 'USE', value: (each) => (each.hasUsage ? percent(each.usagePercent) : ''), align: 'right' },
  { title: 'MEMORY', value: (each) => (each.hasMemory ? formatBytes(each.memoryBytes) : ''), align: 'right' },
];

const adapterColumns: Column<GpuAdapterView>[] = [
  { title: 'OTHER ADAPTER', value: ({ luid }) => luid },
  { title: 'PROCESSES', value: ({ processes }) => String(processes), align: 'right' },
  { title: 'REASON', value: ({ reason }) => reason },
];

export function addGpusCommand(program: Command, io: Io): void {
  const command = program
    .command('gpus')
    .description('list the GPUs of NVIDIA, with the processes and containers that use them')
    .argument('[gpu...]', 'names, UUIDs or numbers of GPUs, with * and ?');
  addWideOption(addClientOptions(command)).action(async (names: string[], options: WideCommandOptions) => {
    checkNames(names);
    const answer = await clientFor(options, io).gpus();
    const matches = matcher(names);
    const gpus = answer.gpus.filter(({ name, uuid, index }) => [name, uuid, String(index)].some(matches));
    const known = answer.gpus.flatMap(({ name, uuid, index }) => [name, uuid, String(index)]);
    const missing = missingNames(names, known);
    if (options.output === 'json') {
      printJson(io.out, gpus);
      requireNames('GPU', missing);
      return;
    }
    const state = stateText(answer);
    if (state) printLine(io.out, state);
    if (gpus.length > 0) printGpus(answer, gpus, options, io);
    requireNames('GPU', missing);
  });
}

function printGpus(answer: GpusAnswer, gpus: readonly GpuView[], options: WideCommandOptions, io: Io): void {
  printTable(io.out, [...gpuColumns, ...(options.wide ? wideColumns : [])], gpus);
  const processes = gpus.flatMap((gpu) => gpu.processes.map((each) => ({ ...each, gpu: gpu.index })));
  if (processes.length > 0) {
    printLine(io.out, '');
    printTable(io.out, processColumns, processes);
  }
  if (options.wide && answer.otherAdapters.length > 0) {
    printLine(io.out, '');
    printTable(io.out, adapterColumns, answer.otherAdapters);
  }
}

/** Empty while everything works. */
function stateText({ state, reason, sinceMs, nextAttemptAtMs, gpus }: GpusAnswer): string {
  if (state === 'off')
    return 'GPUs are not read: it is disabled, blocked, or about to begin; see `coroot-agent status`.';
  if (state === 'running') return gpus.length === 0 ? 'The NVIDIA driver lists no GPU.' : '';
  const next = nextAttemptAtMs === 0 ? '' : `, next attempt at ${formatTime(nextAttemptAtMs)}`;
  return `${state} since ${formatTime(sinceMs)}${next}: ${reason}`;
}
