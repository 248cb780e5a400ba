// A double of the service functions of advapi32.dll that adds and changes services by a script.
// services-script.h describes the script.
#define _ADVAPI32_ // declares the functions as exports, not imports
#include "services-script.h"

#define EXPORT __declspec(dllexport)
#define MAX_HANDLES 1024

// A handle of the double, for a scripted service; `real` is the handle of the SCM if the service exists there too.
typedef struct {
  SC_HANDLE real;
  int service, used;
} scripted_handle;

static scripted_handle handles[MAX_HANDLES];
static CRITICAL_SECTION lock;

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved) {
  (void)self, (void)reserved;
  if (reason == DLL_PROCESS_ATTACH) InitializeCriticalSection(&lock);
  return TRUE;
}

static FARPROC real(const char *name) {
  return GetProcAddress(LoadLibraryW(L"advapi32.dll"), name);
}

static scripted_handle *own(SC_HANDLE handle) {
  scripted_handle *entry = (scripted_handle *)handle;
  return entry >= handles && entry < handles + MAX_HANDLES ? entry : NULL;
}

static scripted_service *service_of(scripted_handle *entry) {
  return entry ? &services[entry->service] : NULL;
}

static BOOL fail(DWORD error) {
  SetLastError(error);
  return FALSE;
}

static DWORD type_of(const scripted_service *service) {
  return service->type ? service->type : SERVICE_WIN32_OWN_PROCESS;
}

static void put_status(SERVICE_STATUS_PROCESS *status, const scripted_service *service) {
  *status = (SERVICE_STATUS_PROCESS){
      .dwServiceType = type_of(service), .dwCurrentState = service->state, .dwProcessId = service->pid};
}

static BOOL wanted(const scripted_service *service, DWORD type, DWORD state) {
  DWORD wanted_state = service->state == SERVICE_STOPPED ? SERVICE_INACTIVE : SERVICE_ACTIVE;
  return (type_of(service) & type) && (state & wanted_state);
}

// All rows of the SCM in allocated memory; retries while the list grows.
static ENUM_SERVICE_STATUS_PROCESSW *real_rows(SC_HANDLE manager, DWORD type, DWORD state, const wchar_t *group,
                                               DWORD *count) {
  BOOL(WINAPI *enumerate)(SC_HANDLE, SC_ENUM_TYPE, DWORD, DWORD, void *, DWORD, DWORD *, DWORD *, DWORD *,
                          const wchar_t *) =
      (void *)real("EnumServicesStatusExW");
  DWORD size = 0;
  void *rows = NULL;
  for (;;) {
    DWORD needed = 0, resume = 0;
    if (enumerate(manager, SC_ENUM_PROCESS_INFO, type, state, rows, size, &needed, count, &resume, group)) return rows;
    DWORD error = GetLastError();
    free(rows);
    if (error != ERROR_MORE_DATA) {
      SetLastError(error);
      return NULL;
    }
    size += needed + 4096;
    rows = malloc(size);
  }
}

// As in Windows, rows fill the buffer from the front and texts from the end; what does not fit is for the next call.
typedef struct {
  BYTE *buffer;
  DWORD size, rows, text, needed;
} output;

static wchar_t *put_text(output *out, const wchar_t *text) {
  DWORD bytes = (DWORD)(wcslen(text) + 1) * sizeof(wchar_t);
  out->text -= bytes;
  return memcpy(out->buffer + out->text, text, bytes);
}

static BOOL put_row(output *out, const wchar_t *name, const wchar_t *display, const SERVICE_STATUS_PROCESS *status) {
  ENUM_SERVICE_STATUS_PROCESSW *rows = (void *)out->buffer;
  DWORD texts = (DWORD)(wcslen(name) + wcslen(display) + 2) * sizeof(wchar_t), row = sizeof *rows;
  if (out->needed || (out->rows + 1) * row + texts > out->text) {
    out->needed += row + texts;
    return FALSE;
  }
  wchar_t *name_at = put_text(out, name);
  rows[out->rows++] = (ENUM_SERVICE_STATUS_PROCESSW){name_at, put_text(out, display), *status};
  return TRUE;
}

EXPORT BOOL WINAPI EnumServicesStatusExW(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD type, DWORD state, BYTE *buffer,
                                         DWORD size, DWORD *needed, DWORD *returned, DWORD *resume,
                                         const wchar_t *group) {
  (void)level;
  DWORD count = 0, index = 0, from = resume ? *resume : 0;
  ENUM_SERVICE_STATUS_PROCESSW *rows = real_rows(manager, type, state, group, &count);
  if (!rows) return FALSE;
  EnterCriticalSection(&lock);
  read_script();
  output out = {buffer, buffer ? size : 0, 0, buffer ? size & ~1u : 0, 0};
  for (DWORD i = 0; i < count; i++, index++) {
    if (index < from) continue;
    int found = service_named(rows[i].lpServiceName);
    if (found >= 0 && services[found].type) rows[i].ServiceStatusProcess.dwServiceType = services[found].type;
    put_row(&out, rows[i].lpServiceName, rows[i].lpDisplayName, &rows[i].ServiceStatusProcess);
  }
  for (int i = 0; i < service_count; i++) {
    int is_real = 0;
    for (DWORD j = 0; j < count; j++) is_real |= !_wcsicmp(rows[j].lpServiceName, services[i].name);
    if (is_real || !wanted(&services[i], type, state) || index++ < from) continue;
    SERVICE_STATUS_PROCESS status;
    put_status(&status, &services[i]);
    put_row(&out, services[i].name, services[i].display, &status);
  }
  LeaveCriticalSection(&lock);
  free(rows);
  *needed = out.needed;
  *returned = out.rows;
  if (resume) *resume = out.needed ? from + out.rows : 0;
  return out.needed ? fail(ERROR_MORE_DATA) : TRUE;
}

EXPORT SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, const wchar_t *name, DWORD access) {
  SC_HANDLE(WINAPI *open)(SC_HANDLE, const wchar_t *, DWORD) = (void *)real("OpenServiceW");
  EnterCriticalSection(&lock);
  if (service_count == 0) read_script();
  int service = service_named(name), slot = 0;
  BOOL denied = service >= 0 && !wcscmp(services[service].deny, L"open");
  while (service >= 0 && slot < MAX_HANDLES && handles[slot].used) slot++;
  if (service >= 0 && !denied && slot < MAX_HANDLES) handles[slot] = (scripted_handle){NULL, service, 1};
  LeaveCriticalSection(&lock);
  if (denied) return (SC_HANDLE)(INT_PTR)fail(ERROR_ACCESS_DENIED);
  if (service < 0) return open(manager, name, access);
  if (slot == MAX_HANDLES) return (SC_HANDLE)(INT_PTR)fail(ERROR_TOO_MANY_OPEN_FILES);
  handles[slot].real = open(manager, name, access);
  return (SC_HANDLE)&handles[slot];
}

EXPORT BOOL WINAPI CloseServiceHandle(SC_HANDLE handle) {
  BOOL(WINAPI *close)(SC_HANDLE) = (void *)real("CloseServiceHandle");
  scripted_handle *entry = own(handle);
  if (!entry) return close(handle);
  if (!entry->used) return fail(ERROR_INVALID_HANDLE);
  if (entry->real) close(entry->real);
  entry->used = 0;
  return TRUE;
}

EXPORT BOOL WINAPI QueryServiceConfigW(SC_HANDLE handle, QUERY_SERVICE_CONFIGW *config, DWORD size, DWORD *needed) {
  BOOL(WINAPI *query)(SC_HANDLE, void *, DWORD, DWORD *) = (void *)real("QueryServiceConfigW");
  scripted_handle *entry = own(handle);
  scripted_service *service = service_of(entry);
  if (!entry) return query(handle, config, size, needed);
  if (!wcscmp(service->deny, L"config")) return fail(ERROR_ACCESS_DENIED);
  if (entry->real) return query(entry->real, config, size, needed);
  const wchar_t *texts[] = {service->path, service->group, L"", service->account, service->display};
  DWORD total = sizeof *config;
  for (int i = 0; i < 5; i++) total += (DWORD)(wcslen(texts[i]) + 1) * sizeof(wchar_t);
  *needed = total;
  if (size < total) return fail(ERROR_INSUFFICIENT_BUFFER);
  output out = {(BYTE *)config, size, 0, total, 0};
  wchar_t *at[5];
  for (int i = 0; i < 5; i++) at[i] = put_text(&out, texts[i]);
  *config = (QUERY_SERVICE_CONFIGW){
      type_of(service), service->start, SERVICE_ERROR_NORMAL, at[0], at[1], 0, at[2], at[3], at[4]};
  return TRUE;
}

// SERVICE_TRIGGER and SERVICE_TRIGGER_INFO, which the mingw-w64 headers lack:
// https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_trigger
typedef struct {
  DWORD type, action;
  GUID *subtype;
  DWORD data_items;
  void *data;
} trigger;

typedef struct {
  DWORD count;
  trigger *list;
  BYTE *reserved;
} trigger_info;

// Returns the size of the answer and writes it if the buffer is large enough; 0 for a level that scripts do not have.
static DWORD put_config2(const scripted_service *service, DWORD level, BYTE *buffer, DWORD size) {
  const DWORD trigger_level = 8, launch_protected_level = 12, first_address_available = 2, start_service = 1;
  if (level == SERVICE_CONFIG_DELAYED_AUTO_START_INFO || level == launch_protected_level) {
    DWORD value = level == launch_protected_level ? service->protection : service->delayed;
    if (size >= sizeof(DWORD)) *(DWORD *)buffer = value;
    return sizeof(DWORD);
  }
  if (level != trigger_level) return 0;
  DWORD total = (DWORD)(sizeof(trigger_info) + service->triggers * sizeof(trigger));
  if (size < total) return total;
  trigger *list = (trigger *)(buffer + sizeof(trigger_info));
  for (DWORD i = 0; i < service->triggers; i++)
    list[i] = (trigger){first_address_available, start_service, NULL, 0, NULL};
  *(trigger_info *)buffer = (trigger_info){service->triggers, service->triggers ? list : NULL, NULL};
  return total;
}

EXPORT BOOL WINAPI QueryServiceConfig2W(SC_HANDLE handle, DWORD level, BYTE *buffer, DWORD size, DWORD *needed) {
  BOOL(WINAPI *query)(SC_HANDLE, DWORD, BYTE *, DWORD, DWORD *) = (void *)real("QueryServiceConfig2W");
  scripted_handle *entry = own(handle);
  if (!entry) return query(handle, level, buffer, size, needed);
  if (!wcscmp(service_of(entry)->deny, L"config2")) return fail(ERROR_ACCESS_DENIED);
  DWORD total = put_config2(service_of(entry), level, buffer, size);
  if (total == 0) return entry->real ? query(entry->real, level, buffer, size, needed) : fail(ERROR_INVALID_LEVEL);
  *needed = total;
  return size < total ? fail(ERROR_INSUFFICIENT_BUFFER) : TRUE;
}

EXPORT BOOL WINAPI QueryServiceStatusEx(SC_HANDLE handle, SC_STATUS_TYPE level, BYTE *buffer, DWORD size,
                                        DWORD *needed) {
  BOOL(WINAPI *query)(SC_HANDLE, SC_STATUS_TYPE, BYTE *, DWORD, DWORD *) = (void *)real("QueryServiceStatusEx");
  scripted_handle *entry = own(handle);
  if (!entry || entry->real) return query(entry ? entry->real : handle, level, buffer, size, needed);
  *needed = sizeof(SERVICE_STATUS_PROCESS);
  if (size < *needed) return fail(ERROR_INSUFFICIENT_BUFFER);
  put_status((SERVICE_STATUS_PROCESS *)buffer, service_of(entry));
  return TRUE;
}
