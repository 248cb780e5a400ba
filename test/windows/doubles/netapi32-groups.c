// A double of the local groups of netapi32.dll.
//
// COROOT_TEST_RECORD names a folder (a Windows path); each line of its groups.txt is a member: `GROUP<tab>SID`.
#define _NETAPI32_
#include <windows.h>
#include <lm.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __declspec(dllexport)
#define MAX_MEMBERS 64

typedef struct {
  wchar_t group[128], sid[200];
} member;

static member members[MAX_MEMBERS];
static int count;

static FILE *open_list(const wchar_t *mode) {
  wchar_t folder[512], path[1024];
  if (!GetEnvironmentVariableW(L"COROOT_TEST_RECORD", folder, 512)) return NULL;
  _snwprintf(path, 1023, L"%ls\\groups.txt", folder);
  return _wfopen(path, mode);
}

static void load(void) {
  FILE *file = open_list(L"r");
  count = 0;
  if (!file) return;
  while (count < MAX_MEMBERS &&
         fwscanf(file, L"%127l[^\t]\t%199l[^\n]\n", members[count].group, members[count].sid) == 2)
    count++;
  fclose(file);
}

static void save(void) {
  FILE *file = open_list(L"w");
  if (!file) return;
  for (int i = 0; i < count; i++) {
    if (members[i].group[0]) fwprintf(file, L"%ls\t%ls\n", members[i].group, members[i].sid);
  }
  fclose(file);
}

static int find(const wchar_t *group, const wchar_t *sid) {
  load();
  for (int i = 0; i < count; i++) {
    if (!wcscmp(members[i].group, group) && !wcscmp(members[i].sid, sid)) return i;
  }
  return -1;
}

static wchar_t *text_of(BYTE *buffer) {
  wchar_t *text = NULL;
  ConvertSidToStringSidW(((LOCALGROUP_MEMBERS_INFO_0 *)buffer)->lgrmi0_sid, &text);
  return text ? text : L"no SID";
}

EXPORT NET_API_STATUS WINAPI NetLocalGroupAddMembers(const wchar_t *server, const wchar_t *group, DWORD level,
                                                     BYTE *buffer, DWORD total) {
  (void)server;
  if (level != 0 || total != 1) return ERROR_INVALID_LEVEL;
  wchar_t *sid = text_of(buffer);
  if (find(group, sid) >= 0) return ERROR_MEMBER_IN_ALIAS;
  if (count == MAX_MEMBERS) return ERROR_NOT_ENOUGH_MEMORY;
  wcsncpy(members[count].group, group, 127);
  wcsncpy(members[count++].sid, sid, 199);
  save();
  return NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetLocalGroupDelMembers(const wchar_t *server, const wchar_t *group, DWORD level,
                                                     BYTE *buffer, DWORD total) {
  (void)server;
  if (level != 0 || total != 1) return ERROR_INVALID_LEVEL;
  int at = find(group, text_of(buffer));
  if (at < 0) return ERROR_MEMBER_NOT_IN_ALIAS;
  members[at].group[0] = 0;
  save();
  return NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetLocalGroupGetMembers(const wchar_t *server, const wchar_t *group, DWORD level,
                                                     BYTE **buffer, DWORD wanted, DWORD *read, DWORD *total,
                                                     DWORD_PTR *resume) {
  (void)server, (void)wanted, (void)resume;
  if (level != 0) return ERROR_INVALID_LEVEL;
  load();
  LOCALGROUP_MEMBERS_INFO_0 *rows = LocalAlloc(LPTR, MAX_MEMBERS * sizeof *rows);
  DWORD found = 0;
  for (int i = 0; i < count; i++) {
    if (!wcscmp(members[i].group, group)) ConvertStringSidToSidW(members[i].sid, &rows[found++].lgrmi0_sid);
  }
  *buffer = (BYTE *)rows;
  *read = *total = found;
  return NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetApiBufferFree(void *buffer) {
  LocalFree(buffer);
  return NERR_Success;
}
