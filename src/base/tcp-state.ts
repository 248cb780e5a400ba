// The states of rows in the TCP tables of Windows that several parts read.

/** MIB_TCP_STATE_LISTEN. https://learn.microsoft.com/windows/win32/api/tcpmib/ns-tcpmib-mib_tcprow_owner_pid */
export const TCP_LISTEN = 2;
