// TCP tables, adapters and interfaces.

/** The TCP rows of one network compartment and one address family, one array a column. */
export interface TcpTable {
  readonly compartmentId: number;
  readonly family: 4 | 6;
  readonly count: number;
  /** MIB_TCP_STATE: 2 listen, 5 established. */
  readonly state: Uint8Array;
  readonly pid: Uint32Array;
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  /** 4 or 16 bytes a row, network order. */
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
  /** Rows of processes that several services share, as far as the system tells whose they are; absent where it tells nothing. */
  readonly services?: readonly SocketServiceRecord[];
}

/** The service behind one row of a TCP table. */
export interface SocketServiceRecord {
  readonly row: number;
  /** Key name, as in ServiceRecord. */
  readonly name: string;
}

/** A URL that http.sys serves, or may serve, for a service. */
export interface UrlReservationRecord {
  /** Key name, as in ServiceRecord. */
  readonly service: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** The only address that it is bound to; absent for every one. */
  readonly ip?: string;
  /** The only host name that it answers to; absent for every one. */
  readonly host?: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** A reservation says who may have the URL, a binding of a site who has. */
  readonly detectedBy: 'url reservation' | 'iis binding';
}

export interface AdapterRecord {
  /** IfIndex, IPv4 or IPv6. */
  readonly index: number;
  /** Friendly name, e.g. `Ethernet 2`. */
  readonly name: string;
  /** IfType: 6 Ethernet, 24 loopback, 71 wireless. */
  readonly type: number;
  readonly up: boolean;
  /** Unicast addresses without a zone, e.g. `10.0.0.5`, `fd00::1`. */
  readonly addresses: readonly string[];
}

/** One network interface as the stack counts it. */
export interface InterfaceRecord {
  readonly index: number;
  /** Friendly name, as in AdapterRecord. */
  readonly name: string;
  readonly description: string;
  /** IfType. */
  readonly type: number;
  /** A device, real or virtual; teams and virtual switches are none. */
  readonly hardware: boolean;
  /** A filter upon another interface, with the same traffic. */
  readonly filter: boolean;
  /** Indexes of the interfaces right below it in the stack. */
  readonly lowerIndexes: readonly number[];
  readonly receivedBytes: number;
  /** All of them: unicast, multicast, broadcast. */
  readonly receivedPackets: number;
  readonly receivedErrors: number;
  readonly receivedDrops: number;
  readonly transmittedBytes: number;
  readonly transmittedPackets: number;
  readonly transmittedErrors: number;
  readonly transmittedDrops: number;
}
