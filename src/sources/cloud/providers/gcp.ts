// Google Compute Engine: https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys
import { factsOf, type InstanceReader } from '../instance-reader.ts';

const HEADERS = { 'Metadata-Flavor': 'Google' };
const INTERFACE = 'instance/network-interfaces/0';

export const readGcp: InstanceReader = async (service, base) => {
  const read = (path: string): Promise<string> =>
    service.textOrEmpty(`${base}/computeMetadata/v1/${path}`, { headers: HEADERS });
  const accountId = await service.text(`${base}/computeMetadata/v1/project/project-id`, { headers: HEADERS });
  const availabilityZone = lastPart(await read('instance/zone'));
  const preemptible = (await read('instance/scheduling/preemptible')).toLowerCase();
  return factsOf({
    accountId,
    instanceId: await read('instance/id'),
    instanceType: lastPart(await read('instance/machine-type')),
    instanceLifeCycle: { true: 'preemptible', false: 'on-demand' }[preemptible],
    // The zones of a region have its name and a letter.
    region: availabilityZone.replace(/-[^-]*$/, ''),
    availabilityZone,
    localIpv4: await read(`${INTERFACE}/ip`),
    publicIpv4: await read(`${INTERFACE}/access-configs/0/external-ip`),
  });
};

/** `e2-medium` for `projects/1/machineTypes/e2-medium`. */
function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
