// Builds memory images as Windows fills them, with offsets from Microsoft's documentation; imports no product code.

/** The address of every built image. */
export const BASE = 0x0000_01f2_4b6a_0010n;

/** Bytes that grow with each added structure; offsets are relative to BASE. */
export class Memory {
  bytes = Buffer.alloc(0);

  /** Appends zeroed bytes and returns their offset. */
  room(size: number, alignment = 8): number {
    const at = Math.ceil(this.bytes.length / alignment) * alignment;
    this.bytes = Buffer.concat([this.bytes, Buffer.alloc(at + size - this.bytes.length)]);
    return at;
  }

  u16(at: number, value: number): void {
    this.bytes.writeUInt16LE(value, at);
  }

  u32(at: number, value: number): void {
    this.bytes.writeUInt32LE(value >>> 0, at);
  }

  u64(at: number, value: number | bigint): void {
    this.bytes.writeBigUInt64LE(BigInt(value), at);
  }

  /** Writes the address of the offset `target`. */
  pointer(at: number, target: number): void {
    this.u64(at, BASE + BigInt(target));
  }

  /** Appends a NUL-terminated UTF-16 text and writes its address at `at`. */
  textAt(at: number, text: string): void {
    const start = this.room((text.length + 1) * 2, 2);
    this.bytes.write(text, start, 'utf16le');
    this.pointer(at, start);
  }
}

export interface BuiltProcess {
  name?: string;
  pid?: number;
  parentPid?: number;
  sessionId?: number;
  /** 100 ns ticks since 1601. */
  created?: bigint;
  /** 100 ns ticks. */
  user?: bigint;
  kernel?: bigint;
  workingSet?: bigint;
  privateWorkingSet?: bigint;
  reads?: bigint;
  writes?: bigint;
  readBytes?: bigint;
  writtenBytes?: bigint;
  threads?: number;
  handles?: number;
  pageFaults?: number;
  hardFaults?: number;
  cycles?: bigint;
  /** The extension after the threads, on Windows 10 1709 and newer. */
  disk?: { reads: number; writes: number; readBytes: bigint; writtenBytes: bigint; jobId: number };
}

/** SYSTEM_PROCESS_INFORMATION_EXTENSION of x64: https://ntdoc.m417z.com/system_process_information_extension */
const EXTENSION_BYTES = 0x170;

/**
 * SYSTEM_PROCESS_INFORMATION entries of 64-bit Windows, each followed by its SYSTEM_THREAD_INFORMATION array (80 bytes
 * a thread) and its image name, as the kernel packs them. https://ntdoc.m417z.com/system_process_information
 */
export function processList(processes: readonly BuiltProcess[]): Memory {
  const memory = new Memory();
  let previous = -1;
  for (const each of processes) {
    const threadsEnd = 0x100 + 80 * (each.threads ?? 0);
    const at = memory.room(threadsEnd + (each.disk ? EXTENSION_BYTES : 0));
    if (previous >= 0) memory.u32(previous, at - previous);
    previous = at;
    memory.u32(at + 0x04, each.threads ?? 0);
    memory.u64(at + 0x08, each.privateWorkingSet ?? 0n);
    memory.u64(at + 0x18, 0x1111_2222_3333_4444n);
    memory.u64(at + 0x20, each.created ?? 0n);
    memory.u64(at + 0x28, each.user ?? 0n);
    memory.u64(at + 0x30, each.kernel ?? 0n);
    memory.u32(at + 0x48, 8);
    memory.u64(at + 0x50, each.pid ?? 0);
    memory.u64(at + 0x58, each.parentPid ?? 0);
    memory.u32(at + 0x60, each.handles ?? 0);
    memory.u32(at + 0x64, each.sessionId ?? 0);
    memory.u64(at + 0x88, 0x7777_7777n);
    memory.u64(at + 0x90, each.workingSet ?? 0n);
    memory.u64(at + 0xc8, 0x6666_6666n);
    memory.u64(at + 0xd0, each.reads ?? 0n);
    memory.u64(at + 0xd8, each.writes ?? 0n);
    memory.u64(at + 0xe0, 0x5555n);
    memory.u64(at + 0xe8, each.readBytes ?? 0n);
    memory.u64(at + 0xf0, each.writtenBytes ?? 0n);
    memory.u64(at + 0xf8, 0x4444n);
    memory.u32(at + 0x10, each.hardFaults ?? 0);
    memory.u64(at + 0x18, each.cycles ?? 0n);
    memory.u32(at + 0x80, each.pageFaults ?? 0);
    if (each.disk) {
      memory.u64(at + threadsEnd, each.disk.readBytes);
      memory.u64(at + threadsEnd + 0x08, each.disk.writtenBytes);
      memory.u64(at + threadsEnd + 0x10, each.disk.reads);
      memory.u64(at + threadsEnd + 0x18, each.disk.writes);
      memory.u64(at + threadsEnd + 0x20, 0x3333n);
      memory.u32(at + threadsEnd + 0x160, each.disk.jobId);
    }
    if (each.name === undefined) continue;
    memory.u16(at + 0x38, each.name.length * 2);
    memory.u16(at + 0x3a, each.name.length * 2 + 2);
    memory.textAt(at + 0x40, each.name);
  }
  return memory;
}

export interface BuiltTcpRow {
  state: number;
  /** 4 or 16 bytes. */
  local: readonly number[];
  localPort: number;
  remote: readonly number[];
  remotePort: number;
  pid: number;
  /** First of the 16 opaque numbers that tables with modules have for each row. */
  module?: bigint;
}

/** MIB_TCPTABLE_OWNER_PID: DWORD count, rows of 24 bytes; ports in network order in the low half of a DWORD. */
export function tcp4Table(rows: readonly BuiltTcpRow[], spareBytes = 0): Memory {
  return tcp4Rows(rows, 4, 24, spareBytes);
}

/** MIB_TCPTABLE_OWNER_MODULE: DWORD count, rows of 160 bytes from 8; LARGE_INTEGER and ULONGLONG[16] after the pid. */
export function tcp4ModuleTable(rows: readonly BuiltTcpRow[], spareBytes = 0): Memory {
  const memory = tcp4Rows(rows, 8, 160, spareBytes);
  for (const [i, { module = 0n }] of rows.entries()) modules(memory, 8 + i * 160 + 24, i, module);
  return memory;
}

/** MIB_TCP6TABLE_OWNER_MODULE: likewise, rows of 192 bytes. */
export function tcp6ModuleTable(rows: readonly BuiltTcpRow[], spareBytes = 0): Memory {
  const memory = tcp6Rows(rows, 8, 192, spareBytes);
  for (const [i, { module = 0n }] of rows.entries()) modules(memory, 8 + i * 192 + 56, i, module);
  return memory;
}

/** A time stamp that differs in every row, then the first number of the module information; the others stay 0. */
function modules(memory: Memory, at: number, row: number, module: bigint): void {
  memory.u64(at, 0x01db_0000_0000_0000n + BigInt(row));
  memory.u64(at + 8, module);
}

function tcp4Rows(rows: readonly BuiltTcpRow[], first: number, size: number, spareBytes: number): Memory {
  const memory = new Memory();
  memory.room(first + rows.length * size + spareBytes);
  memory.u32(0, rows.length);
  rows.forEach((row, i) => {
    const at = first + i * size;
    memory.u32(at, row.state);
    memory.bytes.set(row.local, at + 4);
    memory.bytes.writeUInt16BE(row.localPort, at + 8);
    memory.bytes.set(row.remote, at + 12);
    memory.bytes.writeUInt16BE(row.remotePort, at + 16);
    memory.u32(at + 20, row.pid);
  });
  return memory;
}

/** MIB_TCP6TABLE_OWNER_PID: DWORD count, rows of 56 bytes; scope ids have values that a parser must not read. */
export function tcp6Table(rows: readonly BuiltTcpRow[], spareBytes = 0): Memory {
  return tcp6Rows(rows, 4, 56, spareBytes);
}

function tcp6Rows(rows: readonly BuiltTcpRow[], first: number, size: number, spareBytes: number): Memory {
  const memory = new Memory();
  memory.room(first + rows.length * size + spareBytes);
  memory.u32(0, rows.length);
  rows.forEach((row, i) => {
    const at = first + i * size;
    memory.bytes.set(row.local, at);
    memory.u32(at + 16, 0xaaaa_aaaa);
    memory.bytes.writeUInt16BE(row.localPort, at + 20);
    memory.bytes.set(row.remote, at + 24);
    memory.u32(at + 40, 0xbbbb_bbbb);
    memory.bytes.writeUInt16BE(row.remotePort, at + 44);
    memory.u32(at + 48, row.state);
    memory.u32(at + 52, row.pid);
  });
  return memory;
}

export interface BuiltService {
  name: string;
  displayName: string;
  type: number;
  state: number;
  win32ExitCode: number;
  specificExitCode: number;
  pid: number;
}

/** ENUM_SERVICE_STATUS_PROCESSW rows of 56 bytes, followed by their strings, as the RPC stub of the SCM places them. */
export function serviceArray(services: readonly BuiltService[]): Memory {
  const memory = new Memory();
  memory.room(services.length * 56);
  services.forEach((service, i) => {
    const at = i * 56;
    memory.textAt(at, service.name);
    memory.textAt(at + 8, service.displayName);
    memory.u32(at + 16, service.type);
    memory.u32(at + 20, service.state);
    memory.u32(at + 24, 0x1001);
    memory.u32(at + 28, service.win32ExitCode);
    memory.u32(at + 32, service.specificExitCode);
    memory.u32(at + 36, 0x2002);
    memory.u32(at + 40, 0x3003);
    memory.u32(at + 44, service.pid);
    memory.u32(at + 48, 0x4004);
  });
  return memory;
}

export interface BuiltConfig {
  type: number;
  startType: number;
  binaryPath?: string;
  account?: string;
}

/**
 * QUERY_SERVICE_CONFIGW, 64 bytes and its strings; includes lpDependencies, a list of strings, and lpLoadOrderGroup.
 */
export function serviceConfig(config: BuiltConfig): Memory {
  const memory = new Memory();
  memory.room(64);
  memory.u32(0, config.type);
  memory.u32(4, config.startType);
  memory.u32(8, 1);
  if (config.binaryPath !== undefined) memory.textAt(16, config.binaryPath);
  memory.textAt(24, 'NetworkProvider');
  memory.u32(32, 77);
  memory.textAt(40, 'RpcSs\0Tcpip\0');
  if (config.account !== undefined) memory.textAt(48, config.account);
  memory.textAt(56, 'Display');
  return memory;
}

export interface BuiltAdapter {
  ifIndex?: number;
  ipv6IfIndex?: number;
  friendlyName?: string;
  ifType?: number;
  operStatus?: number;
  compartmentId?: number;
  /** 4 or 16 bytes each; null for an entry without a socket address, text for another family. */
  unicast?: readonly (readonly number[] | null | 'other family')[];
}

const IPV4_FAMILY = 2;
const IPV6_FAMILY = 23;
const BLUETOOTH_FAMILY = 32;

/**
 * IP_ADAPTER_ADDRESSES_LH (448 bytes on x64), each followed by IP_ADAPTER_UNICAST_ADDRESS_LH (64 bytes) and addresses.
 */
export function adapterList(adapters: readonly BuiltAdapter[]): Memory {
  const memory = new Memory();
  let previous = -1;
  for (const adapter of adapters) {
    const at = memory.room(448);
    if (previous >= 0) memory.pointer(previous + 8, at);
    previous = at;
    memory.u32(at, 448);
    memory.u32(at + 4, adapter.ifIndex ?? 0);
    memory.textAt(at + 64, 'Description');
    if (adapter.friendlyName !== undefined) memory.textAt(at + 72, adapter.friendlyName);
    memory.u32(at + 96, 1500);
    memory.u32(at + 100, adapter.ifType ?? 0);
    memory.u32(at + 104, adapter.operStatus ?? 0);
    memory.u32(at + 108, adapter.ipv6IfIndex ?? 0);
    memory.u32(at + 248, adapter.compartmentId ?? 0);
    let link = at + 24;
    for (const address of adapter.unicast ?? []) {
      const entry = memory.room(64);
      memory.pointer(link, entry);
      link = entry + 8;
      memory.u32(entry, 64);
      if (address === null) continue;
      const bytes = address === 'other family' ? [1, 2, 3, 4] : address;
      const socket = memory.room(28);
      memory.pointer(entry + 16, socket);
      memory.u32(entry + 24, bytes.length === 4 ? 16 : 28);
      memory.u16(
        socket,
        address === 'other family' ? BLUETOOTH_FAMILY : bytes.length === 4 ? IPV4_FAMILY : IPV6_FAMILY,
      );
      // sockaddr_in has its address at 4, sockaddr_in6 at 8, after port and flow information.
      memory.bytes.set(bytes, socket + (bytes.length === 4 ? 4 : 8));
    }
  }
  return memory;
}

/** One SMBIOS structure: type, formatted area after the 4-byte header, strings. */
export interface BuiltStructure {
  type: number;
  body: readonly number[];
  strings?: readonly string[];
}

/** RawSMBIOSData: version in bytes 1 and 2, length of the table at 4, the table at 8 (DMTF DSP0134, section 6.1). */
export function rawSmbios(major: number, minor: number, structures: readonly BuiltStructure[]): Buffer {
  const table = Buffer.concat(
    structures.map(({ type, body, strings = [] }, handle) => {
      const head = [type, body.length + 4, handle & 0xff, handle >> 8];
      const text = strings.length === 0 ? '\0\0' : `${strings.map((string) => `${string}\0`).join('')}\0`;
      return Buffer.concat([Buffer.from([...head, ...body]), Buffer.from(text, 'latin1')]);
    }),
  );
  const raw = Buffer.alloc(8);
  raw.writeUInt8(major, 1);
  raw.writeUInt8(minor, 2);
  raw.writeUInt32LE(table.length, 4);
  return Buffer.concat([raw, table]);
}
