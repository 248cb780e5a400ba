// Every metric family: name, type, help, labels, unit and condition. docs/metrics.md is generated from this table.
import { agentFamilies } from './families/agent.ts';
import { cloudFamilies } from './families/cloud.ts';
import { containerDiskFamilies } from './families/container-disks.ts';
import { containerFamilies } from './families/containers.ts';
import { deliveryFamilies } from './families/delivery.ts';
import { gpuFamilies } from './families/gpus.ts';
import { logFamilies } from './families/logs.ts';
import { networkFamilies } from './families/network.ts';
import { nodeFamilies } from './families/node.ts';

export type { MetricDefinition } from './families/definition.ts';

/** Names, types, help texts and labels are Coroot's, verbatim; test/collectors/catalogue.test.ts compares them. */
export const catalogue = {
  ...nodeFamilies,
  ...cloudFamilies,
  ...containerFamilies,
  ...containerDiskFamilies,
  ...networkFamilies,
  ...logFamilies,
  ...gpuFamilies,
  ...agentFamilies,
  ...deliveryFamilies,
} as const;
