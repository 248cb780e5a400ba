// Assigns a process to a new job with the given name, prints the result, and keeps the job until it is terminated.
//
//   job-holder NAME PID
#include <windows.h>
#include <stdio.h>

int wmain(int argc, wchar_t **argv) {
  if (argc != 3) return 2;
  HANDLE job = CreateJobObjectW(NULL, argv[1]);
  HANDLE process = OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, FALSE, wcstoul(argv[2], NULL, 10));
  if (!job || !process || !AssignProcessToJobObject(job, process)) printf("refused: %lu\n", GetLastError());
  else puts("assigned");
  fflush(stdout);
  Sleep(INFINITE);
  return 0;
}
