// The version of the agent.
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const agentInfoCollector: Collector = {
  name: 'agent-info',
  collect({ model, agentVersion, nodeLabels }, sink) {
    sink.add(catalogue.agentInfo, model, () => ({ ...nodeLabels, version: agentVersion }), 1);
  },
};
