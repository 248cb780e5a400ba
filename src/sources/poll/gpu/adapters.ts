// Which GPU of NVML an adapter of Windows is: both have a place on the PCI bus.

import { reasonOf } from '../../../base/errors.ts';
import { ForeignBuffer } from '../../../native/buffer.ts';
import { checkStatus } from '../../../native/check.ts';
import {
  D3DKMT_ADAPTERADDRESS,
  D3DKMT_CLOSEADAPTER_BYTES,
  D3DKMT_OPENADAPTERFROMLUID,
  D3DKMT_QUERYADAPTERINFO,
  D3DKMTCloseAdapter,
  D3DKMTOpenAdapterFromLuid,
  D3DKMTQueryAdapterInfo,
  KMTQAITYPE_ADAPTERADDRESS,
} from '../../../native/d3dkmt.ts';
import { withPointers } from '../../../native/pointers.ts';
import type { CounterInstance, Luid } from './instance-name.ts';
import type { Gpu } from './nvml-devices.ts';

/** Windows reports no PCI domain. */
export interface AdapterAddress {
  readonly bus: number;
  readonly device: number;
}

/** Throws Win32Error. */
export async function readAdapterAddress({ high, low }: Luid): Promise<AdapterAddress> {
  const opened = Buffer.alloc(D3DKMT_OPENADAPTERFROMLUID.size);
  opened.writeUInt32LE(low, D3DKMT_OPENADAPTERFROMLUID.at.LowPart);
  opened.writeUInt32LE(high, D3DKMT_OPENADAPTERFROMLUID.at.HighPart);
  checkStatus('D3DKMTOpenAdapterFromLuid', await D3DKMTOpenAdapterFromLuid(opened));
  const handle = opened.readUInt32LE(D3DKMT_OPENADAPTERFROMLUID.at.hAdapter);
  try {
    const address = Buffer.alloc(D3DKMT_ADAPTERADDRESS.size);
    const query = Buffer.alloc(D3DKMT_QUERYADAPTERINFO.size);
    const { at } = D3DKMT_QUERYADAPTERINFO;
    query.writeUInt32LE(handle, at.hAdapter);
    query.writeInt32LE(KMTQAITYPE_ADAPTERADDRESS, at.Type);
    query.writeUInt32LE(address.length, at.PrivateDriverDataSize);
    const status = await withPointers((setPointer) => {
      setPointer(query, at.pPrivateDriverData, address);
      return D3DKMTQueryAdapterInfo(query);
    });
    checkStatus('D3DKMTQueryAdapterInfo', status);
    const view = new ForeignBuffer(address);
    const { BusNumber, DeviceNumber } = D3DKMT_ADAPTERADDRESS.at;
    return { bus: view.u32(BusNumber), device: view.u32(DeviceNumber) };
  } finally {
    const closed = Buffer.alloc(D3DKMT_CLOSEADAPTER_BYTES);
    closed.writeUInt32LE(handle);
    await D3DKMTCloseAdapter(closed);
  }
}

/** The UUID of the GPU, or why there is none. */
export type Mapped = { readonly uuid: string } | { readonly reason: string };

/** Finds the GPU of an adapter; addresses are read once. */
export class Adapters {
  readonly #read: (luid: Luid) => Promise<AdapterAddress>;
  readonly #addresses = new Map<string, AdapterAddress>();

  constructor(read: (luid: Luid) => Promise<AdapterAddress> = readAdapterAddress) {
    this.#read = read;
  }

  async map({ adapter, luid, physical }: CounterInstance, gpus: readonly Gpu[]): Promise<Mapped> {
    if (physical !== 0) return { reason: 'it is one of several linked GPUs, of which Windows reports one address' };
    let address = this.#addresses.get(adapter);
    if (!address) {
      try {
        address = await this.#read(luid);
      } catch (error) {
        return { reason: `its PCI address cannot be read: ${reasonOf(error)}` };
      }
      this.#addresses.set(adapter, address);
    }
    const { bus, device } = address;
    const there = gpus.filter(({ pci }) => pci?.bus === bus && pci.device === device);
    if (there.length === 1) return { uuid: there[0]!.uuid };
    const shown = `PCI bus ${bus}, device ${device}`;
    if (there.length === 0) return { reason: `it is not a GPU of NVIDIA: ${shown}` };
    return { reason: `several GPUs are at ${shown} of different PCI domains, which Windows does not report` };
  }

  /** Forgets adapters that are gone. */
  keep(adapters: ReadonlySet<string>): void {
    for (const adapter of this.#addresses.keys()) if (!adapters.has(adapter)) this.#addresses.delete(adapter);
  }
}
