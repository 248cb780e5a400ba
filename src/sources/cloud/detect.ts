// Recognises the cloud that a machine runs in by the texts of its firmware.
import type { CloudInstance } from '../host.ts';
import type { Firmware } from './firmware.ts';

export type Provider = CloudInstance['provider'];

export interface Detection {
  readonly provider: Provider;
  /** False where a machine outside of the cloud has the same texts: the metadata service decides. */
  readonly certain: boolean;
}

/** The asset tag of Azure machines, "MSFT AZURE VM" as pairs of decimal character codes in reverse. */
const AZURE_ASSET_TAG = '7783-7084-3265-9085-8269-3286-77';

/**
 * Undefined outside of the known clouds. A virtual machine of Hyper-V has the texts of Azure except for the asset tag,
 * and a random UUID begins with `ec2` once in 4,096 machines.
 */
export function detectCloud(firmware: Firmware): Detection | undefined {
  const { systemManufacturer, boardManufacturer, chassisManufacturer, chassisAssetTag } = firmware;
  const certain = (provider: Provider): Detection => ({ provider, certain: true });
  const makers = [systemManufacturer, boardManufacturer];
  if (isAws(firmware)) return certain('AWS');
  if (makers.includes('Google')) return certain('GCP');
  if (chassisAssetTag === AZURE_ASSET_TAG) return certain('Azure');
  if (makers.includes('DigitalOcean')) return certain('DigitalOcean');
  if (systemManufacturer === 'Hetzner') return certain('Hetzner');
  if (systemManufacturer === 'Alibaba Cloud') return certain('Alibaba');
  if (systemManufacturer === 'Scaleway') return certain('Scaleway');
  if ([systemManufacturer, chassisManufacturer].some((maker) => maker.startsWith('IBM:Cloud Compute Server')))
    return certain('IBM');
  if ([systemManufacturer, chassisAssetTag].includes('OracleCloud.com')) return certain('Oracle');
  const mayBeAzure =
    !firmware.hasChassis &&
    systemManufacturer === 'Microsoft Corporation' &&
    firmware.systemProduct === 'Virtual Machine';
  return mayBeAzure ? { provider: 'Azure', certain: false } : undefined;
}

/** Machines on Xen have no other text of Amazon than those of a version. */
function isAws(firmware: Firmware): boolean {
  const { systemManufacturer, boardManufacturer, chassisManufacturer, systemUuid, systemSerial } = firmware;
  if ([systemManufacturer, boardManufacturer, chassisManufacturer].includes('Amazon EC2')) return true;
  // Firmware has the first field in either byte order.
  const hasPrefix = /^(?:ec2|.{4}2.ec)/.test(systemUuid);
  const secondSign =
    /amazon/i.test(firmware.biosVersion) ||
    /amazon/i.test(firmware.systemVersion) ||
    systemSerial.toLowerCase().startsWith('ec2');
  return hasPrefix && secondSign;
}
