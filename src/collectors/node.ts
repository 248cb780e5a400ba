// Metrics of the node itself.
import type { CloudFacts } from '../model/cloud.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const nodeCollector: Collector = {
  name: 'node',
  collect({ model, nodeLabels }, sink) {
    const { identity, uptimeMs } = model.node;
    if (identity) {
      const { hostname, kernelVersion } = identity;
      sink.add(catalogue.nodeInfo, identity, () => ({ ...nodeLabels, hostname, kernel_version: kernelVersion }), 1);
    }
    const cloudLabels = (instance: CloudFacts) => ({
      ...nodeLabels,
      provider: instance.provider,
      account_id: instance.accountId,
      instance_id: instance.instanceId,
      instance_type: instance.instanceType,
      instance_life_cycle: instance.instanceLifeCycle,
      region: instance.region,
      availability_zone: instance.availabilityZone,
      availability_zone_id: instance.availabilityZoneId,
      local_ipv4: instance.localIpv4,
      public_ipv4: instance.publicIpv4,
    });
    sink.add(catalogue.nodeCloudInfo, model.node.cloud.instance, cloudLabels, 1);
    if (uptimeMs !== undefined)
      sink.add(catalogue.nodeUptime, model.node, () => ({ ...nodeLabels }), Math.floor(uptimeMs / 1000));
  },
};
