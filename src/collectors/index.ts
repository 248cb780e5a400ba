// The list of collectors that a pass runs.
import { agentInfoCollector } from './agent-info.ts';
import type { Collector } from './collector.ts';
import { connectionCollector } from './connections.ts';
import { containerDiskCollector } from './container-disks.ts';
import { containerCollector } from './containers.ts';
import { dnsCollector } from './dns.ts';
import { eventSessionCollector } from './event-session.ts';
import { gpuCollector } from './gpus.ts';
import { logCollector } from './logs.ts';
import { nodeCollector } from './node.ts';
import { nodeDiskCollector } from './node-disks.ts';
import { nodeNetworkCollector } from './node-network.ts';
import { nodeResourcesCollector } from './node-resources.ts';
import { unattributedCollector } from './unattributed.ts';

export const collectors: readonly Collector[] = [
  nodeCollector,
  nodeResourcesCollector,
  nodeDiskCollector,
  nodeNetworkCollector,
  agentInfoCollector,
  containerCollector,
  containerDiskCollector,
  connectionCollector,
  eventSessionCollector,
  logCollector,
  dnsCollector,
  gpuCollector,
  unattributedCollector,
];
