// TCP tables, URLs of http.sys, adapters and interfaces.
import { id } from '../../redaction/rules.ts';
import { addresses, MAX_ROWS, tableWithHead, u8s, u16s, u32s } from './columns.ts';
import { amount, boolean, domainName, type Field, oneOf, serviceName, text, textBy, u16, u32 } from './field.ts';
import { list, optional, type RecordOf, record } from './record.ts';

const socketServiceFields = {
  row: u32,
  /** Key name, as in ServiceRecord. */
  name: serviceName,
};

/** The service that owns one row of a TCP table. */
export interface SocketServiceRecord extends RecordOf<typeof socketServiceFields> {}
const socketService: Field<SocketServiceRecord> = record(socketServiceFields);

const tcpFields = {
  compartmentId: u32,
  family: oneOf(4, 6),
  /** Owners of rows whose process several services share; absent where Windows reports none. */
  services: optional(list(socketService, MAX_ROWS)),
};

const tcpColumns = ({ family }: { readonly family: 4 | 6 }) => ({
  /** MIB_TCP_STATE: 2 listen, 5 established. */
  state: u8s,
  pid: u32s,
  localPort: u16s,
  remotePort: u16s,
  /** 4 or 16 bytes a row, network order. */
  localAddress: addresses(family === 4 ? 4 : 16),
  remoteAddress: addresses(family === 4 ? 4 : 16),
});

/** The TCP rows of one network compartment and one address family, one array a column. */
export interface TcpTable extends RecordOf<typeof tcpFields>, RecordOf<ReturnType<typeof tcpColumns>> {
  /** Number of rows: the length of each column. */
  readonly count: number;
}
export const tcpTable: Field<TcpTable> = tableWithHead(tcpFields, tcpColumns);

const urlReservationFields = {
  /** Key name, as in ServiceRecord. */
  service: serviceName,
  scheme: oneOf('http', 'https'),
  port: u16,
  /** The only address that the URL is bound to; absent for all addresses. */
  ip: optional(text),
  /** The only host name that the URL matches; absent for all names. */
  host: optional(domainName),
  /** Begins and ends with a slash. */
  path: textBy((path) => (path === '/' ? path : '/*/')),
  /** A reservation says who may register the URL; a binding of an IIS site says who did. */
  detectedBy: oneOf('url reservation', 'iis binding'),
};

/** A URL that http.sys serves, or may serve, for a service. */
export interface UrlReservationRecord extends RecordOf<typeof urlReservationFields> {}
export const urlReservation: Field<UrlReservationRecord> = record(urlReservationFields);

const adapterFields = {
  /** IfIndex, IPv4 or IPv6. */
  index: u32,
  /** Friendly name, e.g. `Ethernet 2`. */
  name: text,
  /** IfType: 6 Ethernet, 24 loopback, 71 wireless. */
  type: u32,
  up: boolean,
  /** Unicast addresses without a zone, e.g. `10.0.0.5`, `fd00::1`. */
  addresses: list(text),
};

export interface AdapterRecord extends RecordOf<typeof adapterFields> {}
export const adapter: Field<AdapterRecord> = record(adapterFields);

const interfaceFields = {
  index: u32,
  /** Identity of the adapter, which no other one gets; absent in older tapes. Lower case, without braces. */
  guid: optional(textBy(id)),
  /** Friendly name, as in AdapterRecord. */
  name: text,
  description: text,
  /** IfType. */
  type: u32,
  /** True for a device, real or virtual; false for teams and virtual switches. */
  hardware: boolean,
  /** True for a filter on another interface, with the same traffic. */
  filter: boolean,
  /** Indexes of the interfaces directly below this one in the stack. */
  lowerIndexes: list(u32),
  receivedBytes: amount,
  /** Unicast, multicast and broadcast. */
  receivedPackets: amount,
  receivedErrors: amount,
  receivedDrops: amount,
  transmittedBytes: amount,
  transmittedPackets: amount,
  transmittedErrors: amount,
  transmittedDrops: amount,
};

/** One network interface with its counters. */
export interface InterfaceRecord extends RecordOf<typeof interfaceFields> {}
export const networkInterface: Field<InterfaceRecord> = record(interfaceFields);
