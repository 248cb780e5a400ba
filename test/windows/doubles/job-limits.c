// A double of QueryInformationJobObject of kernel32.dll with limits, which Wine does not keep; all jobs have the same.
//
//   COROOT_TEST_JOBS  a file (a Windows path), which is read at each call, with one line:
//                     limitFlags processMemoryLimit jobMemoryLimit rateFlags rate
// The list of processes is the real one.
#define _KERNEL32_ // declares the function as an export, not an import
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
  int count = fscanf(file, "%lu %llu %llu %lu %lu", &found->limit_flags, &found->process_memory, &found->job_memory,
                     &found->rate_flags, &found->rate);
  fclose(file);
  return count == 5;
}

__declspec(dllexport) BOOL WINAPI QueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *information,
                                                            DWORD size, DWORD *returned) {
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
  HMODULE kernel32 = GetModuleHandleW(L"kernel32.dll");
  query_information real = (query_information)GetProcAddress(kernel32, "QueryInformationJobObject");
  return real ? real(job, class, information, size, returned) : FALSE;
}
