// A double of wevtapi.dll: an Event Log by a script (event-log-script.h), with the faults of a real one.
//
//   COROOT_TEST_EVENT_LOG_CALLS  a file to which calls are logged
#define _WIN32_WINNT 0x0A00
#include "event-log-script.h"

#define EXPORT __declspec(dllexport)

static DWORD WINAPI follow(void *unused) {
  (void)unused;
  for (;;) {
    EnterCriticalSection(&lock);
    read_script();
    LeaveCriticalSection(&lock);
    Sleep(20);
  }
  return 0;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved) {
  (void)reserved;
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  InitializeCriticalSection(&lock);
  read_script();
  // The thread runs to the end of the process, also when the DLL is unloaded before.
  HMODULE pinned;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)module, &pinned);
  CreateThread(NULL, 0, follow, NULL, 0, NULL);
  return TRUE;
}

static EVT_HANDLE leave(EVT_HANDLE result, DWORD code) {
  LeaveCriticalSection(&lock);
  SetLastError(code);
  return result;
}

// Enters the lock; returns 0 with the error set, and the lock left, while the service is down.
static int enter(void) {
  EnterCriticalSection(&lock);
  if (!down) return 1;
  leave(NULL, down);
  return 0;
}

static EVT_HANDLE add_object(object value) {
  for (int tries = 0; tries < MAX_HANDLES - 1; tries++) {
    last_object = last_object < MAX_HANDLES - 1 ? last_object + 1 : last_object;
    int at = last_object;
    if (objects[at])
      for (at = 1; at < MAX_HANDLES && objects[at];) at++;
    objects[at] = malloc(sizeof(object));
    *objects[at] = value;
    objects[at]->generation = generation;
    return (EVT_HANDLE)(UINT_PTR)at;
  }
  return NULL;
}

static object *get_object(EVT_HANDLE handle, kind wanted) {
  UINT_PTR at = (UINT_PTR)handle;
  object *found = at && at < MAX_HANDLES ? objects[at] : NULL;
  if (!found || found->kind != wanted) return NULL;
  return wanted == BOOKMARK || found->generation == generation ? found : NULL;
}

static DWORD check_channel(LPCWSTR name, channel **found) {
  *found = find_channel(name);
  wcscpy(last_status, *found ? (*found)->status : L"");
  return *found ? (*found)->error : ERROR_EVT_CHANNEL_NOT_FOUND;
}

EXPORT EVT_HANDLE WINAPI EvtSubscribe(EVT_HANDLE session, HANDLE signal, LPCWSTR path, LPCWSTR query,
                                      EVT_HANDLE bookmark, PVOID context, EVT_SUBSCRIBE_CALLBACK callback,
                                      DWORD flags) {
  (void)session, (void)context, (void)callback;
  if (!enter()) return NULL;
  channel *on;
  DWORD code = check_channel(path, &on);
  object *mark = get_object(bookmark, BOOKMARK);
  UINT64 at = 0;
  int all = !wcscmp(query, L"*");
  if (!code && (flags & EvtSubscribeOriginMask) == EvtSubscribeStartAfterBookmark) {
    at = mark ? mark->at : 0;
    record *found = find_record(on, at);
    if (flags & EvtSubscribeStrict && (!found || !(all || found->match))) code = ERROR_EVT_QUERY_RESULT_STALE;
  }
  note("EvtSubscribe %ls %ls %lx %llu -> %lu", path, query, flags, at, code);
  if (code) return leave(NULL, code);
  object added = {.kind = SUBSCRIPTION, .channel = on, .at = at, .all = all, .signal = signal};
  SetEvent(signal);
  return leave(add_object(added), 0);
}

EXPORT EVT_HANDLE WINAPI EvtQuery(EVT_HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags) {
  (void)session, (void)query;
  if (!enter()) return NULL;
  channel *on;
  DWORD code = check_channel(path, &on);
  if (code) return leave(NULL, code);
  int is_reverse = (flags & EvtQueryReverseDirection) != 0;
  object added = {.kind = QUERY, .channel = on, .at = is_reverse && newest(on) ? newest(on) - 1 : 0, .all = 1};
  return leave(add_object(added), 0);
}

EXPORT BOOL WINAPI EvtNext(EVT_HANDLE results, DWORD size, EVT_HANDLE *events, DWORD timeout, DWORD flags,
                           PDWORD returned) {
  (void)timeout, (void)flags;
  if (!enter()) return FALSE;
  object *from = get_object(results, SUBSCRIPTION);
  if (!from) from = get_object(results, QUERY);
  if (!from) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
  const channel *on = from->channel;
  DWORD count = 0;
  int fails = 0;
  UINT64 last = from->at;
  size_t first = on->first;
  // Numbers ascend by one in each part, so most records can be left out at once.
  if (first < on->count && on->records[first].id <= last && on->records[on->count - 1].id > last)
    first += (size_t)(last - on->records[first].id);
  for (size_t i = first; i < on->count && count < size && !from->stuck; i++) {
    const record *each = &on->records[i];
    if (each->id <= from->at || !(from->all || each->match)) continue;
    fails |= each->oversized;
    last = each->id;
    object added = {.kind = EVENT, .channel = from->channel, .event = *each};
    events[count++] = add_object(added);
  }
  if (from->kind == QUERY) from->at = newest(on);
  else from->at = last;
  if (count > (DWORD)most || fails) {
    for (DWORD i = 0; i < count; i++) free(objects[(UINT_PTR)events[i]]), objects[(UINT_PTR)events[i]] = NULL;
    return leave(NULL, INVALID_BOUND), FALSE;
  }
  *returned = count;
  if (!count) return leave(NULL, ERROR_NO_MORE_ITEMS), FALSE;
  leave(NULL, 0);
  return TRUE;
}

// Writes a text as EvtRender and EvtFormatMessage do; sizes are in characters. Leaves the lock.
static BOOL give_text(const wchar_t *text, size_t length, DWORD size, wchar_t *buffer, DWORD unit, PDWORD used) {
  *used = (DWORD)(length + 1) * unit;
  if (size <= length) return leave(NULL, ERROR_INSUFFICIENT_BUFFER), FALSE;
  memcpy(buffer, text, (length + 1) * sizeof(wchar_t));
  leave(NULL, 0);
  return TRUE;
}

EXPORT BOOL WINAPI EvtRender(EVT_HANDLE context, EVT_HANDLE fragment, DWORD flags, DWORD size, PVOID buffer,
                             PDWORD used, PDWORD properties) {
  (void)context;
  *properties = 0;
  if (!enter()) return FALSE;
  if (flags == EvtRenderBookmark) {
    object *mark = get_object(fragment, BOOKMARK);
    if (!mark) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
    wchar_t text[512];
    swprintf(text, 512, L"<BookmarkList>\r\n  <Bookmark Channel='%ls' RecordId='%llu' IsCurrent='true'/>\r\n"
             L"</BookmarkList>", mark->name, mark->at);
    return give_text(text, wcslen(text), size / 2, buffer, 2, used);
  }
  object *event = get_object(fragment, EVENT);
  if (!event) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
  if (event->event.error) return leave(NULL, event->event.error), FALSE;
  if (event->event.size) {
    *used = event->event.size;
    return leave(NULL, ERROR_INSUFFICIENT_BUFFER), FALSE;
  }
  return give_text(event->event.xml, event->event.characters, size / 2, buffer, 2, used);
}

EXPORT EVT_HANDLE WINAPI EvtCreateBookmark(LPCWSTR xml) {
  if (!enter()) return NULL;
  object added = {.kind = BOOKMARK};
  if (xml) {
    const wchar_t *id = wcsstr(xml, L"RecordId='"), *name = wcsstr(xml, L"Channel='");
    if (!id || !name) return leave(NULL, ERROR_EVT_MALFORMED_XML_TEXT);
    added.at = _wcstoui64(id + 10, NULL, 10);
    for (size_t i = 0; name[9 + i] && name[9 + i] != '\'' && i < NAME - 1; i++) added.name[i] = name[9 + i];
  }
  return leave(add_object(added), 0);
}

EXPORT BOOL WINAPI EvtUpdateBookmark(EVT_HANDLE bookmark, EVT_HANDLE event) {
  if (!enter()) return FALSE;
  object *mark = get_object(bookmark, BOOKMARK), *at = get_object(event, EVENT);
  if (!mark || !at) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
  mark->at = at->event.id;
  wcscpy(mark->name, at->channel->name);
  leave(NULL, 0);
  return TRUE;
}

EXPORT EVT_HANDLE WINAPI EvtOpenPublisherMetadata(EVT_HANDLE session, LPCWSTR name, LPCWSTR file, LCID locale,
                                                  DWORD flags) {
  (void)session, (void)file, (void)flags;
  if (!enter()) return NULL;
  const message *found = NULL;
  for (int i = 0; i < message_count; i++)
    if (!_wcsicmp(messages[i].provider, name) && messages[i].locale == locale) found = &messages[i];
  note("EvtOpenPublisherMetadata %ls %lu -> %d", name, locale, found != NULL);
  if (!found) return leave(NULL, ERROR_FILE_NOT_FOUND);
  object added = {.kind = PUBLISHER, .message = found};
  return leave(add_object(added), 0);
}

EXPORT BOOL WINAPI EvtFormatMessage(EVT_HANDLE publisher, EVT_HANDLE event, DWORD id, DWORD count, PEVT_VARIANT values,
                                    DWORD flags, DWORD size, LPWSTR buffer, PDWORD used) {
  (void)id, (void)count, (void)values, (void)flags;
  if (!enter()) return FALSE;
  object *from = get_object(publisher, PUBLISHER), *about = get_object(event, EVENT);
  if (!from || !about) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
  DWORD code = from->message->code;
  BOOL done = FALSE;
  // The text is written in spite of an insert that cannot be resolved.
  if (!code || (code >= ERROR_EVT_UNRESOLVED_VALUE_INSERT && code <= ERROR_EVT_MAX_INSERTS_REACHED))
    done = give_text(from->message->text, wcslen(from->message->text), size, buffer, 1, used);
  else leave(NULL, code);
  if (done && code) return SetLastError(code), FALSE;
  return done;
}

EXPORT EVT_HANDLE WINAPI EvtOpenLog(EVT_HANDLE session, LPCWSTR path, DWORD flags) {
  (void)session, (void)flags;
  if (!enter()) return NULL;
  channel *on = find_channel(path);
  if (!on) return leave(NULL, ERROR_EVT_CHANNEL_NOT_FOUND);
  object added = {.kind = LOG, .channel = on};
  return leave(add_object(added), 0);
}

EXPORT BOOL WINAPI EvtGetLogInfo(EVT_HANDLE log, EVT_LOG_PROPERTY_ID property, DWORD size, PEVT_VARIANT value,
                                 PDWORD used) {
  if (!enter()) return FALSE;
  object *of = get_object(log, LOG);
  if (!of) return leave(NULL, ERROR_INVALID_HANDLE), FALSE;
  *used = sizeof(EVT_VARIANT);
  if (size < sizeof(EVT_VARIANT)) return leave(NULL, ERROR_INSUFFICIENT_BUFFER), FALSE;
  const channel *on = of->channel;
  size_t count = on->count - on->first;
  value->Type = EvtVarTypeUInt64;
  value->Count = 0;
  value->UInt64Val = property == EvtLogNumberOfLogRecords ? count : count ? on->records[on->first].id : 0;
  leave(NULL, 0);
  return TRUE;
}

EXPORT DWORD WINAPI EvtGetExtendedStatus(DWORD size, LPWSTR buffer, PDWORD used) {
  EnterCriticalSection(&lock);
  *used = (DWORD)wcslen(last_status) + 1;
  DWORD code = size < *used ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS;
  if (!code) wcscpy(buffer, last_status);
  LeaveCriticalSection(&lock);
  return code;
}

EXPORT BOOL WINAPI EvtClose(EVT_HANDLE handle) {
  EnterCriticalSection(&lock);
  UINT_PTR at = (UINT_PTR)handle;
  int is_open = at && at < MAX_HANDLES && objects[at];
  if (!is_open) note("closed twice: %llu", (unsigned long long)at);
  else free(objects[at]), objects[at] = NULL;
  while (last_object && !objects[last_object]) last_object--;
  leave(NULL, is_open ? 0 : ERROR_INVALID_HANDLE);
  return is_open;
}

// Not a function of wevtapi: how many handles are not closed.
EXPORT int WINAPI CountOpenHandles(void) {
  int open = 0;
  for (int i = 1; i <= last_object; i++) open += objects[i] != NULL;
  return open;
}
