// The columns of the flow table: one typed array for each field of a flow, so that an event allocates nothing.

export const ADDRESS_BYTES = 16;

/**
 * Endpoints of rows: events, statistics and flows have them in the same columns. Addresses are 16 bytes, IPv4 mapped.
 */
export interface EndpointColumns {
  readonly localPort: ReadonlyColumn;
  readonly remotePort: ReadonlyColumn;
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
}

export interface ReadonlyColumn {
  readonly [index: number]: number;
  readonly length: number;
}

export type FlowColumns = ReturnType<typeof createColumns>;

/** The columns outside of the flow table. Addresses are passed on as bytes, and are not written either. */
export type ReadonlyFlowColumns = {
  readonly [K in keyof FlowColumns]: K extends 'localAddress' | 'remoteAddress' ? Uint8Array : ReadonlyColumn;
};

export function createColumns(length: number) {
  return {
    /** A value of `FLOW_STATE`. */
    state: new Uint8Array(length),
    /** A value of `DIRECTION`. */
    direction: new Uint8Array(length),
    /** 1 if the connect or failure is in the counts of its destination, or must not be counted. */
    accounted: new Uint8Array(length),
    /** 1 while the flow waits for its owner to be known. */
    waiting: new Uint8Array(length),
    pid: new Uint32Array(length),
    /** A time at which the pid was this flow's process, because pids are reused. */
    pidAtMs: new Float64Array(length),
    localPort: new Uint16Array(length),
    remotePort: new Uint16Array(length),
    localAddress: new Uint8Array(length * ADDRESS_BYTES),
    remoteAddress: new Uint8Array(length * ADDRESS_BYTES),
    /** Time of the connect request, 0 if unknown. */
    requestedAtMs: new Float64Array(length),
    /** The same on the monotonic clock. */
    requestedMonoMs: new Float64Array(length),
    /** Time of the last event, in milliseconds since 1970. */
    atMs: new Float64Array(length),
    /** The same on the monotonic clock. */
    eventMonoMs: new Float64Array(length),
    /** Duration of the handshake, negative while unknown. */
    connectMs: new Float64Array(length),
    /** NTSTATUS of the failure. */
    status: new Uint32Array(length),
    /** Counts that are not in a destination yet. */
    retransmits: new Uint32Array(length),
    resets: new Uint32Array(length),
    sentBytes: new Float64Array(length),
    receivedBytes: new Float64Array(length),
    rttUs: new Uint32Array(length),
    /** Bytes of earlier summaries and statistics. */
    accountedSentBytes: new Float64Array(length),
    accountedReceivedBytes: new Float64Array(length),
    /** Scans without a row since the last event; while the flow waits, ticks that it has waited. */
    missedScans: new Uint8Array(length),
    /** 1 if the last scan had a row of the flow, in any TCP state. */
    listed: new Uint8Array(length),
  };
}

/** Columns of twice the length with the same content in front. */
export function growColumns(columns: FlowColumns): FlowColumns {
  const grown = createColumns(columns.state.length * 2);
  for (const name of Object.keys(columns) as (keyof FlowColumns)[]) grown[name].set(columns[name]);
  return grown;
}

/** Whether a row and a flow have the same ports and the same remote address, as far as both are known. */
export function endpointsMatch(flows: EndpointColumns, number: number, table: EndpointColumns, row: number): boolean {
  const remotePort = flows.remotePort[number]!;
  return (
    isSamePort(flows.localPort[number]!, table.localPort[row]!) &&
    isSamePort(remotePort, table.remotePort[row]!) &&
    (remotePort === 0 || table.remotePort[row] === 0 || isSameAddress(flows, number, table, row))
  );
}

/** The local address is not compared: a connect request may not have it yet. */
function isSameAddress(flows: EndpointColumns, number: number, table: EndpointColumns, row: number): boolean {
  const [at, from] = [number * ADDRESS_BYTES, row * ADDRESS_BYTES];
  for (let i = 0; i < ADDRESS_BYTES; i++)
    if (flows.remoteAddress[at + i] !== table.remoteAddress[from + i]) return false;
  return true;
}

function isSamePort(a: number, b: number): boolean {
  return a === 0 || b === 0 || a === b;
}
