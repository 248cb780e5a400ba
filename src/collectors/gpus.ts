// GPUs of the node, and what containers use of them.

import type { Gpu, GpuInfo } from '../model/gpus.ts';
import type { ContainerGpu } from '../model/owner/gpu-use.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';
import type { MetricDefinition } from './families/definition.ts';

export const gpuCollector: Collector = {
  name: 'gpus',
  collect({ model, nodeLabels, selfMetrics }, sink) {
    const infoLabels = ({ uuid, name, driverVersion }: GpuInfo) => {
      return { ...nodeLabels, gpu_uuid: uuid, name, driver_version: driverVersion };
    };
    const labels = ({ uuid }: Gpu) => ({ ...nodeLabels, gpu_uuid: uuid });
    for (const gpu of model.gpus.all()) {
      const { record } = gpu;
      const add = (definition: MetricDefinition, value: number | undefined): void => {
        if (value !== undefined) sink.add(definition, gpu, labels, value);
      };
      sink.add(catalogue.gpuInfo, gpu.info, infoLabels, 1);
      add(catalogue.gpuMemoryTotal, record.memoryTotalBytes);
      add(catalogue.gpuMemoryUsed, record.memoryUsedBytes);
      add(catalogue.gpuTemperature, record.temperatureCelsius);
      add(catalogue.gpuPower, record.powerWatts);
      add(catalogue.gpuUtilizationAverage, record.utilization?.averagePercent);
      add(catalogue.gpuUtilizationPeak, record.utilization?.peakPercent);
      add(catalogue.gpuMemoryUtilizationAverage, record.memoryUtilization?.averagePercent);
      add(catalogue.gpuMemoryUtilizationPeak, record.memoryUtilization?.peakPercent);
    }
    for (const { id, reported, hasListedRoot, gpus } of model.containers.all()) {
      if (!reported || !hasListedRoot) continue;
      const containerLabels = ({ uuid }: ContainerGpu) => ({ ...nodeLabels, container_id: id, gpu_uuid: uuid });
      for (const gpu of gpus.all()) {
        const { usagePercent, memoryPercent } = gpu;
        if (usagePercent !== undefined) sink.add(catalogue.containerGpuUsage, gpu, containerLabels, usagePercent);
        if (memoryPercent !== undefined) sink.add(catalogue.containerGpuMemory, gpu, containerLabels, memoryPercent);
      }
    }
    const failures = model.gpus.record?.callFailures ?? [];
    if (failures.length > 0)
      selfMetrics.setTotals(
        catalogue.selfGpuCallFailures,
        failures.map(({ call, error, count }) => [{ call, error }, count]),
      );
  },
};
