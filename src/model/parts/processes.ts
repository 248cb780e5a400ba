// Part of the host model: process lists, process events, and what exited processes used.

import type { Discovery } from '../containers/discovery.ts';
import type { ContainerRegistry } from '../containers/registry.ts';
import type { Sockets } from '../containers/sockets.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { ProcessList } from '../processes/process-list.ts';
import type { UnattributedCounts } from '../unattributed.ts';
import { type Part, partFor } from './part.ts';

export interface ProcessPartContext {
  readonly list: ProcessList;
  readonly instances: ProcessInstances;
  readonly discovery: Discovery;
  readonly containers: ContainerRegistry;
  readonly sockets: Sockets;
  readonly unattributed: UnattributedCounts;
}

export function processPart(context: ProcessPartContext): Part {
  const { list, instances, discovery, containers, sockets, unattributed } = context;
  /** The lists that usage was based on before the merge of this tick. */
  let { lists } = containers;
  return partFor(
    ['processes', 'processEvents'],
    (observation) => {
      if (observation.kind === 'processEvents') instances.applyEvents(observation.data);
      else {
        const durationMs = observation.seconds * 1000;
        list.set(observation.data, observation.tWall - durationMs, observation.tMono - durationMs);
      }
    },
    {
      tick: {
        countExits: () => {
          lists = containers.lists;
          instances.attributeExited(lists, false);
        },
        listProcesses: () => {
          const { treesByPid, owners } = sockets;
          if (list.index) instances.applyList(list.index, list, treesByPid, (pid) => owners.ofProcess(pid));
        },
        countLateExits: () => {
          const unknown = instances.attributeExited(lists, true);
          unattributed.add('process', discovery.services ? 'unknown_parent' : 'services_unknown', unknown);
        },
        expire: () => {
          instances.expire();
          unattributed.add('process', 'limit_reached', instances.dropped);
          instances.dropped = 0;
        },
      },
    },
  );
}
