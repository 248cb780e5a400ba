// advapi32.dll: functions of a process that is a service.
import { layout } from '../ffi.ts';
import { advapi32 } from './library.ts';

/**
 * https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-startservicectrldispatcherw; returns when every
 * service has stopped.
 */
export const StartServiceCtrlDispatcherW = advapi32.blocking<(lpServiceStartTable: Buffer) => Promise<number>>(
  'int32_t __stdcall StartServiceCtrlDispatcherW(void *lpServiceStartTable)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_table_entryw; an entry of NULLs ends the
 * table.
 */
export const SERVICE_TABLE_ENTRYW = layout({
  lpServiceName: 'uint64_t', // LPWSTR
  lpServiceProc: 'uint64_t', // LPSERVICE_MAIN_FUNCTIONW
});

/** https://learn.microsoft.com/windows/win32/api/winsvc/nc-winsvc-lpservice_main_functionw */
export const LPSERVICE_MAIN_FUNCTIONW =
  'void __stdcall LPSERVICE_MAIN_FUNCTIONW(uint32_t dwNumServicesArgs, void *lpServiceArgVectors)';

/** https://learn.microsoft.com/windows/win32/api/winsvc/nc-winsvc-lphandler_function_ex */
export const LPHANDLER_FUNCTION_EX =
  'uint32_t __stdcall LPHANDLER_FUNCTION_EX(uint32_t dwControl, uint32_t dwEventType, void *lpEventData, void *lpContext)';

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-registerservicectrlhandlerexw */
export const RegisterServiceCtrlHandlerExW = advapi32.func<
  (lpServiceName: string, lpHandlerProc: bigint, lpContext: null) => bigint | null
>(
  'void * __stdcall RegisterServiceCtrlHandlerExW(const char16_t *lpServiceName, void *lpHandlerProc, void *lpContext)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-setservicestatus */
export const SetServiceStatus = advapi32.func<(hServiceStatus: bigint, lpServiceStatus: Buffer) => number>(
  'int32_t __stdcall SetServiceStatus(void *hServiceStatus, void *lpServiceStatus)',
);

/** https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status */
export const SERVICE_STATUS = layout({
  dwServiceType: 'uint32_t', // DWORD
  dwCurrentState: 'uint32_t', // DWORD
  dwControlsAccepted: 'uint32_t', // DWORD
  dwWin32ExitCode: 'uint32_t', // DWORD
  dwServiceSpecificExitCode: 'uint32_t', // DWORD
  dwCheckPoint: 'uint32_t', // DWORD
  dwWaitHint: 'uint32_t', // DWORD
});

export const SERVICE_WIN32_OWN_PROCESS = 0x10;

export const SERVICE_STOPPED = 1;
export const SERVICE_START_PENDING = 2;
export const SERVICE_STOP_PENDING = 3;
export const SERVICE_RUNNING = 4;

export const SERVICE_ACCEPT_STOP = 0x1;
export const SERVICE_ACCEPT_PRESHUTDOWN = 0x100;

export const SERVICE_CONTROL_STOP = 1;
export const SERVICE_CONTROL_INTERROGATE = 4;
export const SERVICE_CONTROL_PRESHUTDOWN = 0xf;

export const ERROR_CALL_NOT_IMPLEMENTED = 120;
export const ERROR_SERVICE_SPECIFIC_ERROR = 1066;
