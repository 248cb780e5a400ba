// Part of the host model: containers, from discovery to restarts.
import { locate } from '../containers/container-disk.ts';
import type { Discovery } from '../containers/discovery.ts';
import { applyLimits, JobIndex } from '../containers/limits.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import type { UnobservedRestarts } from '../containers/unobserved-restarts.ts';
import type { Node } from '../node.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { type Part, partFor } from './part.ts';

export interface ContainerPartContext {
  readonly discovery: Discovery;
  readonly containers: ContainerRegistry;
  readonly restarts: UnobservedRestarts;
  readonly list: ProcessList;
  readonly instances: ProcessInstances;
  readonly node: Node;
}

export function containerPart(context: ContainerPartContext): Part {
  const { discovery, containers, restarts, list, instances, node } = context;
  let jobs: JobIndex | undefined;
  return partFor(
    ['services', 'jobs', 'processEvents'],
    (observation) => {
      switch (observation.kind) {
        case 'services':
          discovery.services = observation.data;
          break;
        case 'jobs':
          jobs = new JobIndex(observation.data, observation.tMono - observation.seconds * 1000);
          break;
        case 'processEvents':
          for (const event of observation.data) if (event.type === 'stopped') containers.applyStopEvent(event);
          break;
      }
    },
    {
      tick: {
        discover: () => discovery.update((id) => containers.has(id)),
        merge: (now) => containers.merge(discovery.found, discovery.stopped, list, now),
        describe: () => {
          const all = containers.all();
          locate(all, node.disks.all());
          if (jobs) applyLimits(all, jobs, node.cpu?.logicalProcessors, (pid) => list.jobIdOf(pid));
        },
        findRestarts: (now) => restarts.update(containers.all(), discovery.services ?? [], instances, now),
      },
    },
  );
}
