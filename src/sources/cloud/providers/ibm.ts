// IBM Cloud VPC: https://cloud.ibm.com/docs/vpc?topic=vpc-imd-about
import { reasonOf } from '../../../base/errors.ts';
import {
  factsOf,
  type InstanceReader,
  jsonObject,
  type MetadataReading,
  member,
  withoutZoneNumber,
} from '../instance-reader.ts';

const VERSION = '?version=2025-04-22';

/** An instance offers HTTP or HTTPS, not both. */
export const readIbm: InstanceReader = async (service, base) => {
  const [from, token] = await tokenFrom(service, [base, base.replace(/^http:/, 'https:')]);
  const answer = await service.text(`${from}/metadata/v1/instance${VERSION}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const instance = jsonObject(answer);
  const zone = member(member(instance, 'zone'), 'name');
  const availabilityZone = typeof zone === 'string' ? zone.trim() : '';
  return factsOf({
    instanceId: member(instance, 'id'),
    instanceType: member(member(instance, 'profile'), 'name'),
    region: withoutZoneNumber(availabilityZone),
    availabilityZone,
  });
};

/** The first of the addresses that gives a token. */
async function tokenFrom(service: MetadataReading, bases: readonly string[]): Promise<[base: string, token: string]> {
  const failures: string[] = [];
  for (const base of bases) {
    try {
      return [base, await tokenOf(service, base)];
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  throw new Error(failures.join('; '));
}

async function tokenOf(service: MetadataReading, base: string): Promise<string> {
  const answer = await service.text(`${base}/instance_identity/v1/token${VERSION}`, {
    method: 'PUT',
    headers: { 'Metadata-Flavor': 'ibm' },
  });
  const token = member(jsonObject(answer), 'access_token');
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new Error('the answer has no access token');
  return token;
}
