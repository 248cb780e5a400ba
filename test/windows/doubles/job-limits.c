// A double of kernel32.dll's QueryInformationJobObject that has the limits which Wine forgets, for every job alike; processes are the real ones.
//
//   COROOT_TEST_JOBS  a file (a Windows path) with one line: limitFlags processMemoryLimit jobMemoryLimit rateFlags rate; read anew at each call
// We are the library that exports it, not one that imports it.
#define _KERNEL32_
#include <windows.h>
#include <stdio.h>

#define CPU_RATE_CLASS 15

typedef BOOL(WINAPI *query_information)(HANDLE, JOBOBJECTINFOCLASS, void *, DWORD, DWORD *);

typedef struct {
  DWORD limit_flags, rate_flags, rate;
  unsigned long long process_memory, job_memory;
} script;

static BOOL read_script(script *found) {
  wchar_t path[1024];
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_JOBS", path, 1024) ? _wfopen(path, L"rb") : NULL;
  if (!file) return FALSE;
  int count = fscanf(file, "%lu %llu %llu %lu %lu", &found->limit_flags, &found->process_memory, &found->job_memory, &found->rate_flags,
                     &found->rate);
  fclose(file);
  return count == 5;
}

__declspec(dllexport) BOOL WINAPI QueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *information, DWORD size, DWORD *returned) {
  script found;
  if (class == JobObjectExtendedLimitInformation && read_script(&found)) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION *limits = information;
    if (size < sizeof *limits) return SetLastError(ERROR_BAD_LENGTH), FALSE;
    ZeroMemory(limits, sizeof *limits);
    limits->BasicLimitInformation.LimitFlags = found.limit_flags;
    limits->ProcessMemoryLimit = found.process_memory;
    limits->JobMemoryLimit = found.job_memory;
    return TRUE;
  }
  if ((int)class == CPU_RATE_CLASS && read_script(&found)) {
    DWORD *rate = information;
    if (size < 2 * sizeof *rate) return SetLastError(ERROR_BAD_LENGTH), FALSE;
    rate[0] = found.rate_flags;
    rate[1] = found.rate;
    return TRUE;
  }
  query_information real = (query_information)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "QueryInformationJobObject");
  return real ? real(job, class, information, size, returned) : FALSE;
}
