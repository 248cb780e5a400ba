// The script of advapi32-services.c: services, one a line.
//
// COROOT_TEST_SERVICES names the file (a Windows path, UTF-8), which is read at each enumeration. Fields are separated
// by |:
//   name=...            changes the service with this name, or adds it if the SCM has none
//   display= path= account= group=
//   type=0x10 start=3 state=1 pid=0     Win32 numbers; types: 0x50 a per-user service, 0xd0 an instance of one, 0x20 a
//                                       service of a shared process
//   deny=open|config|config2            this call fails with ERROR_ACCESS_DENIED, as for a protected service
//   delayed=1 triggers=N protected=N    answers of QueryServiceConfig2W
// For a service of the SCM only `type`, `deny`, `delayed`, `triggers` and `protected` apply.
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define MAX_SERVICES 256
#define TEXT_CHARS 512

typedef struct {
  wchar_t name[TEXT_CHARS], display[TEXT_CHARS], path[TEXT_CHARS];
  wchar_t account[TEXT_CHARS], group[TEXT_CHARS], deny[TEXT_CHARS];
  DWORD type, start, state, pid, delayed, triggers, protection;
} scripted_service;

static scripted_service services[MAX_SERVICES];
static int service_count;

static int service_named(const wchar_t *name) {
  for (int i = 0; i < service_count; i++) {
    if (!_wcsicmp(services[i].name, name)) return i;
  }
  return -1;
}

static void set_field(scripted_service *service, const wchar_t *key, const wchar_t *value) {
  const struct { const wchar_t *key; wchar_t *text; DWORD *number; } fields[] = {
    {L"name", service->name, NULL}, {L"display", service->display, NULL}, {L"path", service->path, NULL},
    {L"account", service->account, NULL}, {L"group", service->group, NULL}, {L"deny", service->deny, NULL},
    {L"type", NULL, &service->type}, {L"start", NULL, &service->start}, {L"state", NULL, &service->state},
    {L"pid", NULL, &service->pid}, {L"delayed", NULL, &service->delayed}, {L"triggers", NULL, &service->triggers},
    {L"protected", NULL, &service->protection},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    if (wcscmp(fields[i].key, key)) continue;
    if (fields[i].text) wcsncpy(fields[i].text, value, TEXT_CHARS - 1);
    else *fields[i].number = wcstoul(value, NULL, 0);
    return;
  }
  fprintf(stderr, "advapi32-services: unknown field %ls\n", key);
}

// Handles refer to a service by its line number, so a changed script must keep the order of its lines.
static void read_script(void) {
  wchar_t path[1024], line[4096];
  char bytes[8192];
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_SERVICES", path, 1024) ? _wfopen(path, L"rb") : NULL;
  service_count = 0;
  while (file && service_count < MAX_SERVICES && fgets(bytes, sizeof bytes, file)) {
    bytes[strcspn(bytes, "\r\n")] = 0;
    if (!bytes[0] || bytes[0] == '#') continue;
    MultiByteToWideChar(CP_UTF8, 0, bytes, -1, line, 4096);
    scripted_service *service = &services[service_count++];
    *service = (scripted_service){.start = SERVICE_DEMAND_START, .state = SERVICE_STOPPED};
    for (wchar_t *field = line, *next; field; field = next) {
      next = wcschr(field, L'|');
      if (next) *next++ = 0;
      wchar_t *value = wcschr(field, L'=');
      if (value) *value = 0, set_field(service, field, value + 1);
    }
    if (!service->display[0]) wcscpy(service->display, service->name);
  }
  if (file) fclose(file);
}
