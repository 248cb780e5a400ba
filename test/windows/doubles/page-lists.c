// A double of NtQuerySystemInformation of ntdll.dll with page lists, refused while their privilege is disabled.
//
// As on Windows, SeProfileSingleProcessPrivilege must be enabled in the token of the process, which is the real one.
//   COROOT_TEST_PAGE_LISTS  pages: free standby
#include <windows.h>
#include <stdio.h>

#define MEMORY_LIST_CLASS 80
#define PRIVILEGE_NOT_HELD ((LONG)0xC0000061)
#define LENGTH_MISMATCH ((LONG)0xC0000004)
/** SeProfileSingleProcessPrivilege, in wdm.h. */
#define PROFILE_SINGLE_PROCESS 13

typedef LONG(WINAPI *query_information)(int, void *, ULONG, ULONG *);

static BOOL is_enabled(DWORD luid) {
  HANDLE token;
  union {
    TOKEN_PRIVILEGES list;
    char bytes[4096];
  } found;
  DWORD size;
  BOOL enabled = FALSE;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return FALSE;
  if (GetTokenInformation(token, TokenPrivileges, &found, sizeof found, &size))
    for (DWORD i = 0; i < found.list.PrivilegeCount; i++)
      if (found.list.Privileges[i].Luid.LowPart == luid && (found.list.Privileges[i].Attributes & SE_PRIVILEGE_ENABLED))
        enabled = TRUE;
  CloseHandle(token);
  return enabled;
}

__declspec(dllexport) LONG WINAPI NtQuerySystemInformation(int class, void *out, ULONG size, ULONG *returned) {
  char text[64];
  unsigned long long free_pages, standby_pages;
  if (class == MEMORY_LIST_CLASS && GetEnvironmentVariableA("COROOT_TEST_PAGE_LISTS", text, sizeof text) &&
      sscanf(text, "%llu %llu", &free_pages, &standby_pages) == 2) {
    unsigned long long *lists = out;
    if (!is_enabled(PROFILE_SINGLE_PROCESS)) return PRIVILEGE_NOT_HELD;
    // Pages: zero, free, modified, modified without write, bad, then eight standby lists by priority.
    if (size < 22 * sizeof *lists) return LENGTH_MISMATCH;
    ZeroMemory(lists, 22 * sizeof *lists);
    lists[0] = 1;
    lists[1] = free_pages - 1;
    lists[5 + 5] = standby_pages;
    return 0;
  }
  query_information real =
      (query_information)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");
  return real(class, out, size, returned);
}
