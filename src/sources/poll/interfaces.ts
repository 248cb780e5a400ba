// Network interfaces with their counters and the order in which they are stacked.
import { ForeignBuffer } from '../../native/buffer.ts';
import { checkError } from '../../native/check.ts';
import { copyOf } from '../../native/ffi.ts';
import { Handle } from '../../native/handle.ts';
import {
  FILTER_INTERFACE,
  FreeMibTable,
  GetIfStackTable,
  GetIfTable2,
  HARDWARE_INTERFACE,
  MIB_IF_ROW2,
  MIB_IF_TABLE2_FIRST_ROW,
  MIB_IFSTACK_ROW,
  MIB_IFSTACK_TABLE_FIRST_ROW,
} from '../../native/iphlpapi.ts';
import { guidText } from '../etw/guid.ts';
import { KIND_GRANTS, PART_GRANTS } from '../grants.ts';
import type { InterfaceRecord, Unavailability } from '../host.ts';
import { unavailability } from '../unavailable.ts';
import type { ThreadCompartment } from './compartment.ts';
import { EVERY_ROUND, type Poll } from './poll.ts';

/** More rows than a machine can have: a table with more is damaged and is not read. */
const MAX_ROWS = 10_000;
/** IF_MAX_STRING_SIZE + 1 of the vendor's header. */
const NAME_CHARACTERS = 257;

/** Parses MIB_IF_TABLE2. `stack` has the indexes directly below each interface. Throws BoundsError. */
export function parseInterfaces(
  buffer: ForeignBuffer,
  stack: ReadonlyMap<number, readonly number[]>,
): InterfaceRecord[] {
  const { size, at } = MIB_IF_ROW2;
  return Array.from({ length: buffer.u32(0) }, (_, i) => {
    const row = MIB_IF_TABLE2_FIRST_ROW + i * size;
    const flags = buffer.u8(row + at.InterfaceAndOperStatusFlags);
    const index = buffer.u32(row + at.InterfaceIndex);
    const sum = (a: number, b: number): number => buffer.i64(row + a) + buffer.i64(row + b);
    return {
      index,
      ...guidOf(buffer.slice(row + at.InterfaceGuid, 16)),
      name: fixedText(buffer, row + at.Alias),
      description: fixedText(buffer, row + at.Description),
      type: buffer.u32(row + at.Type),
      hardware: (flags & HARDWARE_INTERFACE) !== 0,
      filter: (flags & FILTER_INTERFACE) !== 0,
      lowerIndexes: stack.get(index) ?? [],
      receivedBytes: buffer.i64(row + at.InOctets),
      receivedPackets: sum(at.InUcastPkts, at.InNUcastPkts),
      receivedErrors: buffer.i64(row + at.InErrors),
      receivedDrops: buffer.i64(row + at.InDiscards),
      transmittedBytes: buffer.i64(row + at.OutOctets),
      transmittedPackets: sum(at.OutUcastPkts, at.OutNUcastPkts),
      transmittedErrors: buffer.i64(row + at.OutErrors),
      transmittedDrops: buffer.i64(row + at.OutDiscards),
    };
  });
}

/** Pseudo interfaces may have none, i.e. zeros. */
function guidOf(bytes: Buffer): Pick<InterfaceRecord, 'guid'> {
  return bytes.every((byte) => byte === 0) ? {} : { guid: guidText(bytes) };
}

/** Parses MIB_IFSTACK_TABLE: the indexes directly below each interface. Throws BoundsError. */
export function parseStack(buffer: ForeignBuffer): Map<number, number[]> {
  const { size, at } = MIB_IFSTACK_ROW;
  const below = new Map<number, number[]>();
  for (let i = 0; i < buffer.u32(0); i++) {
    const row = MIB_IFSTACK_TABLE_FIRST_ROW + i * size;
    const higher = buffer.u32(row + at.HigherLayerInterfaceIndex);
    const lower = buffer.u32(row + at.LowerLayerInterfaceIndex);
    // Index 0 marks the top and the bottom of the stack.
    if (higher !== 0 && lower !== 0) below.set(higher, [...(below.get(higher) ?? []), lower]);
  }
  return below;
}

function fixedText(buffer: ForeignBuffer, at: number): string {
  return buffer
    .slice(at, NAME_CHARACTERS * 2)
    .toString('utf16le')
    .split('\0', 1)[0]!;
}

/** When the stack cannot be read, the interfaces are returned without it. Throws Win32Error. */
export function readInterfaces(): { data: InterfaceRecord[]; degraded: Unavailability[] } {
  const degraded: Unavailability[] = [];
  let stack = new Map<number, number[]>();
  try {
    stack = parseStack(
      readTable('GetIfStackTable', GetIfStackTable, MIB_IFSTACK_TABLE_FIRST_ROW, MIB_IFSTACK_ROW.size),
    );
  } catch (error) {
    degraded.push(unavailability('stack of network interfaces', error, PART_GRANTS.interfaceStack));
  }
  return {
    data: parseInterfaces(readTable('GetIfTable2', GetIfTable2, MIB_IF_TABLE2_FIRST_ROW, MIB_IF_ROW2.size), stack),
    degraded,
  };
}

/** Copies a table that the system has allocated, and frees it. */
function readTable(
  call: string,
  get: (table: BigUint64Array) => number,
  firstRow: number,
  rowBytes: number,
): ForeignBuffer {
  const pointer = new BigUint64Array(1);
  checkError(call, get(pointer));
  using table = new Handle(pointer[0]!, FreeMibTable);
  const rows = copyOf(table.value, 4).readUInt32LE(0);
  if (rows > MAX_ROWS) throw new Error(`${call} reports ${rows} rows, more than the limit of ${MAX_ROWS}`);
  return new ForeignBuffer(copyOf(table.value, firstRow + rows * rowBytes));
}

export function createInterfacePoll(compartment: ThreadCompartment): Poll<'interfaces'> {
  return {
    kind: 'interfaces',
    schedule: EVERY_ROUND,
    grant: KIND_GRANTS.interfaces,
    read: () => {
      compartment.returnHome();
      return readInterfaces();
    },
  };
}
