// A double of the event tracing functions of advapi32.dll that delivers events by a script.
//
//   COROOT_TEST_ETW      the script (a Windows path), which is read at each StartTraceW; lines:
//     start-error CODE       StartTraceW fails
//     stuck                  ProcessTrace never returns, even when the session ends and the trace is closed
//     late MS                ProcessTrace returns this long after the session ended
//     stuck-start            StartTraceW never returns
//     stuck-stop             ControlTraceW never returns from a stop
//     enable-error GUID CODE EnableTraceEx2 fails for this provider (32 hexadecimal digits, as in memory)
//     refuse-properties      EnableTraceEx2 fails with error 87 when EnableProperty is not 0
//     lost E B R             the losses that a query returns: events, log buffers, real-time buffers
//     query-error CODE       a query fails
//     end-after MS           the session is stopped this long after the start of ProcessTrace, as by another program
//     cpu MHZ                processor frequency in the log file header
//     follow                 after the events of the script, deliver lines that are appended to it later
//     wait MS                in appended lines: delay before the next line
//     rate N SECONDS         deliver the events in turn, N a second; without it each event is delivered once
//     event GUID ID VERSION PID OPCODE PAYLOAD CONTAINER [narrow]
//                            payload in hexadecimal digits; `-` for an empty payload and for no container; `narrow`
//                            for an event of a 32-bit program
//   COROOT_TEST_ETW_LOG  a file to which each call is logged, bytes in hexadecimal digits
//
// A session outlives its process: it is the file `SCRIPT.NAME` next to the script until it is stopped.
//
// The two macros declare the functions as exports, not imports.
#define _WMI_SOURCE_
#define _ADVAPI32_
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <wmistr.h>
#include <evntrace.h>
#include <evntcons.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __declspec(dllexport)
#define MAX_EVENTS 512
#define LINE_BYTES (160 * 1024)
#define SESSION 77
#define CONSUMER 88

typedef struct {
  GUID provider;
  USHORT id;
  UCHAR version, opcode;
  ULONG pid;
  BYTE *payload;
  USHORT length;
  char container[128];
  int narrow;
} event_line;

static struct {
  ULONG start_error, query_error, enable_error, end_after, late, cpu, rate, seconds;
  ULONG lost[3];
  int stuck, stuck_start, stuck_stop, refuse_properties, follow;
  long end;
  GUID refused;
  event_line events[MAX_EVENTS];
  int count;
} script;

static volatile LONG alive, processing;
static wchar_t session_name[256];
static PEVENT_RECORD_CALLBACK on_event;
static void *context;
static CRITICAL_SECTION lock;

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved) {
  (void)module, (void)reserved;
  if (reason == DLL_PROCESS_ATTACH) InitializeCriticalSection(&lock);
  return TRUE;
}

static FILE *open_by(const wchar_t *variable, const wchar_t *mode) {
  wchar_t path[1024];
  return GetEnvironmentVariableW(variable, path, 1024) ? _wfopen(path, mode) : NULL;
}

static const char *hex(const void *bytes, size_t length) {
  static char text[2 * 8192 + 1];
  if (length > 8192) length = 8192;
  for (size_t i = 0; i < length; i++) sprintf(text + 2 * i, "%02x", ((const BYTE *)bytes)[i]);
  text[2 * length] = 0;
  return text;
}

static void note(const char *format, ...) {
  EnterCriticalSection(&lock);
  FILE *file = open_by(L"COROOT_TEST_ETW_LOG", L"ab");
  if (file) {
    va_list values;
    va_start(values, format);
    vfprintf(file, format, values);
    va_end(values);
    fputc('\n', file);
    fclose(file);
  }
  LeaveCriticalSection(&lock);
}

static size_t unhex(const char *text, BYTE *bytes) {
  size_t length = 0;
  unsigned value;
  while (text[0] && text[1] && sscanf(text, "%2x", &value) == 1) bytes[length++] = (BYTE)value, text += 2;
  return length;
}

// The caller frees the payload.
static int read_event(char *line, event_line *event) {
  char *guid = strtok(line, " "), *id = strtok(NULL, " "), *version = strtok(NULL, " "), *pid = strtok(NULL, " ");
  char *opcode = strtok(NULL, " "), *payload = strtok(NULL, " ");
  char *container = strtok(NULL, " \r\n"), *narrow = strtok(NULL, " \r\n");
  if (!container) return 0;
  unhex(guid, (BYTE *)&event->provider);
  event->id = (USHORT)atoi(id);
  event->version = (UCHAR)atoi(version);
  event->pid = strtoul(pid, NULL, 10);
  event->opcode = (UCHAR)atoi(opcode);
  event->payload = malloc(strlen(payload) / 2 + 1);
  event->length = (USHORT)(*payload == '-' ? 0 : unhex(payload, event->payload));
  event->narrow = narrow != NULL;
  snprintf(event->container, sizeof event->container, "%s", *container == '-' ? "" : container);
  return 1;
}

static void read_script(void) {
  for (int i = 0; i < script.count; i++) free(script.events[i].payload);
  ZeroMemory(&script, sizeof script);
  FILE *file = open_by(L"COROOT_TEST_ETW", L"rb");
  char *line = malloc(LINE_BYTES);
  char guid[64];
  while (file && fgets(line, LINE_BYTES, file)) {
    sscanf(line, "start-error %lu", &script.start_error);
    sscanf(line, "query-error %lu", &script.query_error);
    sscanf(line, "lost %lu %lu %lu", &script.lost[0], &script.lost[1], &script.lost[2]);
    sscanf(line, "end-after %lu", &script.end_after);
    sscanf(line, "late %lu", &script.late);
    sscanf(line, "cpu %lu", &script.cpu);
    sscanf(line, "rate %lu %lu", &script.rate, &script.seconds);
    if (sscanf(line, "enable-error %63s %lu", guid, &script.enable_error) == 2) unhex(guid, (BYTE *)&script.refused);
    if (!strncmp(line, "stuck-stop", 10)) script.stuck_stop = 1;
    else if (!strncmp(line, "stuck-start", 11)) script.stuck_start = 1;
    else if (!strncmp(line, "stuck", 5)) script.stuck = 1;
    if (!strncmp(line, "refuse-properties", 17)) script.refuse_properties = 1;
    if (!strncmp(line, "follow", 6)) script.follow = 1;
    int is_event = !strncmp(line, "event ", 6) && script.count < MAX_EVENTS;
    if (is_event && read_event(line + 6, &script.events[script.count])) script.count++;
  }
  free(line);
  script.end = file ? ftell(file) : 0;
  if (file) fclose(file);
}

typedef enum { EXISTS, BEGIN, END } session_action;

// Whether a session with this name exists, for all processes; BEGIN creates it, END removes it.
static int session_file(LPCWSTR name, session_action action) {
  wchar_t path[1400];
  DWORD length = GetEnvironmentVariableW(L"COROOT_TEST_ETW", path, 1024);
  swprintf(path + length, 1400 - length, L".%ls", name);
  if (action == BEGIN) {
    FILE *file = _wfopen(path, L"wb");
    if (file) fclose(file);
  } else if (action == END)
    DeleteFileW(path);
  return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

EXPORT ULONG WINAPI StartTraceW(PTRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties) {
  read_script();
  if (script.stuck_start) note("StartTraceW hangs");
  while (script.stuck_start) Sleep(100);
  ULONG code = script.start_error;
  if (!code && session_file(name, EXISTS)) code = ERROR_ALREADY_EXISTS;
  note("StartTraceW %ls %lu %s", name, code, hex(properties, sizeof *properties));
  if (code) return code;
  *handle = SESSION;
  wcscpy(session_name, name);
  session_file(name, BEGIN);
  InterlockedExchange(&alive, 1);
  return ERROR_SUCCESS;
}

EXPORT ULONG WINAPI ControlTraceW(TRACEHANDLE handle, LPCWSTR name, PEVENT_TRACE_PROPERTIES properties, ULONG control) {
  LPCWSTR which = handle ? session_name : name;
  ULONG code = session_file(which, EXISTS) && (alive || !handle) ? ERROR_SUCCESS : ERROR_WMI_INSTANCE_NOT_FOUND;
  if (!code && control == EVENT_TRACE_CONTROL_QUERY) {
    code = script.query_error;
    properties->EventsLost = script.lost[0];
    properties->LogBuffersLost = script.lost[1];
    properties->RealTimeBuffersLost = script.lost[2];
  } else if (!code && control == EVENT_TRACE_CONTROL_STOP) {
    while (script.stuck_stop) Sleep(100);
    session_file(which, END);
    if (!wcscmp(which, session_name)) InterlockedExchange(&alive, 0);
  }
  if (control != EVENT_TRACE_CONTROL_QUERY)
    note("ControlTraceW %ls %lu %lu", handle ? L"(handle)" : name, control, code);
  return code;
}

EXPORT ULONG WINAPI EnableTraceEx2(TRACEHANDLE handle, LPCGUID provider, ULONG control, UCHAR level, ULONGLONG any,
                                   ULONGLONG all, ULONG timeout, PENABLE_TRACE_PARAMETERS parameters) {
  ULONG code = handle == SESSION && alive ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
  if (!code && parameters->EnableProperty && script.refuse_properties) code = ERROR_INVALID_PARAMETER;
  if (!code && script.enable_error && !memcmp(provider, &script.refused, sizeof(GUID))) code = script.enable_error;
  char guid[33];
  strcpy(guid, hex(provider, sizeof(GUID)));
  PEVENT_FILTER_DESCRIPTOR filter = parameters->EnableFilterDesc;
  note("EnableTraceEx2 %s %lu %u %016llx %016llx %lu version=%lu property=%lx flags=%lx filters=%lu type=%lx %s -> %lu",
       guid, control, level, any, all, timeout, parameters->Version, parameters->EnableProperty,
       parameters->ControlFlags, parameters->FilterDescCount, filter->Type,
       hex((void *)(ULONG_PTR)filter->Ptr, filter->Size), code);
  return code;
}

EXPORT TRACEHANDLE WINAPI OpenTraceW(PEVENT_TRACE_LOGFILEW file) {
  note("OpenTraceW %ls mode=%lx", file->LoggerName, file->ProcessTraceMode);
  if (!alive) return SetLastError(ERROR_WMI_INSTANCE_NOT_FOUND), INVALID_PROCESSTRACE_HANDLE;
  on_event = file->EventRecordCallback;
  context = file->Context;
  file->LogfileHeader.CpuSpeedInMHz = script.cpu;
  return CONSUMER;
}

static void deliver(const event_line *line) {
  EVENT_RECORD record;
  EVENT_HEADER_EXTENDED_DATA_ITEM items[2];
  ZeroMemory(&record, sizeof record);
  ZeroMemory(items, sizeof items);
  record.EventHeader.Size = (USHORT)(sizeof record.EventHeader + line->length);
  record.EventHeader.Flags = line->narrow ? EVENT_HEADER_FLAG_32_BIT_HEADER : EVENT_HEADER_FLAG_64_BIT_HEADER;
  record.EventHeader.ProcessId = line->pid;
  record.EventHeader.ThreadId = GetCurrentThreadId();
  GetSystemTimeAsFileTime((FILETIME *)&record.EventHeader.TimeStamp);
  record.EventHeader.ProviderId = line->provider;
  record.EventHeader.EventDescriptor.Id = line->id;
  record.EventHeader.EventDescriptor.Version = line->version;
  record.EventHeader.EventDescriptor.Opcode = line->opcode;
  record.UserDataLength = line->length;
  record.UserData = line->payload;
  record.UserContext = context;
  if (line->container[0]) {
    // The container id is not the first item, as can happen in a real session.
    static ULONGLONG key = 1;
    items[0].ExtType = 0xD, items[0].DataSize = 8, items[0].DataPtr = (ULONG_PTR)&key;
    items[1].ExtType = 0x10, items[1].DataSize = (USHORT)strlen(line->container);
    items[1].DataPtr = (ULONG_PTR)line->container;
    record.EventHeader.Flags |= EVENT_HEADER_FLAG_EXTENDED_INFO;
    record.ExtendedData = items;
    record.ExtendedDataCount = 2;
  }
  on_event(&record);
}

// Delivers lines that were appended since the last call; an incomplete line waits for its end.
static void deliver_appended(void) {
  static char line[LINE_BYTES];
  FILE *file = open_by(L"COROOT_TEST_ETW", L"rb");
  if (!file) return;
  fseek(file, script.end, SEEK_SET);
  while (alive && fgets(line, LINE_BYTES, file) && strchr(line, '\n')) {
    script.end = ftell(file);
    event_line event;
    ULONG wait = 0;
    if (sscanf(line, "wait %lu", &wait) == 1)
      for (ULONGLONG until = GetTickCount64() + wait; alive && GetTickCount64() < until;) Sleep(1);
    else if (!strncmp(line, "event ", 6) && read_event(line + 6, &event)) {
      deliver(&event);
      free(event.payload);
    }
  }
  fclose(file);
}

EXPORT ULONG WINAPI ProcessTrace(PTRACEHANDLE handles, ULONG count, LPFILETIME from, LPFILETIME to) {
  (void)from, (void)to;
  if (count != 1 || handles[0] != CONSUMER) return ERROR_INVALID_HANDLE;
  InterlockedExchange(&processing, 1);
  note("ProcessTrace begins");
  ULONGLONG began = GetTickCount64(), sent = 0, ran = 0;
  ULONGLONG wanted = script.rate ? (ULONGLONG)script.rate * script.seconds : (ULONGLONG)script.count;
  if (!script.count) wanted = 0;
  int logged = 0;
  for (; alive || script.stuck; ran = GetTickCount64() - began) {
    ULONGLONG due = script.rate ? script.rate * ran / 1000 : wanted;
    for (; alive && sent < due && sent < wanted; sent++) deliver(&script.events[sent % script.count]);
    if (sent == wanted && !logged) note("delivered %llu in %llu ms", sent, GetTickCount64() - began), logged = 1;
    if (script.end_after && ran >= script.end_after) session_file(session_name, END), InterlockedExchange(&alive, 0);
    if (script.follow && sent == wanted) deliver_appended();
    Sleep(script.follow ? 10 : 1);
  }
  Sleep(script.late);
  note("ProcessTrace ends");
  InterlockedExchange(&processing, 0);
  return ERROR_SUCCESS;
}

EXPORT ULONG WINAPI CloseTrace(TRACEHANDLE handle) {
  ULONG code = handle == CONSUMER ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
  if (!code && processing) code = ERROR_CTX_CLOSE_PENDING;
  note("CloseTrace %lu", code);
  return code;
}
