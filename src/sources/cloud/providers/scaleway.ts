// Scaleway: https://www.scaleway.com/en/docs/instances/how-to/use-cloud-init/
import { factsOf, type InstanceReader, withoutZoneNumber } from '../instance-reader.ts';

export const readScaleway: InstanceReader = async (service, base) => {
  const values = new Map<string, string>();
  for (const line of (await service.text(`${base}/conf`)).split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1));
  }
  const availabilityZone = values.get('ZONE')?.trim() ?? '';
  return factsOf({
    instanceId: values.get('ID'),
    instanceType: values.get('COMMERCIAL_TYPE'),
    region: withoutZoneNumber(availabilityZone),
    availabilityZone,
  });
};
