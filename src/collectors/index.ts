// The one list of collectors.
import { agentInfoCollector } from './agent-info.ts';
import type { Collector } from './collector.ts';
import { connectionCollector } from './connections.ts';
import { containerCollector } from './containers.ts';
import { nodeCollector } from './node.ts';

export const collectors: readonly Collector[] = [nodeCollector, agentInfoCollector, containerCollector, connectionCollector];
