// Builds ETW events byte by byte from the documented manifests; it shares no code or constant with the product.

/** One event as the provider writes it. */
export interface BuiltEvent {
  /** GUID of the provider, with dashes. */
  readonly provider: string;
  readonly id: number;
  readonly version: number;
  /** The process that wrote the event, from its header. */
  readonly pid: number;
  /** FILETIME: 100 ns ticks since 1601. */
  readonly ticks: bigint;
  readonly payload: Buffer;
  readonly containerId?: string;
  /** A 32-bit program wrote the event: its pointers have 4 bytes, and a flag in its header is set. */
  readonly narrow?: boolean;
}

export const TCPIP = '2f07e2ee-15db-40f1-90ef-9d7ba282188a';
export const DNS_CLIENT = '1c95126e-7eea-49a9-a3fe-a378b03ddb4d';
export const KERNEL_PROCESS = '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716';

/** Converts Unix milliseconds to a FILETIME; 116444736000000000 ticks lie between 1601 and 1970. */
export function fileTime(ms: number): bigint {
  return 116_444_736_000_000_000n + BigInt(Math.round(ms * 10_000));
}

/** Writes packed fields, little-endian. */
export class Fields {
  #parts: Buffer[] = [];

  u16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return this.bytes(bytes);
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      this.bytes(bytes);
    }
    return this;
  }

  u64(...values: (bigint | number)[]): this {
    for (const value of values) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      this.bytes(bytes);
    }
    return this;
  }

  /** 8 bytes, or the low 4 of them in an event of a 32-bit program. */
  pointer(head: HeadOptions | undefined, ...values: bigint[]): this {
    return head?.narrow ? this.u32(...values.map((value) => Number(value & 0xffff_ffffn))) : this.u64(...values);
  }

  utf16(value: string, nul = true): this {
    return this.bytes(Buffer.from(nul ? `${value}\0` : value, 'utf16le'));
  }

  ansi(value: string, nul = true): this {
    return this.bytes(Buffer.from(nul ? `${value}\0` : value, 'latin1'));
  }

  bytes(value: Uint8Array): this {
    this.#parts.push(Buffer.from(value));
    return this;
  }

  /** A length and a SOCKADDR: 16 bytes for `1.2.3.4:80`, 28 for `[fd00::1]:80`, 0 for the empty text. */
  sockaddr(endpoint: string): this {
    const bytes = sockaddrBytes(endpoint);
    return this.u32(bytes.length).bytes(bytes);
  }

  /** A SID with this number of subauthorities. */
  sid(parts: number): this {
    return this.bytes(Buffer.from([1, parts, 0, 0, 0, 0, 0, 16, ...new Array<number>(parts * 4).fill(0x20)]));
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function sockaddrBytes(endpoint: string): Buffer {
  if (endpoint === '') return Buffer.alloc(0);
  const split = endpoint.lastIndexOf(':');
  const port = Number(endpoint.slice(split + 1));
  const host = endpoint.slice(0, split);
  if (!host.startsWith('[')) {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt16LE(2, 0);
    bytes.writeUInt16BE(port, 2);
    host.split('.').forEach((part, index) => {
      bytes[4 + index] = Number(part);
    });
    return bytes;
  }
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(23, 0);
  bytes.writeUInt16BE(port, 2);
  // Flow information and scope id are not 0, so that a decoder that reads them as part of the address fails.
  bytes.writeUInt32LE(0xf10_f10f, 4);
  bytes.writeUInt32LE(0x5c_5c5c, 24);
  groups(host.slice(1, -1)).forEach((group, index) => {
    bytes.writeUInt16BE(group, 8 + index * 2);
  });
  return bytes;
}

function groups(text: string): number[] {
  const [head = '', tail = ''] = text.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [front, back] = [parse(head), parse(tail)];
  return text.includes('::')
    ? [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back]
    : front;
}

/** Header fields of a built event. */
export interface HeadOptions {
  readonly atMs?: number;
  readonly pid?: number;
  readonly containerId?: string;
  readonly narrow?: boolean;
}

export function event(
  provider: string,
  id: number,
  version: number,
  payload: Buffer,
  head: HeadOptions = {},
): BuiltEvent {
  const { atMs = 1_767_225_600_000, pid = 4, containerId, narrow } = head;
  const optional = { ...(containerId === undefined ? {} : { containerId }), ...(narrow ? { narrow } : {}) };
  return { provider, id, version, pid, ticks: fileTime(atMs), payload, ...optional };
}

/** Endpoints and control block of a connection. */
export interface EndpointValues {
  readonly local?: string;
  readonly remote?: string;
  readonly tcb?: bigint;
}

/** Layout "connection result": 1017, 1033, 1034, 1038, 1039, 1043, 1045, 1046. */
export function connectionResult(
  id: number,
  version: number,
  values: EndpointValues & { status?: number; processId?: number; compartment?: number },
  head?: HeadOptions,
): BuiltEvent {
  const {
    local = '10.0.0.5:50000',
    remote = '10.0.0.9:443',
    status = 0,
    processId = 0,
    compartment = 1,
    tcb = 0n,
  } = values;
  const fields = new Fields().sockaddr(local).sockaddr(remote).u32(status, processId, compartment).pointer(head, tcb);
  if (version >= 1) fields.u64(0xabc);
  if (version >= 2) fields.u32(1);
  return event(TCPIP, id, version, fields.done(), head);
}

/** Layout "tcb and addresses": 1002, 1183, 1184, 1186, 1187. */
export function tcbAndAddresses(
  id: number,
  values: EndpointValues & { newState?: number; rexmitCount?: number },
  head?: HeadOptions,
): BuiltEvent {
  const { local = '10.0.0.5:50000', remote = '10.0.0.9:443', tcb = 0n, newState = 3, rexmitCount = 1 } = values;
  return event(
    TCPIP,
    id,
    0,
    new Fields().pointer(head, tcb).sockaddr(local).sockaddr(remote).u32(newState, rexmitCount).done(),
    head,
  );
}

/** 1300 TcpConnectionRundown. */
export function rundown(
  version: number,
  values: EndpointValues & { state?: number; processId?: number },
  head?: HeadOptions,
): BuiltEvent {
  const { local = '10.0.0.5:50000', remote = '10.0.0.9:443', tcb = 0n, state = 5, processId = 0 } = values;
  const fields = new Fields().pointer(head, tcb).sockaddr(local).sockaddr(remote).u32(state, processId);
  if (version >= 1) fields.u64(0xabc);
  if (version >= 2) fields.u32(1);
  if (version >= 3) fields.u32(1);
  return event(TCPIP, 1300, version, fields.done(), head);
}

/** 1382: a connect by name. `nul: false` omits the terminating NUL and the status after it. */
export function connectByName(
  values: EndpointValues & { name: string; status?: number; nul?: boolean },
  head?: HeadOptions,
): BuiltEvent {
  const { local = '10.0.0.5:50000', remote = '10.0.0.9:443', tcb = 0n, name, status = 0, nul = true } = values;
  const fields = new Fields()
    .sockaddr(local)
    .sockaddr(remote)
    .pointer(head, tcb, 0xffff_c001_0000_0000n)
    .utf16(name, nul);
  if (nul) fields.u32(status);
  return event(TCPIP, 1382, 0, fields.done(), head);
}

export interface SummaryValues extends EndpointValues {
  readonly bytesOut?: number;
  readonly bytesIn?: number;
  readonly bytesRetrans?: number;
  readonly connectionTimeMs?: number;
  readonly rttUs?: number;
  readonly synRetrans?: number;
}

/** 1477 TcpConnectionSummary; each field that the product does not decode has a different value. */
export function summary(version: number, values: SummaryValues, head?: HeadOptions): BuiltEvent {
  const {
    local = '10.0.0.5:50000',
    remote = '10.0.0.9:443',
    tcb = 0n,
    bytesOut = 0,
    bytesIn = 0,
    bytesRetrans = 0,
  } = values;
  const fields = new Fields()
    .pointer(head, tcb)
    .u64(bytesOut, bytesIn)
    // DataSegmentsOut, DataSegmentsIn, SegmentsOut, SegmentsIn
    .u64(0x1001, 0x1002, 0x1003, 0x1004)
    // NonRecovDa, NonRecovDaEpisodes, DupAcksIn, BytesRetrans
    .u32(0x2001, 0x2002, 0x2003, bytesRetrans)
    // Timeouts, SpuriousRtoDetections, FastRetran, MaxSsthresh, MaxSsCwnd, MaxCaCwnd
    .u32(0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a)
    // SndLimTransRwin, SndLimTimeRwin, SndLimBytesRwin; the same for Cwnd and for Snd
    .u32(0x3001, 0x3002)
    .u64(0x3003)
    .u32(0x3004, 0x3005)
    .u64(0x3006)
    .u32(0x3007, 0x3008)
    .u64(0x3009)
    .u64(values.connectionTimeMs ?? 0)
    // TimestampsEnabled, RttUs, MinRttUs, MaxRttUs, SynRetrans, CongestionAlgorithm, State
    .u32(1, values.rttUs ?? 0, 0x4001, 0x4002, values.synRetrans ?? 0, 0x4003, 0x4004)
    .sockaddr(local)
    .sockaddr(remote)
    // CWnd, SsThresh, RcvWnd, RcvBuf, SndWnd
    .u32(0x5001, 0x5002, 0x5003, 0x5004, 0x5005);
  // InterfaceIndex, LocalPort, IsLoopback
  if (version >= 1) fields.u32(7, 0x5006, 0);
  return event(TCPIP, 1477, version, fields.done(), head);
}

export interface RequestValues {
  readonly name: string;
  readonly type?: number;
  readonly options?: bigint;
}

/** 3006: a DNS request. */
export function dnsAsked(values: RequestValues, head?: HeadOptions): BuiltEvent {
  const { name, type = 1, options = 0n } = values;
  const fields = new Fields().utf16(name).u32(type).u64(options).utf16('192.0.2.53;').u32(1, 0, 0, 0);
  return event(DNS_CLIENT, 3006, 0, fields.done(), head);
}

/** 3008: the result of a DNS request. `nul: false` omits the terminating NUL of the results. */
export function dnsAnswered(
  values: RequestValues & { status?: number; results?: string; nul?: boolean },
  head?: HeadOptions,
): BuiltEvent {
  const { name, type = 1, options = 0n, status = 0, results = '', nul = true } = values;
  return event(
    DNS_CLIENT,
    3008,
    0,
    new Fields().utf16(name).u32(type).u64(options).u32(status).utf16(results, nul).done(),
    head,
  );
}

export interface StartValues {
  readonly processId: number;
  readonly createdAtMs: number;
  readonly parentId?: number;
  readonly sessionId?: number;
  readonly image: string;
  readonly sidParts?: number;
}

/** Kernel-Process 1, versions 0 to 5. */
export function processStart(version: number, values: StartValues, head?: HeadOptions): BuiltEvent {
  const { processId, createdAtMs, parentId = 0, sessionId = 0, image, sidParts = 1 } = values;
  const fields = new Fields().u32(processId);
  if (version >= 3) fields.u64(0x1111);
  fields.u64(fileTime(createdAtMs)).u32(parentId);
  if (version >= 3) fields.u64(0x2222);
  fields.u32(sessionId);
  if (version >= 1) fields.u32(0x3333);
  if (version >= 3) fields.u32(2, 1).sid(sidParts);
  fields.utf16(image);
  if (version >= 2) fields.u32(0x4444, 0x5555).utf16('Package').utf16('App');
  if (version >= 4) fields.u32(0x6666);
  if (version >= 5) fields.u32(0x7777).u16(0x8664);
  return event(KERNEL_PROCESS, 1, version, fields.done(), head);
}

export interface StopValues {
  readonly processId: number;
  readonly createdAtMs: number;
  readonly exitCode?: number;
  readonly cycles?: bigint;
  readonly reads?: number;
  readonly writes?: number;
  readonly readKilobytes?: number;
  readonly writtenKilobytes?: number;
  readonly hardFaults?: number;
  readonly image: string;
  readonly nul?: boolean;
}

/** Kernel-Process 2, versions 0 to 2. */
export function processStop(version: number, values: StopValues, head?: HeadOptions): BuiltEvent {
  const { processId, createdAtMs, exitCode = 0, image, nul = true } = values;
  const fields = new Fields().u32(processId);
  if (version >= 2) fields.u64(0x1111);
  // CreateTime, ExitTime, ExitCode, TokenElevationType, HandleCount, CommitCharge, CommitPeak
  fields
    .u64(fileTime(createdAtMs), fileTime(createdAtMs + 1))
    .u32(exitCode, 1, 77)
    .u64(0x8888, 0x9999);
  if (version >= 1) {
    const { cycles = 0n, reads = 0, writes = 0, readKilobytes = 0, writtenKilobytes = 0, hardFaults = 0 } = values;
    fields.u64(cycles).u32(reads, writes, readKilobytes, writtenKilobytes, hardFaults);
  }
  return event(KERNEL_PROCESS, 2, version, fields.ansi(image, nul).done(), head);
}
