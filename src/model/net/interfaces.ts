// The network adapters of the node with their traffic, each frame counted once.

import { CountedSources, CounterGroup, type Marks, type SourceCounts } from '../../base/counter-group.ts';
import { GrowingCounter } from '../../base/growing-counter.ts';
import type { AdapterRecord, InterfaceRecord } from '../../sources/host.ts';

/** IfType: https://www.iana.org/assignments/ianaiftype-mib */
const ETHERNET = 6;
const WIRELESS = 71;
/** Names of adapters that are not listed any more and keep their totals. */
const MAX_ABSENT = 256;

/** One name of an Ethernet or wireless adapter, with the adapter that has it now. */
export class NetworkInterface implements SourceCounts {
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

  /** The adapter that the counters are of; undefined before the first. */
  #adapter: { readonly index: number; readonly guid: string | undefined } | undefined;
  readonly #group = new CounterGroup(
    [
      this.receivedBytes,
      this.receivedPackets,
      this.receivedErrors,
      this.receivedDrops,
      this.transmittedBytes,
      this.transmittedPackets,
      this.transmittedErrors,
      this.transmittedDrops,
    ].map((counter) => ({ counter, bits: 64 })),
  );

  constructor(name: string) {
    this.name = name;
  }

  get marks(): Marks {
    return this.#group.marks;
  }

  /** Another adapter has the name now. */
  replaceSource(marks: Marks | undefined): void {
    this.#group.replaceSource(marks);
  }

  updateCounters(record: InterfaceRecord): void {
    this.counted = true;
    this.#adapter = { index: record.index, guid: this.#guidOf(record) };
    this.#group.add([
      record.receivedBytes,
      record.receivedPackets,
      record.receivedErrors,
      record.receivedDrops,
      record.transmittedBytes,
      record.transmittedPackets,
      record.transmittedErrors,
      record.transmittedDrops,
    ]);
  }

  /**
   * Identity of the adapter in a record of this name: its GUID, or its index in a tape without GUIDs. A record without
   * a GUID is of the same adapter as the last one if it has the same index.
   */
  identityOf(record: InterfaceRecord): string {
    return this.#guidOf(record) ?? `index ${record.index}`;
  }

  #guidOf({ guid, index }: InterfaceRecord): string | undefined {
    return guid?.toLowerCase() ?? (this.#adapter?.index === index ? this.#adapter.guid : undefined);
  }

  /** Its traffic is reported: no lower adapter counts it. */
  get reportsTraffic(): boolean {
    return this.counted && this.countedBelow.length === 0;
  }
}

/** The adapters by name. */
export class NetworkInterfaces {
  /** Also those that are not listed any more: an adapter that comes back continues its totals. */
  readonly #byName = new Map<string, NetworkInterface>();
  /** Adapters by identity: a name may pass to another adapter and back. */
  readonly #adapters = new CountedSources();
  #listed = new Map<string, NetworkInterface>();

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
      // Names that are listed move to the end: the first ones have been absent longest.
      this.#byName.delete(name);
      this.#byName.set(name, adapter);
    }
    this.#listed = next;
    for (const name of this.#byName.keys()) {
      if (this.#byName.size <= next.size + MAX_ABSENT) break;
      this.#byName.delete(name);
    }
  }

  /** Counters of all adapters at once; one without a row keeps what it had. */
  updateCounters(records: readonly InterfaceRecord[]): void {
    const byIndex = new Map(records.map((record) => [record.index, record]));
    const taken = new Set<NetworkInterface>();
    for (const record of records) {
      const adapter = record.filter ? undefined : this.#listed.get(record.name);
      // Two rows of one name would be taken for one counter that restarts each time.
      if (!adapter || taken.has(adapter)) continue;
      taken.add(adapter);
      this.#adapters.assign(adapter.identityOf(record), adapter);
      adapter.countedBelow = hardwareBelow(record, byIndex);
      adapter.updateCounters(record);
    }
    this.#adapters.endReading();
  }

  all(): NetworkInterface[] {
    return [...this.#listed.values()];
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
