// A double of AdjustTokenPrivileges of advapi32.dll that fails in the ways of Windows.
//
//   COROOT_TEST_ADJUST  `denied`: access denied; `not-held`: success with ERROR_NOT_ALL_ASSIGNED; else the real call
#define _ADVAPI32_ // declares the function as an export, not an import
#include <windows.h>

typedef BOOL(WINAPI *adjust_privileges)(HANDLE, BOOL, TOKEN_PRIVILEGES *, DWORD, TOKEN_PRIVILEGES *, DWORD *);

__declspec(dllexport) BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, TOKEN_PRIVILEGES *state,
                                                        DWORD size, TOKEN_PRIVILEGES *previous, DWORD *previous_size) {
  char how[16];
  if (GetEnvironmentVariableA("COROOT_TEST_ADJUST", how, sizeof how)) {
    if (!lstrcmpA(how, "denied")) return SetLastError(ERROR_ACCESS_DENIED), FALSE;
    if (!lstrcmpA(how, "not-held")) return SetLastError(ERROR_NOT_ALL_ASSIGNED), TRUE;
  }
  adjust_privileges real =
      (adjust_privileges)GetProcAddress(GetModuleHandleW(L"advapi32.dll"), "AdjustTokenPrivileges");
  return real(token, disable_all, state, size, previous, previous_size);
}
