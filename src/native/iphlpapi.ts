// iphlpapi.dll: TCP tables, adapters, network compartments.
import { layout, library } from './ffi.ts';

const iphlpapi = library('iphlpapi.dll');

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getextendedtcptable */
export const GetExtendedTcpTable = iphlpapi.func<
  (
    pTcpTable: Buffer | null,
    pdwSize: Uint32Array,
    bOrder: number,
    ulAf: number,
    TableClass: number,
    Reserved: number,
  ) => number
>(
  'uint32_t __stdcall GetExtendedTcpTable(void *pTcpTable, void *pdwSize, int32_t bOrder, uint32_t ulAf, int32_t TableClass, uint32_t Reserved)',
);

export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 23;
export const TCP_TABLE_OWNER_PID_ALL = 5;
export const TCP_TABLE_OWNER_MODULE_ALL = 8;

/**
 * https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_owner_pid; addresses and ports in network
 * order.
 */
export const MIB_TCPROW_OWNER_PID = layout({
  dwState: 'uint32_t', // DWORD
  dwLocalAddr: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  dwRemoteAddr: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
  dwOwningPid: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcp6row_owner_pid */
export const MIB_TCP6ROW_OWNER_PID = layout({
  ucLocalAddr: 'uint8_t [16]', // UCHAR[16]
  dwLocalScopeId: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  ucRemoteAddr: 'uint8_t [16]', // UCHAR[16]
  dwRemoteScopeId: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
  dwState: 'uint32_t', // DWORD
  dwOwningPid: 'uint32_t', // DWORD
});

/** Offset of the first row: both tables begin with DWORD dwNumEntries, rows are 4-byte aligned. */
export const MIB_TCPTABLE_FIRST_ROW = 4;

/** https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_owner_module */
export const MIB_TCPROW_OWNER_MODULE = layout({
  dwState: 'uint32_t', // DWORD
  dwLocalAddr: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  dwRemoteAddr: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
  dwOwningPid: 'uint32_t', // DWORD
  liCreateTimestamp: 'int64_t', // LARGE_INTEGER
  OwningModuleInfo: 'uint64_t [16]', // ULONGLONG[TCPIP_OWNING_MODULE_SIZE]
});

/** https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcp6row_owner_module */
export const MIB_TCP6ROW_OWNER_MODULE = layout({
  ucLocalAddr: 'uint8_t [16]', // UCHAR[16]
  dwLocalScopeId: 'uint32_t', // DWORD
  dwLocalPort: 'uint32_t', // DWORD
  ucRemoteAddr: 'uint8_t [16]', // UCHAR[16]
  dwRemoteScopeId: 'uint32_t', // DWORD
  dwRemotePort: 'uint32_t', // DWORD
  dwState: 'uint32_t', // DWORD
  dwOwningPid: 'uint32_t', // DWORD
  liCreateTimestamp: 'int64_t', // LARGE_INTEGER
  OwningModuleInfo: 'uint64_t [16]', // ULONGLONG[TCPIP_OWNING_MODULE_SIZE]
});

/** Offset of the first row of tables with module information: their rows are 8-byte aligned. */
export const MIB_TCPTABLE_OWNER_MODULE_FIRST_ROW = 8;

/**
 * https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getownermodulefromtcpentry; the class must be
 * TCPIP_OWNER_MODULE_INFO_BASIC.
 */
export const GetOwnerModuleFromTcpEntry = iphlpapi.func<
  (pTcpEntry: Buffer, Class: number, pBuffer: Buffer, pdwSize: Uint32Array) => number
>('uint32_t __stdcall GetOwnerModuleFromTcpEntry(void *pTcpEntry, int32_t Class, void *pBuffer, void *pdwSize)');

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getownermodulefromtcp6entry; likewise. */
export const GetOwnerModuleFromTcp6Entry = iphlpapi.func<
  (pTcpEntry: Buffer, Class: number, pBuffer: Buffer, pdwSize: Uint32Array) => number
>('uint32_t __stdcall GetOwnerModuleFromTcp6Entry(void *pTcpEntry, int32_t Class, void *pBuffer, void *pdwSize)');

export const TCPIP_OWNER_MODULE_INFO_BASIC = 0;

/**
 * https://learn.microsoft.com/windows/win32/api/iprtrmib/ns-iprtrmib-tcpip_owner_module_basic_info; texts lie behind
 * it.
 */
export const TCPIP_OWNER_MODULE_BASIC_INFO = layout({
  pModuleName: 'uint64_t', // PWCHAR
  pModulePath: 'uint64_t', // PWCHAR
});

/** https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getadaptersaddresses */
export const GetAdaptersAddresses = iphlpapi.func<
  (Family: number, Flags: number, Reserved: null, AdapterAddresses: Buffer, SizePointer: Uint32Array) => number
>(
  'uint32_t __stdcall GetAdaptersAddresses(uint32_t Family, uint32_t Flags, void *Reserved, void *AdapterAddresses, void *SizePointer)',
);

export const GAA_FLAG_SKIP_UNICAST = 0x1;
export const GAA_FLAG_SKIP_ANYCAST = 0x2;
export const GAA_FLAG_SKIP_MULTICAST = 0x4;
export const GAA_FLAG_SKIP_DNS_SERVER = 0x8;
export const GAA_FLAG_SKIP_FRIENDLY_NAME = 0x20;
export const GAA_FLAG_INCLUDE_ALL_COMPARTMENTS = 0x200;

/** https://learn.microsoft.com/windows/win32/api/iptypes/ns-iptypes-ip_adapter_addresses_lh, up to CompartmentId */
export const IP_ADAPTER_ADDRESSES = layout({
  Length: 'uint32_t', // ULONG
  IfIndex: 'uint32_t', // IF_INDEX
  Next: 'uint64_t', // IP_ADAPTER_ADDRESSES *
  AdapterName: 'uint64_t', // PCHAR
  FirstUnicastAddress: 'uint64_t', // PIP_ADAPTER_UNICAST_ADDRESS_LH
  FirstAnycastAddress: 'uint64_t', // PIP_ADAPTER_ANYCAST_ADDRESS_XP
  FirstMulticastAddress: 'uint64_t', // PIP_ADAPTER_MULTICAST_ADDRESS_XP
  FirstDnsServerAddress: 'uint64_t', // PIP_ADAPTER_DNS_SERVER_ADDRESS_XP
  DnsSuffix: 'uint64_t', // PWCHAR
  Description: 'uint64_t', // PWCHAR
  FriendlyName: 'uint64_t', // PWCHAR
  PhysicalAddress: 'uint8_t [8]', // BYTE[MAX_ADAPTER_ADDRESS_LENGTH]
  PhysicalAddressLength: 'uint32_t', // ULONG
  Flags: 'uint32_t', // ULONG
  Mtu: 'uint32_t', // ULONG
  IfType: 'uint32_t', // IFTYPE
  OperStatus: 'uint32_t', // IF_OPER_STATUS
  Ipv6IfIndex: 'uint32_t', // IF_INDEX
  ZoneIndices: 'uint32_t [16]', // ULONG[16]
  FirstPrefix: 'uint64_t', // PIP_ADAPTER_PREFIX_XP
  TransmitLinkSpeed: 'uint64_t', // ULONG64
  ReceiveLinkSpeed: 'uint64_t', // ULONG64
  FirstWinsServerAddress: 'uint64_t', // PIP_ADAPTER_WINS_SERVER_ADDRESS_LH
  FirstGatewayAddress: 'uint64_t', // PIP_ADAPTER_GATEWAY_ADDRESS_LH
  Ipv4Metric: 'uint32_t', // ULONG
  Ipv6Metric: 'uint32_t', // ULONG
  Luid: 'uint64_t', // IF_LUID
  Dhcpv4ServerSockaddr: 'uint64_t', // SOCKET_ADDRESS.lpSockaddr
  Dhcpv4ServerSockaddrLength: 'int32_t', // SOCKET_ADDRESS.iSockaddrLength
  Dhcpv4ServerPadding: 'uint32_t', // SOCKET_ADDRESS is 16 bytes long
  CompartmentId: 'uint32_t', // NET_IF_COMPARTMENT_ID
});

/** https://learn.microsoft.com/windows/win32/api/iptypes/ns-iptypes-ip_adapter_unicast_address_lh, up to Address */
export const IP_ADAPTER_UNICAST_ADDRESS = layout({
  Length: 'uint32_t', // ULONG
  Flags: 'uint32_t', // DWORD
  Next: 'uint64_t', // IP_ADAPTER_UNICAST_ADDRESS *
  AddressSockaddr: 'uint64_t', // SOCKET_ADDRESS.lpSockaddr
  AddressSockaddrLength: 'int32_t', // SOCKET_ADDRESS.iSockaddrLength
});

/** https://learn.microsoft.com/windows/win32/api/ws2def/ns-ws2def-sockaddr_in */
export const SOCKADDR_IN = layout({ sin_family: 'uint16_t', sin_port: 'uint16_t', sin_addr: 'uint32_t' });

/** https://learn.microsoft.com/windows/win32/api/ws2ipdef/ns-ws2ipdef-sockaddr_in6_lh */
export const SOCKADDR_IN6 = layout({
  sin6_family: 'uint16_t',
  sin6_port: 'uint16_t',
  sin6_flowinfo: 'uint32_t',
  sin6_addr: 'uint8_t [16]',
});

/** IF_OPER_STATUS: https://learn.microsoft.com/windows/win32/api/ifdef/ne-ifdef-if_oper_status-r1 */
export const IfOperStatusUp = 1;

/** https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getcurrentthreadcompartmentid */
export const GetCurrentThreadCompartmentId = iphlpapi.func<() => number>(
  'uint32_t __stdcall GetCurrentThreadCompartmentId(void)',
);

/** https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-setcurrentthreadcompartmentid */
export const SetCurrentThreadCompartmentId = iphlpapi.func<(CompartmentId: number) => number>(
  'uint32_t __stdcall SetCurrentThreadCompartmentId(uint32_t CompartmentId)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getiftable2; the table is the system's,
 * FreeMibTable gives it back.
 */
export const GetIfTable2 = iphlpapi.func<(Table: BigUint64Array) => number>(
  'uint32_t __stdcall GetIfTable2(void *Table)',
);

/** https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-getifstacktable; likewise. */
export const GetIfStackTable = iphlpapi.func<(Table: BigUint64Array) => number>(
  'uint32_t __stdcall GetIfStackTable(void *Table)',
);

/** https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-freemibtable */
export const FreeMibTable = iphlpapi.func<(Memory: bigint) => void>('void __stdcall FreeMibTable(void *Memory)');

/** Offsets of the first row: ULONG NumEntries, then rows aligned as they need. */
export const MIB_IF_TABLE2_FIRST_ROW = 8;
export const MIB_IFSTACK_TABLE_FIRST_ROW = 4;

/** https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_if_row2 */
export const MIB_IF_ROW2 = layout({
  InterfaceLuid: 'uint64_t', // NET_LUID
  InterfaceIndex: 'uint32_t', // NET_IFINDEX
  InterfaceGuid: 'uint8_t [16]', // GUID
  Alias: 'uint16_t [257]', // WCHAR[IF_MAX_STRING_SIZE + 1]
  Description: 'uint16_t [257]', // WCHAR[IF_MAX_STRING_SIZE + 1]
  PhysicalAddressLength: 'uint32_t', // ULONG
  PhysicalAddress: 'uint8_t [32]', // UCHAR[IF_MAX_PHYS_ADDRESS_LENGTH]
  PermanentPhysicalAddress: 'uint8_t [32]', // UCHAR[IF_MAX_PHYS_ADDRESS_LENGTH]
  Mtu: 'uint32_t', // ULONG
  Type: 'uint32_t', // IFTYPE
  TunnelType: 'uint32_t', // TUNNEL_TYPE
  MediaType: 'uint32_t', // NDIS_MEDIUM
  PhysicalMediumType: 'uint32_t', // NDIS_PHYSICAL_MEDIUM
  AccessType: 'uint32_t', // NET_IF_ACCESS_TYPE
  DirectionType: 'uint32_t', // NET_IF_DIRECTION_TYPE
  InterfaceAndOperStatusFlags: 'uint8_t', // bit field of BOOLEAN
  OperStatus: 'uint32_t', // IF_OPER_STATUS
  AdminStatus: 'uint32_t', // NET_IF_ADMIN_STATUS
  MediaConnectState: 'uint32_t', // NET_IF_MEDIA_CONNECT_STATE
  NetworkGuid: 'uint8_t [16]', // NET_IF_NETWORK_GUID
  ConnectionType: 'uint32_t', // NET_IF_CONNECTION_TYPE
  TransmitLinkSpeed: 'uint64_t', // ULONG64
  ReceiveLinkSpeed: 'uint64_t', // ULONG64
  InOctets: 'uint64_t', // ULONG64
  InUcastPkts: 'uint64_t', // ULONG64
  InNUcastPkts: 'uint64_t', // ULONG64
  InDiscards: 'uint64_t', // ULONG64
  InErrors: 'uint64_t', // ULONG64
  InUnknownProtos: 'uint64_t', // ULONG64
  InUcastOctets: 'uint64_t', // ULONG64
  InMulticastOctets: 'uint64_t', // ULONG64
  InBroadcastOctets: 'uint64_t', // ULONG64
  OutOctets: 'uint64_t', // ULONG64
  OutUcastPkts: 'uint64_t', // ULONG64
  OutNUcastPkts: 'uint64_t', // ULONG64
  OutDiscards: 'uint64_t', // ULONG64
  OutErrors: 'uint64_t', // ULONG64
  OutUcastOctets: 'uint64_t', // ULONG64
  OutMulticastOctets: 'uint64_t', // ULONG64
  OutBroadcastOctets: 'uint64_t', // ULONG64
  OutQLen: 'uint64_t', // ULONG64
});

/** First bit of InterfaceAndOperStatusFlags: a physical or virtual device, not an interface of a driver only. */
export const HARDWARE_INTERFACE = 0x1;
/** Second bit: a filter on another interface, with the same traffic. */
export const FILTER_INTERFACE = 0x2;

/** https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_ifstack_row */
export const MIB_IFSTACK_ROW = layout({
  HigherLayerInterfaceIndex: 'uint32_t', // NET_IFINDEX
  LowerLayerInterfaceIndex: 'uint32_t', // NET_IFINDEX
});
