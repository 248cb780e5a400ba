// DigitalOcean: https://docs.digitalocean.com/reference/api/metadata/
import { factsOf, type InstanceReader } from '../instance-reader.ts';

export const readDigitalOcean: InstanceReader = async (service, base) => {
  const instanceId = await service.text(`${base}/metadata/v1/id`);
  const region = await service.text(`${base}/metadata/v1/region`);
  // A region has one zone.
  return factsOf({ instanceId, region, availabilityZone: region });
};
