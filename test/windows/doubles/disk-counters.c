// A double of DeviceIoControl of kernel32.dll with disk counters, which Wine lacks; all volumes have the same.
//
//   COROOT_TEST_DISKS  a file (a Windows path) with one line: reads writes readBytes writtenBytes readTicks writeTicks
//                      idleTicks queryTicks; it is read at each call, ticks are 100 ns. The time since the first call
//                      is added to the last two: the disks are idle, and the time of the query is that of the system
//   COROOT_TEST_DISK_REFERENCES  a file (a Windows path) that receives the number of references, which each read takes
//                                and IOCTL_DISK_PERFORMANCE_OFF gives back
#define _KERNEL32_ // declares the function as an export, not an import
#include <windows.h>
#include <winioctl.h>
#include <stdio.h>

typedef BOOL(WINAPI *device_io_control)(HANDLE, DWORD, void *, DWORD, void *, DWORD, DWORD *, OVERLAPPED *);

static LONG references;

static void count_references(LONG change) {
  wchar_t path[1024];
  LONG now = InterlockedAdd(&references, change);
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_DISK_REFERENCES", path, 1024) ? _wfopen(path, L"wb") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", now);
  fclose(file);
}

static LONGLONG ticks_since_first_call(void) {
  static LONGLONG first;
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  LONGLONG ticks = ((LONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime;
  if (first == 0) first = ticks;
  return ticks - first;
}

static BOOL read_counters(DISK_PERFORMANCE *counters) {
  wchar_t path[1024];
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_DISKS", path, 1024) ? _wfopen(path, L"rb") : NULL;
  if (!file) return FALSE;
  unsigned long reads, writes;
  long long numbers[6];
  int found = fscanf(file, "%lu %lu %lld %lld %lld %lld %lld %lld", &reads, &writes, &numbers[0], &numbers[1],
                     &numbers[2], &numbers[3], &numbers[4], &numbers[5]);
  fclose(file);
  if (found != 8) return FALSE;
  ZeroMemory(counters, sizeof *counters);
  counters->ReadCount = reads;
  counters->WriteCount = writes;
  counters->BytesRead.QuadPart = numbers[0];
  counters->BytesWritten.QuadPart = numbers[1];
  counters->ReadTime.QuadPart = numbers[2];
  counters->WriteTime.QuadPart = numbers[3];
  LONGLONG elapsed = ticks_since_first_call();
  counters->IdleTime.QuadPart = numbers[4] + elapsed;
  counters->QueryTime.QuadPart = numbers[5] + elapsed;
  return TRUE;
}

__declspec(dllexport) BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, void *in, DWORD in_size, void *out,
                                                  DWORD out_size, DWORD *filled, OVERLAPPED *overlapped) {
  if (code == IOCTL_DISK_PERFORMANCE) {
    if (out_size < sizeof(DISK_PERFORMANCE)) return SetLastError(ERROR_INSUFFICIENT_BUFFER), FALSE;
    if (!read_counters(out)) return SetLastError(ERROR_INVALID_FUNCTION), FALSE;
    *filled = sizeof(DISK_PERFORMANCE);
    count_references(1);
    return TRUE;
  }
  if (code == IOCTL_DISK_PERFORMANCE_OFF) {
    count_references(-1);
    *filled = 0;
    return TRUE;
  }
  device_io_control real = (device_io_control)GetProcAddress(GetModuleHandleW(L"kernelbase.dll"), "DeviceIoControl");
  return real ? real(device, code, in, in_size, out, out_size, filled, overlapped) : FALSE;
}
