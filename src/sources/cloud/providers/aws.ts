// Amazon EC2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
import { factsOf, type InstanceReader, jsonObject, member } from '../instance-reader.ts';

const TOKEN_SECONDS = '21600';

export const readAws: InstanceReader = async (service, base) => {
  const token = await service.text(`${base}/latest/api/token`, {
    method: 'PUT',
    headers: { 'X-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS },
  });
  const headers = { 'X-aws-ec2-metadata-token': token.trim() };
  const read = (path: string): Promise<string> => service.textOrEmpty(`${base}/latest/meta-data/${path}`, { headers });
  const account = await read('identity-credentials/ec2/info');
  return factsOf({
    accountId: accountOf(account, service.failures),
    instanceId: await read('instance-id'),
    instanceType: await read('instance-type'),
    instanceLifeCycle: await read('instance-life-cycle'),
    region: await read('placement/region'),
    availabilityZone: await read('placement/availability-zone'),
    availabilityZoneId: await read('placement/availability-zone-id'),
    localIpv4: await read('local-ipv4'),
    publicIpv4: await read('public-ipv4'),
  });
};

/** The account id in a JSON object; adds why it is missing. */
function accountOf(info: string, failures: string[]): unknown {
  if (info === '') return '';
  try {
    return member(jsonObject(info), 'AccountId');
  } catch {
    failures.push('the identity document is not JSON');
    return '';
  }
}
