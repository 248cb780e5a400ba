// Part of the host model: the node.
import type { Node } from '../node.ts';
import { type Part, partFor } from './part.ts';

export function nodePart(node: Node): Part {
  return partFor(['identity', 'system', 'adapters', 'cpu', 'memory', 'disks', 'interfaces', 'cloud'], (observation) => {
    switch (observation.kind) {
      case 'identity':
        node.updateIdentity(observation.data, (observation.degraded ?? []).length === 0);
        break;
      case 'system':
        node.uptimeMs = observation.data.uptimeMs;
        break;
      case 'adapters':
        node.updateAdapters(observation.data);
        break;
      case 'cpu':
        node.updateCpu(observation.data);
        break;
      case 'memory':
        node.memory = observation.data;
        break;
      case 'disks':
        node.disks.update(observation.data, observation.tMono - observation.seconds * 1000);
        break;
      case 'cloud':
        node.cloud.update(observation.data);
        break;
      case 'interfaces':
        node.interfaces.updateCounters(observation.data);
        break;
    }
  });
}
