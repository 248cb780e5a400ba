// A double of httpapi.dll with URL reservations from a script.
//
// COROOT_TEST_RESERVATIONS names the file (a Windows path), which is read at each call. A line is one reservation: the
// prefix, a space, and its access list in SDDL. Without the file every query fails with ERROR_ACCESS_DENIED.
#define HTTPAPI_LINKAGE __declspec(dllexport)
#include <winsock2.h>
#include <windows.h>
#include <http.h>
#include <stdio.h>

static int initialized;

ULONG WINAPI HttpInitialize(HTTPAPI_VERSION version, ULONG flags, void *reserved) {
  if (reserved || flags != HTTP_INITIALIZE_CONFIG) return ERROR_INVALID_PARAMETER;
  if (version.HttpApiMajorVersion != 1 || version.HttpApiMinorVersion != 0) return ERROR_INVALID_PARAMETER;
  initialized++;
  return NO_ERROR;
}

ULONG WINAPI HttpTerminate(ULONG flags, void *reserved) {
  if (reserved || flags != HTTP_INITIALIZE_CONFIG || initialized-- <= 0) return ERROR_INVALID_PARAMETER;
  return NO_ERROR;
}

ULONG WINAPI HttpQueryServiceConfiguration(HANDLE handle, HTTP_SERVICE_CONFIG_ID id, void *input, ULONG input_size,
                                           void *output, ULONG size, ULONG *length, OVERLAPPED *overlapped) {
  HTTP_SERVICE_CONFIG_URLACL_QUERY *query = input;
  wchar_t path[1024];
  char line[1024];
  if (initialized <= 0 || handle || overlapped) return ERROR_INVALID_PARAMETER;
  if (id != HttpServiceConfigUrlAclInfo || input_size != sizeof *query) return ERROR_INVALID_PARAMETER;
  if (query->QueryDesc != HttpServiceConfigQueryNext) return ERROR_INVALID_PARAMETER;
  FILE *file = GetEnvironmentVariableW(L"COROOT_TEST_RESERVATIONS", path, 1024) ? _wfopen(path, L"rb") : NULL;
  if (!file) return ERROR_ACCESS_DENIED;
  DWORD at = 0;
  int found = 0;
  while (!found && fgets(line, sizeof line, file)) found = at++ == query->dwToken;
  fclose(file);
  if (!found) return ERROR_NO_MORE_ITEMS;
  line[strcspn(line, "\r\n")] = 0;
  char *sddl = strchr(line, ' ');
  if (!sddl) return ERROR_INVALID_DATA;
  *sddl++ = 0;
  ULONG prefix_chars = (ULONG)strlen(line) + 1, sddl_chars = (ULONG)strlen(sddl) + 1;
  HTTP_SERVICE_CONFIG_URLACL_SET *set = output;
  *length = sizeof *set + (prefix_chars + sddl_chars) * sizeof(wchar_t);
  if (size < *length) return ERROR_INSUFFICIENT_BUFFER;
  set->KeyDesc.pUrlPrefix = (wchar_t *)(set + 1);
  set->ParamDesc.pStringSecurityDescriptor = set->KeyDesc.pUrlPrefix + prefix_chars;
  for (ULONG i = 0; i < prefix_chars; i++) set->KeyDesc.pUrlPrefix[i] = (unsigned char)line[i];
  for (ULONG i = 0; i < sddl_chars; i++) set->ParamDesc.pStringSecurityDescriptor[i] = (unsigned char)sddl[i];
  return NO_ERROR;
}
