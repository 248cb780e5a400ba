// The metadata service of each provider.
import type { Provider } from '../detect.ts';
import type { InstanceReader } from '../instance-reader.ts';
import { readAlibaba } from './alibaba.ts';
import { readAws } from './aws.ts';
import { readAzure } from './azure.ts';
import { readDigitalOcean } from './digitalocean.ts';
import { readGcp } from './gcp.ts';
import { readHetzner } from './hetzner.ts';
import { readIbm } from './ibm.ts';
import { readOracle } from './oracle.ts';
import { readScaleway } from './scaleway.ts';

const LINK_LOCAL = 'http://169.254.169.254';

export interface MetadataService {
  readonly base: string;
  readonly read: InstanceReader;
}

export const metadataServices: Readonly<Record<Provider, MetadataService>> = {
  AWS: { base: LINK_LOCAL, read: readAws },
  GCP: { base: LINK_LOCAL, read: readGcp },
  Azure: { base: LINK_LOCAL, read: readAzure },
  Hetzner: { base: LINK_LOCAL, read: readHetzner },
  DigitalOcean: { base: LINK_LOCAL, read: readDigitalOcean },
  Alibaba: { base: 'http://100.100.100.200', read: readAlibaba },
  Scaleway: { base: 'http://169.254.42.42', read: readScaleway },
  IBM: { base: 'http://api.metadata.cloud.ibm.com', read: readIbm },
  Oracle: { base: LINK_LOCAL, read: readOracle },
};
