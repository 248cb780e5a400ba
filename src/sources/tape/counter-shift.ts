// Shifts the counters of each further pass of a looped tape, so that they continue where the pass before ended.
import type { DiskRecord, InterfaceRecord, Observation, ProcessTable } from '../host.ts';

const CPU = ['userMs', 'systemMs', 'idleMs'] as const;
const PROCESS = [
  'userMs',
  'kernelMs',
  'reads',
  'writes',
  'readBytes',
  'writtenBytes',
  'pageFaults',
  'hardFaults',
  'cycles',
  'diskReads',
  'diskWrites',
  'diskReadBytes',
  'diskWrittenBytes',
] as const;
const DISK = [
  'reads',
  'writes',
  'readBytes',
  'writtenBytes',
  'readMs',
  'writeMs',
  'idleMs',
  'queryMs',
] as const satisfies readonly (keyof NonNullable<DiskRecord['counters']>)[];
const INTERFACE = [
  'receivedBytes',
  'receivedPackets',
  'receivedErrors',
  'receivedDrops',
  'transmittedBytes',
  'transmittedPackets',
  'transmittedErrors',
  'transmittedDrops',
] as const;
/** Counters of 32 bits, by the list that they are in. */
const NARROW: ReadonlyMap<readonly string[], ReadonlySet<string>> = new Map<readonly string[], ReadonlySet<string>>([
  [PROCESS, new Set(['pageFaults', 'hardFaults'])],
  [DISK, new Set(['reads', 'writes'])],
]);

/** Counters of one process, volume or adapter. */
interface Shifted {
  /** The pass that `offsets` are for. */
  pass: number;
  readonly offsets: Float64Array;
  /** The last shifted values. */
  readonly last: Float64Array;
}

export class CounterShift {
  readonly #byKey = new Map<string, Shifted>();
  #pass = 0;

  startPass(): void {
    this.#pass++;
  }

  /** Must receive every observation, because the last values of a pass decide where the next one continues. */
  apply(recorded: Observation): Observation {
    if (!recorded.data) return recorded;
    switch (recorded.kind) {
      case 'cpu':
        return { ...recorded, data: this.#record('cpu', CPU, recorded.data) };
      case 'processes':
        return { ...recorded, data: this.#table(recorded.data) };
      case 'disks':
        return { ...recorded, data: recorded.data.map((disk) => this.#disk(disk)) };
      case 'interfaces':
        return { ...recorded, data: recorded.data.map((each) => this.#interface(each)) };
      default:
        return recorded;
    }
  }

  #disk(disk: DiskRecord): DiskRecord {
    const { counters, device, volume } = disk;
    return counters ? { ...disk, counters: this.#record(`disk ${device} ${volume}`, DISK, counters) } : disk;
  }

  #interface(record: InterfaceRecord): InterfaceRecord {
    return this.#record(`interface ${record.guid ?? record.index} ${record.name}`, INTERFACE, record);
  }

  #table(table: ProcessTable): ProcessTable {
    const columns = PROCESS.filter((name) => table[name] !== undefined);
    const copies = Object.fromEntries(columns.map((name) => [name, table[name]!.slice()]));
    for (let row = 0; row < table.count; row++) {
      const state = this.#state(`process ${table.pid[row]} ${table.createdAtMs[row]}`, PROCESS.length);
      const isFirst = this.#beginsPass(state);
      for (const [i, name] of PROCESS.entries()) {
        const column = copies[name];
        if (column) column[row] = shift(state, i, column[row]!, isFirst, isNarrow(PROCESS, name));
      }
    }
    return { ...table, ...copies };
  }

  #record<K extends string, T extends { readonly [name in K]: number }>(key: string, names: readonly K[], data: T): T {
    const state = this.#state(key, names.length);
    const isFirst = this.#beginsPass(state);
    const shifted = names.map((name, i) => [name, shift(state, i, data[name], isFirst, isNarrow(names, name))]);
    return { ...data, ...Object.fromEntries(shifted) };
  }

  #state(key: string, length: number): Shifted {
    let state = this.#byKey.get(key);
    if (!state) {
      state = { pass: this.#pass, offsets: new Float64Array(length), last: new Float64Array(length) };
      this.#byKey.set(key, state);
    }
    return state;
  }

  #beginsPass(state: Shifted): boolean {
    if (state.pass === this.#pass) return false;
    state.pass = this.#pass;
    return true;
  }
}

function isNarrow(names: readonly string[], name: string): boolean {
  return NARROW.get(names)?.has(name) ?? false;
}

/** A counter of 32 bits wraps, as on the machine. */
function shift({ offsets, last }: Shifted, i: number, raw: number, isFirst: boolean, narrow: boolean): number {
  if (isFirst) offsets[i] = last[i]! - raw;
  const value = raw + offsets[i]!;
  last[i] = narrow ? value - 2 ** 32 * Math.floor(value / 2 ** 32) : value;
  return last[i]!;
}
