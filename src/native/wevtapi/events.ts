// wevtapi.dll: subscriptions to channels, queries, and the events that both return.
import { wevtapi } from './library.ts';

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtsubscribe in the pull model: the service sets
 * `SignalEvent` when there are events for EvtNext. Returns NULL on failure.
 */
export const EvtSubscribe = wevtapi.func<
  (
    Session: null,
    SignalEvent: bigint,
    ChannelPath: string,
    Query: string,
    Bookmark: bigint | null,
    Context: null,
    Callback: null,
    Flags: number,
  ) => bigint | null
>(
  'void * __stdcall EvtSubscribe(void *Session, void *SignalEvent, const char16_t *ChannelPath, const char16_t *Query, void *Bookmark, void *Context, void *Callback, uint32_t Flags)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_subscribe_flags */
export const EvtSubscribeStartAtOldestRecord = 2;
export const EvtSubscribeStartAfterBookmark = 3;
/** The call fails when the record of the bookmark is not there. */
export const EvtSubscribeStrict = 0x10000;

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtquery; returns NULL on failure. */
export const EvtQuery = wevtapi.func<(Session: null, Path: string, Query: string, Flags: number) => bigint | null>(
  'void * __stdcall EvtQuery(void *Session, const char16_t *Path, const char16_t *Query, uint32_t Flags)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_query_flags */
export const EvtQueryChannelPath = 0x1;
export const EvtQueryReverseDirection = 0x200;

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtnext; fills `Events` with handles, each of which is
 * closed by EvtClose.
 */
export const EvtNext = wevtapi.func<
  (
    ResultSet: bigint,
    EventsSize: number,
    Events: Buffer,
    Timeout: number,
    Flags: number,
    Returned: Uint32Array,
  ) => number
>(
  'int32_t __stdcall EvtNext(void *ResultSet, uint32_t EventsSize, void *Events, uint32_t Timeout, uint32_t Flags, void *Returned)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtclose */
export const EvtClose = wevtapi.func<(handle: bigint) => number>('int32_t __stdcall EvtClose(void *Object)');

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtgetextendedstatus; sizes are in characters, and the
 * result is a Win32 error. What is wrong with the query of the last call of this thread.
 */
export const EvtGetExtendedStatus = wevtapi.func<
  (BufferSize: number, Buffer: Buffer, BufferUsed: Uint32Array) => number
>('uint32_t __stdcall EvtGetExtendedStatus(uint32_t BufferSize, void *Buffer, void *BufferUsed)');
