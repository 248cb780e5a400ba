// wevtapi.dll: how many records a channel has, and the number of the oldest.
import { layout } from '../ffi.ts';
import { wevtapi } from './library.ts';

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtopenlog; returns NULL on failure. */
export const EvtOpenLog = wevtapi.func<(Session: null, Path: string, Flags: number) => bigint | null>(
  'void * __stdcall EvtOpenLog(void *Session, const char16_t *Path, uint32_t Flags)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_open_log_flags */
export const EvtOpenChannelPath = 1;

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtgetloginfo */
export const EvtGetLogInfo = wevtapi.func<
  (
    Log: bigint,
    PropertyId: number,
    PropertyValueBufferSize: number,
    PropertyValueBuffer: Buffer,
    PropertyValueBufferUsed: Uint32Array,
  ) => number
>(
  'int32_t __stdcall EvtGetLogInfo(void *Log, uint32_t PropertyId, uint32_t PropertyValueBufferSize, void *PropertyValueBuffer, void *PropertyValueBufferUsed)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_log_property_id */
export const EvtLogNumberOfLogRecords = 5;
export const EvtLogOldestRecordNumber = 6;

/** https://learn.microsoft.com/windows/win32/api/winevt/ns-winevt-evt_variant */
export const EVT_VARIANT = layout({
  UInt64Val: 'uint64_t', // UINT64, of a union whose members have at most 8 bytes
  Count: 'uint32_t', // DWORD
  Type: 'uint32_t', // DWORD
});

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_variant_type */
export const EvtVarTypeUInt64 = 10;
