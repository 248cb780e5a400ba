// Oracle Cloud: https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm
import { factsOf, type InstanceReader, jsonObject, member } from '../instance-reader.ts';

export const readOracle: InstanceReader = async (service, base) => {
  const answer = await service.text(`${base}/opc/v2/instance/`, { headers: { Authorization: 'Bearer Oracle' } });
  const instance = jsonObject(answer);
  const region = member(instance, 'canonicalRegionName');
  // The name before the colon differs between accounts, and so may the number.
  const domain = /-AD-([0-9]+)$/i.exec(String(member(instance, 'availabilityDomain') ?? ''))?.[1];
  return factsOf({
    instanceId: member(instance, 'id'),
    instanceType: member(instance, 'shape'),
    region,
    availabilityZone: typeof region === 'string' && domain !== undefined ? `${region.trim()}-ad-${domain}` : '',
  });
};
