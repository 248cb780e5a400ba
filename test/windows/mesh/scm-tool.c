// Controls the SCM for tests: reads tab-separated commands from a file, one a line, and prints a line for each.
//
//   create NAME TYPE START COMMAND [DISPLAY]  -> create NAME ERROR
//   start|delete NAME                         -> start NAME ERROR
//   stop NAME, control NAME CODE              -> stop NAME ERROR
//   wait NAME STATE MILLISECONDS              -> wait NAME ERROR MS     (258: timeout; MS since the last start)
//   query NAME                                -> query NAME ERROR STATE PID TYPE EXITCODE
//   path NAME COMMAND, kind NAME START        -> path NAME ERROR        (changes the command line, the start type)
//   list                                      -> service NAME STATE PID TYPE for each, then list - ERROR
//
// ERROR is the Win32 code, 0 for success. Numbers are decimal or 0x...; the file and the output are UTF-8.
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define MAX_FIELDS 6

static SC_HANDLE manager;
static ULONGLONG started_at;

static void answer(const wchar_t *verb, const wchar_t *name, DWORD error, const wchar_t *rest) {
  wchar_t line[1024];
  char bytes[4096];
  _snwprintf(line, 1023, L"%ls\t%ls\t%lu%ls", verb, name, error, rest);
  line[1023] = 0;
  WideCharToMultiByte(CP_UTF8, 0, line, -1, bytes, sizeof bytes, NULL, NULL);
  puts(bytes);
}

static DWORD number(const wchar_t *text) {
  return text ? wcstoul(text, NULL, 0) : 0;
}

static DWORD status_of(SC_HANDLE service, SERVICE_STATUS_PROCESS *status) {
  DWORD needed;
  BOOL ok = QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)status, sizeof *status, &needed);
  return ok ? 0 : GetLastError();
}

static DWORD wait_for(SC_HANDLE service, DWORD state, DWORD milliseconds) {
  SERVICE_STATUS_PROCESS status = {0};
  for (DWORD waited = 0;; waited += 20) {
    DWORD error = status_of(service, &status);
    if (error || status.dwCurrentState == state) return error;
    if (waited >= milliseconds) return WAIT_TIMEOUT;
    Sleep(20);
  }
}

static DWORD create(wchar_t **field) {
  const wchar_t *display = field[5] ? field[5] : field[1];
  SC_HANDLE service = CreateServiceW(manager, field[1], display, SERVICE_ALL_ACCESS, number(field[2]),
                                     number(field[3]), SERVICE_ERROR_NORMAL, field[4], NULL, NULL, NULL, NULL, NULL);
  if (!service) return GetLastError();
  CloseServiceHandle(service);
  return 0;
}

static DWORD list(void) {
  DWORD needed = 0, count = 0, resume = 0;
  EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, NULL, 0, &needed, &count,
                        &resume, NULL);
  ENUM_SERVICE_STATUS_PROCESSW *rows = malloc(needed);
  resume = 0;
  if (!EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, (BYTE *)rows, needed,
                             &needed, &count, &resume, NULL)) {
    return GetLastError();
  }
  for (DWORD i = 0; i < count; i++) {
    wchar_t rest[64];
    SERVICE_STATUS_PROCESS *status = &rows[i].ServiceStatusProcess;
    _snwprintf(rest, 63, L"\t%lu\t%lu", status->dwProcessId, status->dwServiceType);
    answer(L"service", rows[i].lpServiceName, status->dwCurrentState, rest);
  }
  return 0;
}

static void command(wchar_t **field) {
  const wchar_t *verb = field[0];
  wchar_t rest[128] = L"";
  DWORD error = 0;
  if (!wcscmp(verb, L"list")) {
    answer(verb, L"-", list(), rest);
    return;
  }
  if (!wcscmp(verb, L"create")) {
    answer(verb, field[1], field[4] ? create(field) : ERROR_INVALID_PARAMETER, rest);
    return;
  }
  SC_HANDLE service = OpenServiceW(manager, field[1], SERVICE_ALL_ACCESS);
  SERVICE_STATUS plain;
  SERVICE_STATUS_PROCESS status = {0};
  if (!service) error = GetLastError();
  else if (!wcscmp(verb, L"start")) {
    started_at = GetTickCount64();
    error = StartServiceW(service, 0, NULL) ? 0 : GetLastError();
  } else if (!wcscmp(verb, L"delete")) error = DeleteService(service) ? 0 : GetLastError();
  else if (!wcscmp(verb, L"stop")) error = ControlService(service, SERVICE_CONTROL_STOP, &plain) ? 0 : GetLastError();
  else if (!wcscmp(verb, L"control")) error = ControlService(service, number(field[2]), &plain) ? 0 : GetLastError();
  else if (!wcscmp(verb, L"path") || !wcscmp(verb, L"kind")) {
    BOOL path = !wcscmp(verb, L"path");
    DWORD start_type = path ? SERVICE_NO_CHANGE : number(field[2]);
    BOOL changed = ChangeServiceConfigW(service, SERVICE_NO_CHANGE, start_type, SERVICE_NO_CHANGE,
                                        path ? field[2] : NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    error = changed ? 0 : GetLastError();
  } else if (!wcscmp(verb, L"wait")) {
    error = wait_for(service, number(field[2]), number(field[3]));
    _snwprintf(rest, 127, L"\t%llu", GetTickCount64() - started_at);
  } else if (!wcscmp(verb, L"query")) {
    error = status_of(service, &status);
    _snwprintf(rest, 127, L"\t%lu\t%lu\t%lu\t%lu", status.dwCurrentState, status.dwProcessId, status.dwServiceType,
               status.dwWin32ExitCode);
  } else error = ERROR_INVALID_FUNCTION;
  answer(verb, field[1], error, rest);
  if (service) CloseServiceHandle(service);
}

int wmain(int argc, wchar_t **argv) {
  FILE *file = argc > 1 ? _wfopen(argv[1], L"rb") : NULL;
  manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  if (!file || !manager) return file ? (int)GetLastError() : 2;
  char bytes[4096];
  wchar_t line[4096];
  while (fgets(bytes, sizeof bytes, file)) {
    bytes[strcspn(bytes, "\r\n")] = 0;
    MultiByteToWideChar(CP_UTF8, 0, bytes, -1, line, 4096);
    wchar_t *field[MAX_FIELDS + 1] = {line};
    for (int i = 0; i < MAX_FIELDS - 1 && field[i]; i++) {
      wchar_t *tab = wcschr(field[i], L'\t');
      if (tab) *tab = 0, field[i + 1] = tab + 1;
    }
    if (field[1] || !wcscmp(line, L"list")) command(field);
    fflush(stdout);
  }
  return 0;
}
