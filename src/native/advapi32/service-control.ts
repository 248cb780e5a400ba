// advapi32.dll: the service control manager, changes: create, configure, start, control, delete.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights */
export const SC_MANAGER_CREATE_SERVICE = 0x2;
export const SERVICE_CHANGE_CONFIG = 0x2;
export const SERVICE_START = 0x10;
export const SERVICE_STOP = 0x20;
export const DELETE = 0x10000;

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-createservicew */
export const CreateServiceW = advapi32.func<
  (
    hSCManager: bigint,
    lpServiceName: string,
    lpDisplayName: string,
    dwDesiredAccess: number,
    dwServiceType: number,
    dwStartType: number,
    dwErrorControl: number,
    lpBinaryPathName: string,
    lpLoadOrderGroup: null,
    lpdwTagId: null,
    lpDependencies: null,
    lpServiceStartName: string | null,
    lpPassword: null,
  ) => bigint | null
>(
  'void * __stdcall CreateServiceW(void *hSCManager, const char16_t *lpServiceName, const char16_t *lpDisplayName, uint32_t dwDesiredAccess, uint32_t dwServiceType, uint32_t dwStartType, uint32_t dwErrorControl, const char16_t *lpBinaryPathName, const char16_t *lpLoadOrderGroup, void *lpdwTagId, const char16_t *lpDependencies, const char16_t *lpServiceStartName, const char16_t *lpPassword)',
);

export const SERVICE_AUTO_START = 2;
export const SERVICE_DISABLED = 4;
export const SERVICE_ERROR_NORMAL = 1;
/** For ChangeServiceConfigW: no change. */
export const SERVICE_NO_CHANGE = 0xffffffff;

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfigw */
export const ChangeServiceConfigW = advapi32.func<
  (
    hService: bigint,
    dwServiceType: number,
    dwStartType: number,
    dwErrorControl: number,
    lpBinaryPathName: string | null,
    lpLoadOrderGroup: null,
    lpdwTagId: null,
    lpDependencies: null,
    lpServiceStartName: string | null,
    lpPassword: string | null,
    lpDisplayName: string | null,
  ) => number
>(
  'int32_t __stdcall ChangeServiceConfigW(void *hService, uint32_t dwServiceType, uint32_t dwStartType, uint32_t dwErrorControl, const char16_t *lpBinaryPathName, const char16_t *lpLoadOrderGroup, void *lpdwTagId, const char16_t *lpDependencies, const char16_t *lpServiceStartName, const char16_t *lpPassword, const char16_t *lpDisplayName)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w */
export const ChangeServiceConfig2W = advapi32.func<(hService: bigint, dwInfoLevel: number, lpInfo: Buffer) => number>(
  'int32_t __stdcall ChangeServiceConfig2W(void *hService, uint32_t dwInfoLevel, void *lpInfo)',
);

export const SERVICE_CONFIG_DESCRIPTION = 1;
export const SERVICE_CONFIG_FAILURE_ACTIONS = 2;
export const SERVICE_CONFIG_FAILURE_ACTIONS_FLAG = 4;
export const SERVICE_CONFIG_SERVICE_SID_INFO = 5;
export const SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO = 6;
export const SERVICE_CONFIG_PRESHUTDOWN_INFO = 7;

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_descriptionw */
export const SERVICE_DESCRIPTIONW = layout({ lpDescription: 'uint64_t' /* LPWSTR */ });

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_failure_actionsw */
export const SERVICE_FAILURE_ACTIONSW = layout({
  dwResetPeriod: 'uint32_t', // DWORD, seconds
  lpRebootMsg: 'uint64_t', // LPWSTR
  lpCommand: 'uint64_t', // LPWSTR
  cActions: 'uint32_t', // DWORD
  lpsaActions: 'uint64_t', // SC_ACTION *
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-sc_action */
export const SC_ACTION = layout({
  Type: 'int32_t', // SC_ACTION_TYPE
  Delay: 'uint32_t', // DWORD, milliseconds
});

export const SC_ACTION_RESTART = 1;

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_failure_actions_flag */
export const SERVICE_FAILURE_ACTIONS_FLAG = layout({ fFailureActionsOnNonCrashFailures: 'int32_t' /* BOOL */ });

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_sid_info */
export const SERVICE_SID_INFO = layout({ dwServiceSidType: 'uint32_t' /* DWORD */ });

export const SERVICE_SID_TYPE_UNRESTRICTED = 1;

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_required_privileges_infow */
export const SERVICE_REQUIRED_PRIVILEGES_INFOW = layout({
  pmszRequiredPrivileges: 'uint64_t' /* LPWSTR, a list of texts */,
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_preshutdown_info */
export const SERVICE_PRESHUTDOWN_INFO = layout({ dwPreshutdownTimeout: 'uint32_t' /* DWORD, milliseconds */ });

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-startservicew */
export const StartServiceW = advapi32.func<
  (hService: bigint, dwNumServiceArgs: number, lpServiceArgVectors: null) => number
>('int32_t __stdcall StartServiceW(void *hService, uint32_t dwNumServiceArgs, void *lpServiceArgVectors)');

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-controlservice; fills a SERVICE_STATUS. */
export const ControlService = advapi32.func<(hService: bigint, dwControl: number, lpServiceStatus: Buffer) => number>(
  'int32_t __stdcall ControlService(void *hService, uint32_t dwControl, void *lpServiceStatus)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-deleteservice */
export const DeleteService = advapi32.func<(hService: bigint) => number>(
  'int32_t __stdcall DeleteService(void *hService)',
);
