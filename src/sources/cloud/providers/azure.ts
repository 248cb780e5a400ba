// Azure: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
import { factsOf, type InstanceReader, jsonObject, member } from '../instance-reader.ts';

export const readAzure: InstanceReader = async (service, base) => {
  const answer = await service.text(`${base}/metadata/instance?api-version=2021-05-01&format=json`, {
    headers: { Metadata: 'True' },
  });
  const instance = jsonObject(answer);
  const compute = member(instance, 'compute');
  const adapter = first(member(member(instance, 'network'), 'interface'));
  const address = first(member(member(adapter, 'ipv4'), 'ipAddress'));
  return factsOf({
    accountId: member(compute, 'subscriptionId'),
    instanceId: member(compute, 'vmId'),
    instanceType: member(compute, 'vmSize'),
    region: member(compute, 'location'),
    availabilityZone: member(compute, 'zone'),
    localIpv4: member(address, 'privateIpAddress'),
    publicIpv4: member(address, 'publicIpAddress'),
  });
};

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);
