// The instance of a cloud, as its metadata service describes it.
import { id } from '../../redaction/rules.ts';
import { type Field, oneOf, text, textBy } from './field.ts';
import { optional, type RecordOf, record } from './record.ts';

/** Names of providers, as Coroot has them. */
export const CLOUD_PROVIDERS = [
  'AWS',
  'GCP',
  'Azure',
  'Hetzner',
  'DigitalOcean',
  'Alibaba',
  'Scaleway',
  'IBM',
  'Oracle',
] as const;

const fields = {
  provider: oneOf(...CLOUD_PROVIDERS),
  accountId: optional(textBy(id)),
  /** A text: some ids are above 2^53. */
  instanceId: optional(textBy(id)),
  instanceType: optional(text),
  /** `on-demand`, `spot` or `preemptible`. */
  instanceLifeCycle: optional(text),
  region: optional(text),
  availabilityZone: optional(text),
  availabilityZoneId: optional(text),
  localIpv4: optional(text),
  publicIpv4: optional(text),
};

/** What is absent is unknown, or the provider does not have it. */
export interface CloudInstance extends RecordOf<typeof fields> {}
export const cloudInstance: Field<CloudInstance> = record(fields);
