// advapi32.dll: the service control manager, queries.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights */
export const SC_MANAGER_CONNECT = 0x1;
export const SC_MANAGER_ENUMERATE_SERVICE = 0x4;
export const SERVICE_QUERY_CONFIG = 0x1;
export const SERVICE_QUERY_STATUS = 0x4;

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-openscmanagerw */
export const OpenSCManagerW = advapi32.func<
  (lpMachineName: null, lpDatabaseName: null, dwDesiredAccess: number) => bigint | null
>(
  'void * __stdcall OpenSCManagerW(const char16_t *lpMachineName, const char16_t *lpDatabaseName, uint32_t dwDesiredAccess)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-openservicew */
export const OpenServiceW = advapi32.func<
  (hSCManager: bigint, lpServiceName: string, dwDesiredAccess: number) => bigint | null
>('void * __stdcall OpenServiceW(void *hSCManager, const char16_t *lpServiceName, uint32_t dwDesiredAccess)');

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-closeservicehandle */
export const CloseServiceHandle = advapi32.func<(hSCObject: bigint) => number>(
  'int32_t __stdcall CloseServiceHandle(void *hSCObject)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-enumservicesstatusexw */
export const EnumServicesStatusExW = advapi32.func<
  (
    hSCManager: bigint,
    InfoLevel: number,
    dwServiceType: number,
    dwServiceState: number,
    lpServices: Buffer,
    cbBufSize: number,
    pcbBytesNeeded: Uint32Array,
    lpServicesReturned: Uint32Array,
    lpResumeHandle: Uint32Array,
    pszGroupName: null,
  ) => number
>(
  'int32_t __stdcall EnumServicesStatusExW(void *hSCManager, int32_t InfoLevel, uint32_t dwServiceType, uint32_t dwServiceState, void *lpServices, uint32_t cbBufSize, void *pcbBytesNeeded, void *lpServicesReturned, void *lpResumeHandle, const char16_t *pszGroupName)',
);

export const SC_ENUM_PROCESS_INFO = 0;
export const SERVICE_WIN32 = 0x30;
export const SERVICE_STATE_ALL = 3;

/**
 * https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-enum_service_status_processw with its
 * SERVICE_STATUS_PROCESS in line. Names point into the buffer of the call.
 */
export const ENUM_SERVICE_STATUS_PROCESSW = layout({
  lpServiceName: 'uint64_t', // LPWSTR
  lpDisplayName: 'uint64_t', // LPWSTR
  dwServiceType: 'uint32_t', // DWORD
  dwCurrentState: 'uint32_t', // DWORD
  dwControlsAccepted: 'uint32_t', // DWORD
  dwWin32ExitCode: 'uint32_t', // DWORD
  dwServiceSpecificExitCode: 'uint32_t', // DWORD
  dwCheckPoint: 'uint32_t', // DWORD
  dwWaitHint: 'uint32_t', // DWORD
  dwProcessId: 'uint32_t', // DWORD
  dwServiceFlags: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryserviceconfigw */
export const QueryServiceConfigW = advapi32.func<
  (hService: bigint, lpServiceConfig: Buffer, cbBufSize: number, pcbBytesNeeded: Uint32Array) => number
>(
  'int32_t __stdcall QueryServiceConfigW(void *hService, void *lpServiceConfig, uint32_t cbBufSize, void *pcbBytesNeeded)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-query_service_configw */
export const QUERY_SERVICE_CONFIGW = layout({
  dwServiceType: 'uint32_t', // DWORD
  dwStartType: 'uint32_t', // DWORD
  dwErrorControl: 'uint32_t', // DWORD
  lpBinaryPathName: 'uint64_t', // LPWSTR
  lpLoadOrderGroup: 'uint64_t', // LPWSTR
  dwTagId: 'uint32_t', // DWORD
  lpDependencies: 'uint64_t', // LPWSTR
  lpServiceStartName: 'uint64_t', // LPWSTR
  lpDisplayName: 'uint64_t', // LPWSTR
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryserviceconfig2w */
export const QueryServiceConfig2W = advapi32.func<
  (hService: bigint, dwInfoLevel: number, lpBuffer: Buffer, cbBufSize: number, pcbBytesNeeded: Uint32Array) => number
>(
  'int32_t __stdcall QueryServiceConfig2W(void *hService, uint32_t dwInfoLevel, void *lpBuffer, uint32_t cbBufSize, void *pcbBytesNeeded)',
);

export const SERVICE_CONFIG_DELAYED_AUTO_START_INFO = 3;
export const SERVICE_CONFIG_TRIGGER_INFO = 8;

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_delayed_auto_start_info */
export const SERVICE_DELAYED_AUTO_START_INFO = layout({ fDelayedAutostart: 'int32_t' /* BOOL */ });

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_trigger_info */
export const SERVICE_TRIGGER_INFO = layout({
  cTriggers: 'uint32_t', // DWORD
  pTriggers: 'uint64_t', // PSERVICE_TRIGGER
  pReserved: 'uint64_t', // PBYTE
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryservicestatusex */
export const QueryServiceStatusEx = advapi32.func<
  (hService: bigint, InfoLevel: number, lpBuffer: Buffer, cbBufSize: number, pcbBytesNeeded: Uint32Array) => number
>(
  'int32_t __stdcall QueryServiceStatusEx(void *hService, int32_t InfoLevel, void *lpBuffer, uint32_t cbBufSize, void *pcbBytesNeeded)',
);

export const SC_STATUS_PROCESS_INFO = 0;

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
export const SERVICE_STATUS_PROCESS = layout({
  dwServiceType: 'uint32_t', // DWORD
  dwCurrentState: 'uint32_t', // DWORD
  dwControlsAccepted: 'uint32_t', // DWORD
  dwWin32ExitCode: 'uint32_t', // DWORD
  dwServiceSpecificExitCode: 'uint32_t', // DWORD
  dwCheckPoint: 'uint32_t', // DWORD
  dwWaitHint: 'uint32_t', // DWORD
  dwProcessId: 'uint32_t', // DWORD
  dwServiceFlags: 'uint32_t', // DWORD
});
