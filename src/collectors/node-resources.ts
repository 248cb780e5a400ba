// Processors and memory of the node.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

const MS_PER_SECOND = 1000;
/** Owners of the three series of processor time. */
const modes = { user: { mode: 'user' }, system: { mode: 'system' }, idle: { mode: 'idle' } };

export const nodeResourcesCollector: Collector = {
  name: 'node-resources',
  collect({ model: { node }, nodeLabels }, sink) {
    const labels = () => nodeLabels;
    if (node.cpu) {
      const { userMs, systemMs, idleMs, logicalProcessors } = node.cpu;
      const ofMode = ({ mode }: { mode: string }) => ({ ...nodeLabels, mode });
      sink.add(catalogue.nodeCpu, modes.user, ofMode, userMs / MS_PER_SECOND);
      sink.add(catalogue.nodeCpu, modes.system, ofMode, systemMs / MS_PER_SECOND);
      sink.add(catalogue.nodeCpu, modes.idle, ofMode, idleMs / MS_PER_SECOND);
      sink.add(catalogue.nodeCores, node, labels, logicalProcessors);
    }
    if (node.memory) {
      sink.add(catalogue.nodeMemoryTotal, node, labels, node.memory.totalBytes);
      sink.add(catalogue.nodeMemoryAvailable, node, labels, node.memory.availableBytes);
      sink.add(catalogue.nodeMemoryFree, node, labels, node.memory.freeBytes);
      sink.add(catalogue.nodeMemoryCached, node, labels, node.memory.cachedBytes);
    }
  },
};
