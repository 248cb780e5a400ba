// Puts a process into a new job of a given name, says so or why not, and keeps the job until it is ended.
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
