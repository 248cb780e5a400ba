// A double of iphlpapi.dll with a GetExtendedTcpTable that never returns, as with a broken network filter driver.
//
//   COROOT_TEST_STUCK_FILE  it hangs as soon as this file (a Windows path) exists
//   COROOT_TEST_STUCK_CALL  it hangs from the Nth call of the process on (1: the first)
#include <winsock2.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdlib.h>

typedef DWORD(WINAPI *get_table)(void *, DWORD *, BOOL, ULONG, TCP_TABLE_CLASS, ULONG);

static int is_stuck(void) {
  static volatile LONG calls;
  wchar_t value[1024];
  LONG call = InterlockedIncrement(&calls);
  BOOL has_file = GetEnvironmentVariableW(L"COROOT_TEST_STUCK_FILE", value, 1024) > 0;
  if (has_file && GetFileAttributesW(value) != INVALID_FILE_ATTRIBUTES) return 1;
  return GetEnvironmentVariableW(L"COROOT_TEST_STUCK_CALL", value, 1024) && call >= _wtoi(value);
}

__declspec(dllexport) DWORD WINAPI GetExtendedTcpTable(void *table, DWORD *size, BOOL order, ULONG family,
                                                       TCP_TABLE_CLASS kind, ULONG reserved) {
  if (is_stuck()) Sleep(INFINITE);
  get_table real = (get_table)GetProcAddress(LoadLibraryW(L"iphlpapi.dll"), "GetExtendedTcpTable");
  return real ? real(table, size, order, family, kind, reserved) : ERROR_PROC_NOT_FOUND;
}
