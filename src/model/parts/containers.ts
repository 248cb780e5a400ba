// Part of the host model: containers, from discovery to restarts.
import type { Now } from '../clock.ts';
import { locate } from '../containers/container-disk.ts';
import type { Discovery } from '../containers/discovery.ts';
import type { Docker } from '../containers/docker.ts';
import { applyLimits, JobIndex } from '../containers/limits.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import type { UnobservedRestarts } from '../containers/unobserved-restarts.ts';
import type { Node } from '../node.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { ProcessList } from '../processes/process-list.ts';
import { type Available, type Part, partFor } from './part.ts';

export interface ContainerPartContext {
  readonly discovery: Discovery;
  readonly containers: ContainerRegistry;
  readonly restarts: UnobservedRestarts;
  readonly list: ProcessList;
  readonly instances: ProcessInstances;
  readonly node: Node;
  readonly docker: Docker;
  /** Whether a setting excludes a port from the metrics. */
  readonly isExcludedPort: (port: number) => boolean;
}

export function containerPart(context: ContainerPartContext): Part {
  const { discovery, containers, restarts, list, instances, node, docker, isExcludedPort } = context;
  let jobs: JobIndex | undefined;
  return partFor(
    ['services', 'jobs', 'processEvents', 'dockerContainers', 'dockerStats'],
    (observation) => {
      switch (observation.kind) {
        case 'services':
          discovery.services = observation.data;
          break;
        case 'jobs':
          jobs = new JobIndex(observation.data, observation.tMono - observation.seconds * 1000);
          break;
        case 'dockerContainers':
          docker.update(observation.data, timesOf(observation));
          break;
        case 'dockerStats':
          docker.addStats(observation.data, timesOf(observation));
          break;
        case 'processEvents':
          for (const event of observation.data) if (event.type === 'stopped') containers.applyStopEvent(event);
          break;
      }
    },
    {
      tick: {
        discover: (now) => discovery.update((id) => containers.has(id), docker.containers(list, now)),
        merge: (now) => containers.merge(discovery.found, discovery.stopped, list, now),
        describe: () => {
          const all = containers.all();
          locate(all, node.disks.all());
          const processors = node.cpu?.logicalProcessors;
          if (jobs) applyLimits(all, jobs, processors, (pid) => list.jobIdOf(pid));
          docker.describe(all, processors, isExcludedPort);
        },
        // Docker counts the restarts of its containers.
        findRestarts: (now) => {
          const services = containers.all().filter(({ kind }) => kind === 'service');
          restarts.update(services, discovery.services ?? [], instances, now);
        },
      },
    },
  );
}

function timesOf({ tMono, tWall }: Available): Now {
  return { monoMs: tMono, wallMs: tWall };
}
