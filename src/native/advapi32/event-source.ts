// advapi32.dll: writes to the Event Log.
import { advapi32 } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-registereventsourcew */
export const RegisterEventSourceW = advapi32.func<(lpUNCServerName: null, lpSourceName: string) => bigint | null>(
  'void * __stdcall RegisterEventSourceW(const char16_t *lpUNCServerName, const char16_t *lpSourceName)',
);

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw */
export const ReportEventW = advapi32.func<
  (
    hEventLog: bigint,
    wType: number,
    wCategory: number,
    dwEventID: number,
    lpUserSid: null,
    wNumStrings: number,
    dwDataSize: number,
    lpStrings: Buffer,
    lpRawData: null,
  ) => number
>(
  'int32_t __stdcall ReportEventW(void *hEventLog, uint16_t wType, uint16_t wCategory, uint32_t dwEventID, void *lpUserSid, uint16_t wNumStrings, uint32_t dwDataSize, void *lpStrings, void *lpRawData)',
);

export const EVENTLOG_ERROR_TYPE = 1;
export const EVENTLOG_WARNING_TYPE = 2;
export const EVENTLOG_INFORMATION_TYPE = 4;

/** https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-deregistereventsource */
export const DeregisterEventSource = advapi32.func<(hEventLog: bigint) => number>(
  'int32_t __stdcall DeregisterEventSource(void *hEventLog)',
);
