// A double of advapi32.dll that records service configuration and events, which Wine does not keep.
//
//   COROOT_TEST_RECORD  a folder (a Windows path): config.txt has a line for each ChangeServiceConfig2W, events.txt one
//                       for each ReportEventW, accounts.txt one for each ChangeServiceConfigW with an account,
//                       level-N.bin the answer of QueryServiceConfig2W
//   COROOT_TEST_DENY    when set, the right to create services is refused
#define _ADVAPI32_ // declares the functions as exports, not imports
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __declspec(dllexport)

static FARPROC real(const char *name) {
  return GetProcAddress(LoadLibraryW(L"advapi32.dll"), name);
}

static FILE *in_folder(const wchar_t *name, const wchar_t *mode) {
  wchar_t folder[512], path[1024];
  if (!GetEnvironmentVariableW(L"COROOT_TEST_RECORD", folder, 512)) return NULL;
  _snwprintf(path, 1023, L"%ls\\%ls", folder, name);
  path[1023] = 0;
  return _wfopen(path, mode);
}

static FILE *level_file(DWORD level, const wchar_t *mode) {
  wchar_t name[32];
  _snwprintf(name, 31, L"level-%lu.bin", level);
  return in_folder(name, mode);
}

static void put_utf8(FILE *file, const wchar_t *text) {
  char bytes[32768];
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  for (int i = 0; i + 1 < length; i++) {
    if (bytes[i] == '\n') fputs("\\n", file);
    else fputc(bytes[i], file);
  }
}

static void record(DWORD level, void *info) {
  FILE *text = in_folder(L"config.txt", L"ab");
  FILE *kept = level_file(level, L"wb");
  if (!text || !kept) return;
  fprintf(text, "%lu", level);
  if (level == SERVICE_CONFIG_FAILURE_ACTIONS) {
    SERVICE_FAILURE_ACTIONSW *actions = info;
    fprintf(text, " reset=%lu reboot=%s command=%s count=%lu", actions->dwResetPeriod,
            actions->lpRebootMsg ? "yes" : "no", actions->lpCommand ? "yes" : "no", actions->cActions);
    fwrite(&actions->dwResetPeriod, 4, 1, kept);
    fwrite(&actions->cActions, 4, 1, kept);
    for (DWORD i = 0; i < actions->cActions; i++)
      fprintf(text, " %d:%lu", actions->lpsaActions[i].Type, actions->lpsaActions[i].Delay);
    fwrite(actions->lpsaActions, sizeof(SC_ACTION), actions->cActions, kept);
  } else if (level == SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO) {
    const wchar_t *name = ((SERVICE_REQUIRED_PRIVILEGES_INFOW *)info)->pmszRequiredPrivileges;
    for (; *name; name += wcslen(name) + 1) {
      fputc(' ', text);
      put_utf8(text, name);
      fwrite(name, 2, wcslen(name) + 1, kept);
    }
    fwrite(L"", 2, 1, kept);
  } else if (level == SERVICE_CONFIG_DESCRIPTION) {
    fputc(' ', text);
    put_utf8(text, ((SERVICE_DESCRIPTIONW *)info)->lpDescription);
  } else {
    // The other levels are one DWORD or BOOL.
    fprintf(text, " %lu", *(DWORD *)info);
    fwrite(info, 4, 1, kept);
  }
  fputc('\n', text);
  fclose(text);
  fclose(kept);
}

static BOOL is_ours(DWORD level) {
  return level == SERVICE_CONFIG_FAILURE_ACTIONS || level == SERVICE_CONFIG_FAILURE_ACTIONS_FLAG ||
         level == SERVICE_CONFIG_SERVICE_SID_INFO || level == SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO;
}

EXPORT BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE service, DWORD level, void *info) {
  record(level, info);
  if (is_ours(level)) return TRUE;
  BOOL(WINAPI *change)(SC_HANDLE, DWORD, void *) = (void *)real("ChangeServiceConfig2W");
  return change(service, level, info);
}

EXPORT BOOL WINAPI ChangeServiceConfigW(SC_HANDLE service, DWORD type, DWORD start, DWORD errors, const wchar_t *path,
                                        const wchar_t *group, DWORD *tag, const wchar_t *needs, const wchar_t *account,
                                        const wchar_t *password, const wchar_t *display) {
  FILE *file = account ? in_folder(L"accounts.txt", L"ab") : NULL;
  if (file) {
    put_utf8(file, account);
    fprintf(file, " %s\n", !password ? "NULL" : *password ? "text" : "empty");
    fclose(file);
  }
  BOOL(WINAPI *change)(SC_HANDLE, DWORD, DWORD, DWORD, const wchar_t *, const wchar_t *, DWORD *, const wchar_t *,
                       const wchar_t *, const wchar_t *, const wchar_t *) = (void *)real("ChangeServiceConfigW");
  return change(service, type, start, errors, path, group, tag, needs, account, password, display);
}

EXPORT BOOL WINAPI QueryServiceConfig2W(SC_HANDLE service, DWORD level, BYTE *buffer, DWORD size, DWORD *needed) {
  if (!is_ours(level)) {
    BOOL(WINAPI *query)(SC_HANDLE, DWORD, BYTE *, DWORD, DWORD *) = (void *)real("QueryServiceConfig2W");
    return query(service, level, buffer, size, needed);
  }
  BYTE kept[4096] = {0};
  FILE *file = level_file(level, L"rb");
  size_t length = file ? fread(kept, 1, sizeof kept, file) : 0;
  if (file) fclose(file);
  *needed = sizeof(SERVICE_FAILURE_ACTIONSW) + (DWORD)length;
  if (size < *needed) return SetLastError(ERROR_INSUFFICIENT_BUFFER), FALSE;
  ZeroMemory(buffer, *needed);
  if (level == SERVICE_CONFIG_FAILURE_ACTIONS && length >= 8) {
    SERVICE_FAILURE_ACTIONSW *actions = (void *)buffer;
    memcpy(&actions->dwResetPeriod, kept, 4);
    memcpy(&actions->cActions, kept + 4, 4);
    actions->lpsaActions = (SC_ACTION *)(buffer + sizeof *actions);
    memcpy(actions->lpsaActions, kept + 8, length - 8);
  } else if (level == SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO && length > 0) {
    ((SERVICE_REQUIRED_PRIVILEGES_INFOW *)buffer)->pmszRequiredPrivileges = (wchar_t *)(buffer + 8);
    memcpy(buffer + 8, kept, length);
  } else if (length >= 4) {
    memcpy(buffer, kept, 4);
  }
  return TRUE;
}

EXPORT BOOL WINAPI ReportEventW(HANDLE log, WORD type, WORD category, DWORD id, void *sid, WORD count, DWORD size,
                                const wchar_t **texts, void *data) {
  (void)log, (void)category, (void)sid, (void)size, (void)data;
  FILE *file = in_folder(L"events.txt", L"ab");
  if (!file) return FALSE;
  fprintf(file, "%u %lu", type, id);
  for (WORD i = 0; i < count; i++) {
    fputc(' ', file);
    put_utf8(file, texts[i]);
  }
  fputc('\n', file);
  fclose(file);
  return TRUE;
}

EXPORT SC_HANDLE WINAPI OpenSCManagerW(const wchar_t *machine, const wchar_t *database, DWORD access) {
  SC_HANDLE(WINAPI *open)(const wchar_t *, const wchar_t *, DWORD) = (void *)real("OpenSCManagerW");
  wchar_t deny[8];
  if ((access & SC_MANAGER_CREATE_SERVICE) && GetEnvironmentVariableW(L"COROOT_TEST_DENY", deny, 8)) {
    SetLastError(ERROR_ACCESS_DENIED);
    return NULL;
  }
  return open(machine, database, access);
}

// Wine has no group Event Log Readers.
EXPORT BOOL WINAPI LookupAccountSidW(const wchar_t *system, void *given, wchar_t *name, DWORD *name_size,
                                     wchar_t *domain, DWORD *domain_size, SID_NAME_USE *use) {
  SID *sid = given;
  if (sid->SubAuthorityCount == 2 && sid->SubAuthority[0] == 32 && sid->SubAuthority[1] == 573) {
    *name_size = (DWORD)swprintf(name, *name_size, L"%ls", L"Ereignisprotokollleser");
    *domain_size = 0;
    *use = SidTypeAlias;
    return TRUE;
  }
  BOOL(WINAPI *look_up)(const wchar_t *, SID *, wchar_t *, DWORD *, wchar_t *, DWORD *, SID_NAME_USE *) =
      (void *)real("LookupAccountSidW");
  return look_up(system, sid, name, name_size, domain, domain_size, use);
}
