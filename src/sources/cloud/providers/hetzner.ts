// Hetzner Cloud: https://docs.hetzner.cloud/reference/cloud#description/server-metadata
import { factsOf, type InstanceReader } from '../instance-reader.ts';

export const readHetzner: InstanceReader = async (service, base) => {
  const values = topLevelValues(await service.text(`${base}/hetzner/v1/metadata`));
  return factsOf({
    instanceId: values.get('instance-id'),
    region: values.get('region'),
    availabilityZone: values.get('availability-zone'),
    localIpv4: values.get('local-ipv4'),
    publicIpv4: values.get('public-ipv4'),
  });
};

/** One line of YAML at the top level with a plain or quoted text; nested and continued lines begin with a space. */
const line = /^([a-z][a-z0-9-]*):[ \t]+(?:'([^']*)'|"([^"\\]*)"|([^\s'"&*!|>%@`#[{][^#]*?))[ \t]*(?:#.*)?$/;

function topLevelValues(yaml: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const each of yaml.split(/\r?\n/)) {
    const [, name, ...forms] = line.exec(each) ?? [];
    const value = forms.find((form) => form !== undefined);
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}
