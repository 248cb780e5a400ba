// A double of iphlpapi.dll that assigns sockets to other processes and to services in them, by a script.
//
// COROOT_TEST_SOCKETS names the file (a Windows path), which is read at each table. Each line is a rule; the first one
// that matches applies:
//   local=PORT or remote=PORT   the sockets to which it applies
//   pid=N                       their process, in GetExtendedTcpTable
//   module=NAME                 the service or file that GetOwnerModuleFromTcpEntry returns; may be empty
//   error=N                     GetOwnerModuleFromTcpEntry fails with this error
#include <winsock2.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>

#define EXPORT __declspec(dllexport)
#define MAX_RULES 64

typedef struct {
  unsigned local, remote, pid, error;
  char module[64];
} rule;

static rule rules[MAX_RULES];
static int rule_count;

static void read_script(void) {
  wchar_t path[1024];
  char line[256];
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_SOCKETS", path, 1024) ? _wfopen(path, L"rb") : NULL;
  rule_count = 0;
  while (file && rule_count < MAX_RULES && fgets(line, sizeof line, file)) {
    rule *next = &rules[rule_count];
    *next = (rule){0};
    for (char *word = strtok(line, " \r\n"); word; word = strtok(NULL, " \r\n")) {
      sscanf(word, "local=%u", &next->local);
      sscanf(word, "remote=%u", &next->remote);
      sscanf(word, "pid=%u", &next->pid);
      sscanf(word, "error=%u", &next->error);
      sscanf(word, "module=%63s", next->module);
    }
    if (next->local || next->remote) rule_count++;
  }
  if (file) fclose(file);
}

static rule *rule_for(DWORD local, DWORD remote) {
  for (int i = 0; i < rule_count; i++) {
    u_short port = ntohs((u_short)(rules[i].local ? local : remote));
    if ((rules[i].local ? rules[i].local : rules[i].remote) == port) return &rules[i];
  }
  return NULL;
}

#define CHANGE(row, with_module)                                     \
  do {                                                               \
    rule *found = rule_for((row)->dwLocalPort, (row)->dwRemotePort); \
    if (found && found->pid) (row)->dwOwningPid = found->pid;        \
    with_module;                                                     \
  } while (0)
// Stands for the tag of a service: the number of the rule, 0 without one.
#define TAG(row)                                                        \
  (memset((row)->OwningModuleInfo, 0, sizeof (row)->OwningModuleInfo), \
   (row)->OwningModuleInfo[0] = found ? (ULONGLONG)(found - rules + 1) : 0)

EXPORT DWORD WINAPI GetExtendedTcpTable(void *table, DWORD *size, BOOL order, ULONG family, TCP_TABLE_CLASS kind,
                                        ULONG reserved) {
  DWORD(WINAPI * real)(void *, DWORD *, BOOL, ULONG, TCP_TABLE_CLASS, ULONG) =
      (void *)GetProcAddress(LoadLibraryW(L"iphlpapi.dll"), "GetExtendedTcpTable");
  DWORD code = real(table, size, order, family, kind, reserved);
  if (code != NO_ERROR || !table) return code;
  read_script();
  for (DWORD i = 0, count = *(DWORD *)table; i < count; i++) {
    if (family == AF_INET && kind == TCP_TABLE_OWNER_PID_ALL)
      CHANGE(&((MIB_TCPTABLE_OWNER_PID *)table)->table[i], (void)0);
    if (family == AF_INET6 && kind == TCP_TABLE_OWNER_PID_ALL)
      CHANGE(&((MIB_TCP6TABLE_OWNER_PID *)table)->table[i], (void)0);
    MIB_TCPROW_OWNER_MODULE *row = &((MIB_TCPTABLE_OWNER_MODULE *)table)->table[i];
    if (family == AF_INET && kind == TCP_TABLE_OWNER_MODULE_ALL) CHANGE(row, TAG(row));
    MIB_TCP6ROW_OWNER_MODULE *row6 = &((MIB_TCP6TABLE_OWNER_MODULE *)table)->table[i];
    if (family == AF_INET6 && kind == TCP_TABLE_OWNER_MODULE_ALL) CHANGE(row6, TAG(row6));
  }
  return code;
}

static DWORD answer(rule *found, TCPIP_OWNER_MODULE_BASIC_INFO *info, DWORD *size) {
  if (!found) return ERROR_NOT_FOUND;
  if (found->error) return found->error;
  DWORD chars = (DWORD)strlen(found->module) + 1, needed = sizeof *info + chars * sizeof(wchar_t);
  DWORD room = *size;
  *size = needed;
  if (!info || room < needed) return ERROR_INSUFFICIENT_BUFFER;
  info->pModuleName = info->pModulePath = (wchar_t *)(info + 1);
  for (DWORD i = 0; i < chars; i++) info->pModuleName[i] = (unsigned char)found->module[i];
  return NO_ERROR;
}

EXPORT DWORD WINAPI GetOwnerModuleFromTcpEntry(MIB_TCPROW_OWNER_MODULE *row, TCPIP_OWNER_MODULE_INFO_CLASS kind,
                                               void *info, DWORD *size) {
  if (!row || !size || kind != TCPIP_OWNER_MODULE_INFO_BASIC) return ERROR_INVALID_PARAMETER;
  return answer(rule_for(row->dwLocalPort, row->dwRemotePort), info, size);
}

EXPORT DWORD WINAPI GetOwnerModuleFromTcp6Entry(MIB_TCP6ROW_OWNER_MODULE *row, TCPIP_OWNER_MODULE_INFO_CLASS kind,
                                                void *info, DWORD *size) {
  if (!row || !size || kind != TCPIP_OWNER_MODULE_INFO_BASIC) return ERROR_INVALID_PARAMETER;
  return answer(rule_for(row->dwLocalPort, row->dwRemotePort), info, size);
}
