// Part of the host model: GPUs, and what containers use of them.
import type { ContainerRegistry } from '../containers/registry.ts';
import type { Gpus } from '../gpus.ts';
import { type Part, partFor } from './part.ts';

export interface GpuPartContext {
  readonly gpus: Gpus;
  readonly containers: ContainerRegistry;
}

export function gpuPart({ gpus, containers }: GpuPartContext): Part {
  return partFor(['gpus'], ({ data }) => gpus.update(data), {
    fail: () => gpus.clear(),
    tick: {
      gpu: () => {
        for (const container of containers.all()) container.gpus.update(gpus.useBy(container.pids));
      },
    },
  });
}
