// Families about GPUs of the node, and about what containers use of them.
import { containerLive, type MetricDefinition } from './definition.ts';

const labels = ['gpu_uuid'] as const;
const listed = 'each GPU that the NVIDIA driver library lists, unless GPU monitoring is disabled';
const sampled = 'over the samples of the driver since the last reading; the instant value if it keeps no samples';
const used = `${containerLive}; each GPU that it has used once, while the use by processes can be read`;

export const gpuFamilies = {
  gpuInfo: {
    name: 'node_gpu_info',
    type: 'gauge',
    help: 'Meta information about the GPU',
    labels: ['gpu_uuid', 'name', 'driver_version'],
    scope: 'node',
    unit: 'info',
    emittedWhen: listed,
  },
  gpuMemoryTotal: {
    name: 'node_resources_gpu_memory_total_bytes',
    type: 'gauge',
    help: 'Total memory available on the GPU in bytes',
    labels,
    scope: 'node',
    unit: 'bytes',
    emittedWhen: `${listed}; its memory could be read`,
  },
  gpuMemoryUsed: {
    name: 'node_resources_gpu_memory_used_bytes',
    type: 'gauge',
    help: 'GPU memory currently in use in bytes',
    labels,
    scope: 'node',
    unit: 'bytes',
    emittedWhen: `${listed}; its memory could be read; includes what the driver reserves`,
  },
  gpuTemperature: {
    name: 'node_resources_gpu_temperature_celsius',
    type: 'gauge',
    help: 'Current temperature of the GPU in Celsius',
    labels,
    scope: 'node',
    unit: 'celsius',
    emittedWhen: `${listed}; its temperature could be read`,
  },
  gpuPower: {
    name: 'node_resources_gpu_power_usage_watts',
    type: 'gauge',
    help: 'Current power usage of the GPU in watts',
    labels,
    scope: 'node',
    unit: 'watts',
    emittedWhen: `${listed}; its power could be read`,
  },
  gpuUtilizationAverage: {
    name: 'node_resources_gpu_utilization_percent_avg',
    type: 'gauge',
    help: 'Average GPU core utilization (percentage) over the collection interval',
    labels,
    scope: 'node',
    unit: 'percent',
    emittedWhen: `${listed}; ${sampled}`,
  },
  gpuUtilizationPeak: {
    name: 'node_resources_gpu_utilization_percent_peak',
    type: 'gauge',
    help: 'Peak GPU core utilization (percentage) over the collection interval',
    labels,
    scope: 'node',
    unit: 'percent',
    emittedWhen: `${listed}; ${sampled}`,
  },
  gpuMemoryUtilizationAverage: {
    name: 'node_resources_gpu_memory_utilization_percent_avg',
    type: 'gauge',
    help: 'Average GPU memory utilization (percentage) over the collection interval',
    labels,
    scope: 'node',
    unit: 'percent',
    emittedWhen: `${listed}; time in which memory was read or written, ${sampled}`,
  },
  gpuMemoryUtilizationPeak: {
    name: 'node_resources_gpu_memory_utilization_percent_peak',
    type: 'gauge',
    help: 'Peak GPU memory utilization (percentage) over the collection interval',
    labels,
    scope: 'node',
    unit: 'percent',
    emittedWhen: `${listed}; time in which memory was read or written, ${sampled}`,
  },
  containerGpuUsage: {
    name: 'container_resources_gpu_usage_percent',
    type: 'gauge',
    help: 'Percent of GPU compute resources used by the container',
    labels,
    scope: 'container',
    unit: 'percent',
    emittedWhen: `${used}; the sum over its processes, of each the busiest engine`,
  },
  containerGpuMemory: {
    name: 'container_resources_gpu_memory_usage_percent',
    type: 'gauge',
    help: 'Percent of GPU memory used by the container',
    labels,
    scope: 'container',
    unit: 'percent',
    emittedWhen: `${used}; the dedicated memory of its processes`,
  },
} as const satisfies Record<string, MetricDefinition>;
