// iphlpapi.dll: extended statistics of single TCP connections.
import { layout, library } from './ffi.ts';

const iphlpapi = library('iphlpapi.dll');

type GetStatistics = (
  Row: Buffer,
  EstatsType: number,
  Rw: Buffer,
  RwVersion: number,
  RwSize: number,
  Ros: null,
  RosVersion: number,
  RosSize: number,
  Rod: Buffer,
  RodVersion: number,
  RodSize: number,
) => number;

type SetStatistics = (
  Row: Buffer,
  EstatsType: number,
  Rw: Buffer,
  RwVersion: number,
  RwSize: number,
  Offset: number,
) => number;

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getpertcpconnectionestats */
export const GetPerTcpConnectionEStats = iphlpapi.func<GetStatistics>(
  'uint32_t __stdcall GetPerTcpConnectionEStats(void *Row, int32_t EstatsType, void *Rw, uint32_t RwVersion, uint32_t RwSize, void *Ros, uint32_t RosVersion, uint32_t RosSize, void *Rod, uint32_t RodVersion, uint32_t RodSize)',
);

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getpertcp6connectionestats */
export const GetPerTcp6ConnectionEStats = iphlpapi.func<GetStatistics>(
  'uint32_t __stdcall GetPerTcp6ConnectionEStats(void *Row, int32_t EstatsType, void *Rw, uint32_t RwVersion, uint32_t RwSize, void *Ros, uint32_t RosVersion, uint32_t RosSize, void *Rod, uint32_t RodVersion, uint32_t RodSize)',
);

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-setpertcpconnectionestats */
export const SetPerTcpConnectionEStats = iphlpapi.func<SetStatistics>(
  'uint32_t __stdcall SetPerTcpConnectionEStats(void *Row, int32_t EstatsType, void *Rw, uint32_t RwVersion, uint32_t RwSize, uint32_t Offset)',
);

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-setpertcp6connectionestats */
export const SetPerTcp6ConnectionEStats = iphlpapi.func<SetStatistics>(
  'uint32_t __stdcall SetPerTcp6ConnectionEStats(void *Row, int32_t EstatsType, void *Rw, uint32_t RwVersion, uint32_t RwSize, uint32_t Offset)',
);

/** https://learn.microsoft.com/windows/win32/api/tcpestats/ne-tcpestats-tcp_estats_type */
export const TcpConnectionEstatsData = 1;
export const TcpConnectionEstatsPath = 3;

/** TCP_ESTATS_DATA_RW_v0 and TCP_ESTATS_PATH_RW_v0 are one BOOLEAN each: whether the stack counts. */
export const TCP_ESTATS_RW_BYTES = 1;

/**
 * https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_lh; addresses and ports in network order.
 */
export const MIB_TCPROW = layout({
  State: 'uint32_t', // MIB_TCP_STATE
  dwLocalAddr: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  dwRemoteAddr: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcp6row */
export const MIB_TCP6ROW = layout({
  State: 'uint32_t', // MIB_TCP_STATE
  LocalAddr: 'uint8_t [16]', // IN6_ADDR
  dwLocalScopeId: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  RemoteAddr: 'uint8_t [16]', // IN6_ADDR
  dwRemoteScopeId: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
});

export const MIB_TCP_STATE_ESTAB = 5;

/** https://learn.microsoft.com/windows/win32/api/tcpestats/ns-tcpestats-tcp_estats_data_rod_v0 */
export const TCP_ESTATS_DATA_ROD_v0 = layout({
  DataBytesOut: 'uint64_t', // ULONG64
  DataSegsOut: 'uint64_t', // ULONG64
  DataBytesIn: 'uint64_t', // ULONG64
  DataSegsIn: 'uint64_t', // ULONG64
  SegsOut: 'uint64_t', // ULONG64
  SegsIn: 'uint64_t', // ULONG64
  SoftErrors: 'uint32_t', // ULONG
  SoftErrorReason: 'uint32_t', // ULONG
  SndUna: 'uint32_t', // ULONG
  SndNxt: 'uint32_t', // ULONG
  SndMax: 'uint32_t', // ULONG
  ThruBytesAcked: 'uint64_t', // ULONG64
  RcvNxt: 'uint32_t', // ULONG
  ThruBytesReceived: 'uint64_t', // ULONG64
});

/**
 * https://learn.microsoft.com/windows/win32/api/tcpestats/ns-tcpestats-tcp_estats_path_rod_v0; times are milliseconds.
 */
export const TCP_ESTATS_PATH_ROD_v0 = layout({
  FastRetran: 'uint32_t', // ULONG
  Timeouts: 'uint32_t', // ULONG
  SubsequentTimeouts: 'uint32_t', // ULONG
  CurTimeoutCount: 'uint32_t', // ULONG
  AbruptTimeouts: 'uint32_t', // ULONG
  PktsRetrans: 'uint32_t', // ULONG
  BytesRetrans: 'uint32_t', // ULONG
  BetweenRetransAndRtt: 'uint32_t [19]', // ULONG, from DupAcksIn to DsackDups
  SampleRtt: 'uint32_t', // ULONG
  SmoothedRtt: 'uint32_t', // ULONG
  RttVar: 'uint32_t', // ULONG
  MaxRtt: 'uint32_t', // ULONG
  MinRtt: 'uint32_t', // ULONG
  SumRtt: 'uint32_t', // ULONG
  CountRtt: 'uint32_t', // ULONG
  CurRto: 'uint32_t', // ULONG
  MaxRto: 'uint32_t', // ULONG
  MinRto: 'uint32_t', // ULONG
  CurMss: 'uint32_t', // ULONG
  MaxMss: 'uint32_t', // ULONG
  MinMss: 'uint32_t', // ULONG
  SpuriousRtoDetections: 'uint32_t', // ULONG
});
