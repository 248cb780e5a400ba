// The network adapters of the node with their traffic, each frame counted once.
import type { AdapterRecord, InterfaceRecord } from '../../sources/host.ts';
import { GrowingCounter } from '../growing-counter.ts';

/** IfType: https://www.iana.org/assignments/ianaiftype-mib */
const ETHERNET = 6;
const WIRELESS = 71;

/** One Ethernet or wireless adapter. */
export class NetworkInterface {
  readonly name: string;
  up = false;
  addresses: readonly string[] = [];
  /** Indexes of lower adapters that count the same frames; if there are any, its traffic is not reported. */
  countedBelow: readonly number[] = [];
  /** Whether counters were read. */
  counted = false;
  readonly receivedBytes = new GrowingCounter();
  readonly receivedPackets = new GrowingCounter();
  readonly receivedErrors = new GrowingCounter();
  readonly receivedDrops = new GrowingCounter();
  readonly transmittedBytes = new GrowingCounter();
  readonly transmittedPackets = new GrowingCounter();
  readonly transmittedErrors = new GrowingCounter();
  readonly transmittedDrops = new GrowingCounter();

  constructor(name: string) {
    this.name = name;
  }

  updateCounters(record: InterfaceRecord): void {
    this.counted = true;
    this.receivedBytes.add(record.receivedBytes);
    this.receivedPackets.add(record.receivedPackets);
    this.receivedErrors.add(record.receivedErrors);
    this.receivedDrops.add(record.receivedDrops);
    this.transmittedBytes.add(record.transmittedBytes);
    this.transmittedPackets.add(record.transmittedPackets);
    this.transmittedErrors.add(record.transmittedErrors);
    this.transmittedDrops.add(record.transmittedDrops);
  }

  /** Its traffic is reported: no lower adapter counts it. */
  get reportsTraffic(): boolean {
    return this.counted && this.countedBelow.length === 0;
  }
}

/** The adapters by name. */
export class NetworkInterfaces {
  #byName = new Map<string, NetworkInterface>();

  /** Kept are Ethernet and wireless adapters, also those that are down; addresses are as of now. */
  updateAdapters(records: readonly AdapterRecord[]): void {
    const next = new Map<string, NetworkInterface>();
    for (const { name, type, up, addresses } of records) {
      // Names are Windows' own keys; should two adapters have one after all, the first has it.
      if ((type !== ETHERNET && type !== WIRELESS) || next.has(name)) continue;
      const adapter = this.#byName.get(name) ?? new NetworkInterface(name);
      adapter.up = up;
      adapter.addresses = addresses;
      next.set(name, adapter);
    }
    this.#byName = next;
  }

  /** Counters of all adapters at once; one without a row keeps what it had. */
  updateCounters(records: readonly InterfaceRecord[]): void {
    const byIndex = new Map(records.map((record) => [record.index, record]));
    const taken = new Set<NetworkInterface>();
    for (const record of records) {
      const adapter = record.filter ? undefined : this.#byName.get(record.name);
      // Two rows of one name would be taken for one counter that restarts each time.
      if (!adapter || taken.has(adapter)) continue;
      taken.add(adapter);
      adapter.countedBelow = hardwareBelow(record, byIndex);
      adapter.updateCounters(record);
    }
  }

  all(): NetworkInterface[] {
    return [...this.#byName.values()];
  }
}

/**
 * Ethernet and wireless devices under a team or a virtual switch's adapter: every frame that such an adapter sees has
 * passed one of them. An internal switch has none, and its traffic is its own.
 */
function hardwareBelow(record: InterfaceRecord, byIndex: ReadonlyMap<number, InterfaceRecord>): number[] {
  if (record.hardware) return [];
  const seen = new Set<number>([record.index]);
  const queue = [...record.lowerIndexes];
  const found: number[] = [];
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const below = byIndex.get(index);
    if (!below || seen.has(index)) continue;
    seen.add(index);
    if (below.hardware && (below.type === ETHERNET || below.type === WIRELESS)) found.push(index);
    queue.push(...below.lowerIndexes);
  }
  return found.sort((a, b) => a - b);
}
