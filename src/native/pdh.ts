// pdh.dll: performance counters, which may load the DLLs of their providers and block.
import { layout, library } from './ffi.ts';

const pdh = library('pdh.dll');

/** https://learn.microsoft.com/windows/win32/api/pdh/nf-pdh-pdhopenqueryw */
export const PdhOpenQueryW = pdh.blocking<(szDataSource: null, dwUserData: bigint, phQuery: Buffer) => Promise<number>>(
  'int32_t __stdcall PdhOpenQueryW(const char16_t *szDataSource, uint64_t dwUserData, void *phQuery)',
);

/** https://learn.microsoft.com/windows/win32/api/pdh/nf-pdh-pdhaddenglishcounterw; names are those of English Windows. */
export const PdhAddEnglishCounterW = pdh.blocking<
  (hQuery: bigint, szFullCounterPath: string, dwUserData: bigint, phCounter: Buffer) => Promise<number>
>(
  'int32_t __stdcall PdhAddEnglishCounterW(void *hQuery, const char16_t *szFullCounterPath, uint64_t dwUserData, void *phCounter)',
);

/** https://learn.microsoft.com/windows/win32/api/pdh/nf-pdh-pdhcollectquerydata; finds the instances of wildcards again. */
export const PdhCollectQueryData = pdh.blocking<(hQuery: bigint) => Promise<number>>(
  'int32_t __stdcall PdhCollectQueryData(void *hQuery)',
);

/** https://learn.microsoft.com/windows/win32/api/pdh/nf-pdh-pdhgetrawcounterarrayw */
export const PdhGetRawCounterArrayW = pdh.blocking<
  (hCounter: bigint, lpdwBufferSize: Buffer, lpdwItemCount: Buffer, ItemBuffer: Buffer) => Promise<number>
>(
  'int32_t __stdcall PdhGetRawCounterArrayW(void *hCounter, void *lpdwBufferSize, void *lpdwItemCount, void *ItemBuffer)',
);

/** https://learn.microsoft.com/windows/win32/api/pdh/nf-pdh-pdhclosequery; closes its counters too. */
export const PdhCloseQuery = pdh.blocking<(hQuery: bigint) => Promise<number>>(
  'int32_t __stdcall PdhCloseQuery(void *hQuery)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/pdh/ns-pdh-pdh_raw_counter_item_w with its PDH_RAW_COUNTER; the names are
 * behind the items in the same buffer.
 */
export const PDH_RAW_COUNTER_ITEM_W = layout({
  szName: 'uint64_t', // LPWSTR
  CStatus: 'uint32_t', // DWORD
  TimeStamp: 'uint32_t [2]', // FILETIME
  FirstValue: 'int64_t', // LONGLONG
  SecondValue: 'int64_t', // LONGLONG
  MultiCount: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/perfctrs/pdh-error-codes */
export const PDH_CSTATUS_VALID_DATA = 0;
export const PDH_CSTATUS_NEW_DATA = 1;
export const PDH_MORE_DATA = 0x800007d2;
export const PDH_NO_DATA = 0x800007d5;
