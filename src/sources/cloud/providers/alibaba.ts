// Alibaba Cloud: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
import { factsOf, type InstanceReader, type MetadataReading } from '../instance-reader.ts';
import { StatusError } from '../metadata-client.ts';

const TOKEN_SECONDS = '21600';

export const readAlibaba: InstanceReader = async (service, base) => {
  const headers = await tokenHeaders(service, base);
  const read = (path: string): Promise<string> => service.textOrEmpty(`${base}/latest/meta-data/${path}`, { headers });
  return factsOf({
    accountId: await read('owner-account-id'),
    instanceId: (await service.text(`${base}/latest/meta-data/instance-id`, { headers })).trim(),
    instanceType: await read('instance/instance-type'),
    region: await read('region-id'),
    availabilityZone: await read('zone-id'),
    localIpv4: await read('private-ipv4'),
    publicIpv4: await read('eipv4'),
  });
};

/** An instance in the hardened mode refuses requests without a token; older ones have no tokens. */
async function tokenHeaders(service: MetadataReading, base: string): Promise<Record<string, string>> {
  try {
    const token = await service.text(`${base}/latest/api/token`, {
      method: 'PUT',
      headers: { 'X-aliyun-ecs-metadata-token-ttl-seconds': TOKEN_SECONDS },
    });
    return { 'X-aliyun-ecs-metadata-token': token.trim() };
  } catch (error) {
    if (error instanceof StatusError) return {};
    throw error;
  }
}
