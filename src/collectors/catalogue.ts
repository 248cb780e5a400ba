// Every metric family once: name, type, help, labels, unit, and when it is emitted. docs/metrics.md is printed from here.
import { agentFamilies } from './families/agent.ts';
import { containerDiskFamilies } from './families/container-disks.ts';
import { containerFamilies } from './families/containers.ts';
import { networkFamilies } from './families/network.ts';
import { nodeFamilies } from './families/node.ts';

export type { MetricDefinition } from './families/definition.ts';

/** Names, types, help texts and labels are Coroot's, verbatim; a test holds them against its reference. */
export const catalogue = {
  ...nodeFamilies,
  ...containerFamilies,
  ...containerDiskFamilies,
  ...networkFamilies,
  ...agentFamilies,
} as const;
