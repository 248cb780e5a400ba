// wevtapi.dll: the XML of events and bookmarks, and the messages of publishers.
import { wevtapi } from './library.ts';

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtrender; sizes are in bytes and include the NUL. With
 * ERROR_INSUFFICIENT_BUFFER `BufferUsed` is the size that is needed.
 */
export const EvtRender = wevtapi.func<
  (
    Context: null,
    Fragment: bigint,
    Flags: number,
    BufferSize: number,
    Buffer: Buffer,
    BufferUsed: Uint32Array,
    PropertyCount: Uint32Array,
  ) => number
>(
  'int32_t __stdcall EvtRender(void *Context, void *Fragment, uint32_t Flags, uint32_t BufferSize, void *Buffer, void *BufferUsed, void *PropertyCount)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_render_flags */
export const EvtRenderEventXml = 1;
export const EvtRenderBookmark = 2;

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtcreatebookmark; returns NULL on failure. */
export const EvtCreateBookmark = wevtapi.func<(BookmarkXml: string | null) => bigint | null>(
  'void * __stdcall EvtCreateBookmark(const char16_t *BookmarkXml)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtupdatebookmark */
export const EvtUpdateBookmark = wevtapi.func<(Bookmark: bigint, Event: bigint) => number>(
  'int32_t __stdcall EvtUpdateBookmark(void *Bookmark, void *Event)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtopenpublishermetadata; `Locale` 0 is the locale of
 * the thread. Returns NULL on failure.
 */
export const EvtOpenPublisherMetadata = wevtapi.func<
  (Session: null, PublisherId: string, LogFilePath: null, Locale: number, Flags: number) => bigint | null
>(
  'void * __stdcall EvtOpenPublisherMetadata(void *Session, const char16_t *PublisherId, const char16_t *LogFilePath, uint32_t Locale, uint32_t Flags)',
);

/**
 * https://learn.microsoft.com/windows/win32/api/winevt/nf-winevt-evtformatmessage; sizes are in characters and include
 * the NUL. With ERROR_INSUFFICIENT_BUFFER `BufferUsed` is the size that is needed.
 */
export const EvtFormatMessage = wevtapi.func<
  (
    PublisherMetadata: bigint,
    Event: bigint,
    MessageId: number,
    ValueCount: number,
    Values: null,
    Flags: number,
    BufferSize: number,
    Buffer: Buffer,
    BufferUsed: Uint32Array,
  ) => number
>(
  'int32_t __stdcall EvtFormatMessage(void *PublisherMetadata, void *Event, uint32_t MessageId, uint32_t ValueCount, void *Values, uint32_t Flags, uint32_t BufferSize, void *Buffer, void *BufferUsed)',
);

/** https://learn.microsoft.com/windows/win32/api/winevt/ne-winevt-evt_format_message_flags */
export const EvtFormatMessageEvent = 1;
