// The network adapters of the node with their traffic, each frame counted once.
import type { AdapterRecord, InterfaceRecord } from '../../sources/host.ts';
import { CounterGroup, type Marks } from '../counter-group.ts';
import { GrowingCounter } from '../growing-counter.ts';

/** IfType: https://www.iana.org/assignments/ianaiftype-mib */
const ETHERNET = 6;
const WIRELESS = 71;
/** Names of adapters that are not listed any more and keep their totals. */
const MAX_ABSENT = 256;

/** One name of an Ethernet or wireless adapter, with the adapter that has it now. */
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

  /** Identity of the adapter that the counters are of; empty before the first. */
  identity = '';
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

  /** Another adapter has the name now. Without its marks its counters count from zero. */
  replaceAdapter(marks: Marks | undefined): void {
    this.#group.replaceSource(marks);
  }

  updateCounters(record: InterfaceRecord): void {
    this.counted = true;
    this.identity = identityOf(record);
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

  /** Its traffic is reported: no lower adapter counts it. */
  get reportsTraffic(): boolean {
    return this.counted && this.countedBelow.length === 0;
  }
}

/** The adapters by name. */
export class NetworkInterfaces {
  /** Also those that are not listed any more: an adapter that comes back continues its totals. */
  readonly #byName = new Map<string, NetworkInterface>();
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
    // Before any adapter is updated: names may have been exchanged.
    const marks = new Map([...this.#byName.values()].map(({ identity, marks: each }) => [identity, each]));
    marks.delete('');
    const taken = new Set<NetworkInterface>();
    for (const record of records) {
      const adapter = record.filter ? undefined : this.#listed.get(record.name);
      // Two rows of one name would be taken for one counter that restarts each time.
      if (!adapter || taken.has(adapter)) continue;
      taken.add(adapter);
      const identity = identityOf(record);
      const isOther = adapter.identity === '' ? marks.has(identity) : adapter.identity !== identity;
      if (isOther) adapter.replaceAdapter(marks.get(identity));
      adapter.countedBelow = hardwareBelow(record, byIndex);
      adapter.updateCounters(record);
    }
  }

  all(): NetworkInterface[] {
    return [...this.#listed.values()];
  }
}

/** The GUID of an adapter; a tape that lacks it has the index. */
function identityOf({ guid, index }: InterfaceRecord): string {
  return guid ?? `index ${index}`;
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
