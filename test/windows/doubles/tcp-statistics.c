// A double of the extended TCP statistics of iphlpapi.dll, which Wine lacks: enabled counters grow with each read.
//
//   COROOT_TEST_STATISTICS  the Win32 error that every call returns, or 0; without it every call fails
//   COROOT_TEST_RTT_MS      round-trip time of every connection in milliseconds; default 12
#include <winsock2.h>
#include <windows.h>
#include <iphlpapi.h>
#include <tcpestats.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS 1024
#define ROW_BYTES 64

typedef struct {
  BYTE row[ROW_BYTES];
  BOOLEAN on[TcpConnectionEstatsMaximum];
  ULONG reads;
} connection;

static connection connections[MAX_ROWS];
static int count;

static ULONG refusal(void) {
  wchar_t value[32];
  return GetEnvironmentVariableW(L"COROOT_TEST_STATISTICS", value, 32) ? (ULONG)_wtoi(value) : ERROR_NOT_SUPPORTED;
}

static ULONG rtt_ms(void) {
  wchar_t value[32];
  return GetEnvironmentVariableW(L"COROOT_TEST_RTT_MS", value, 32) ? (ULONG)_wtoi(value) : 12;
}

static connection *find(const void *row, size_t bytes, int make) {
  for (int i = 0; i < count; i++)
    if (!memcmp(connections[i].row, row, bytes)) return &connections[i];
  if (!make || count == MAX_ROWS) return NULL;
  memcpy(connections[count].row, row, bytes);
  return &connections[count++];
}

static ULONG set(const void *row, size_t bytes, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG version, ULONG size,
                 ULONG offset) {
  ULONG code = refusal();
  if (code) return code;
  connection *found = find(row, bytes, 1);
  if (!found || version || offset || size != 1) return ERROR_INVALID_PARAMETER;
  found->on[type] = *rw;
  return NO_ERROR;
}

static ULONG get(const void *row, size_t bytes, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG rw_size, PUCHAR rod,
                 ULONG rod_size) {
  ULONG code = refusal();
  if (code) return code;
  connection *found = find(row, bytes, 0);
  if (!found) return ERROR_NOT_FOUND;
  if (rw_size != 1) return ERROR_INVALID_PARAMETER;
  *rw = found->on[type];
  if (type == TcpConnectionEstatsData && rod_size == sizeof(TCP_ESTATS_DATA_ROD_v0)) {
    TCP_ESTATS_DATA_ROD_v0 *data = (void *)rod;
    ZeroMemory(data, sizeof *data);
    data->DataBytesOut = 1000 * ++found->reads;
    data->DataBytesIn = 77;
  } else if (type == TcpConnectionEstatsPath && rod_size == sizeof(TCP_ESTATS_PATH_ROD_v0)) {
    TCP_ESTATS_PATH_ROD_v0 *path = (void *)rod;
    ZeroMemory(path, sizeof *path);
    path->PktsRetrans = 3, path->BytesRetrans = 4000, path->SmoothedRtt = rtt_ms();
  } else
    return ERROR_INVALID_PARAMETER;
  return NO_ERROR;
}

#define EXPORT __declspec(dllexport)

EXPORT ULONG WINAPI SetPerTcpConnectionEStats(PMIB_TCPROW row, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG version,
                                              ULONG size, ULONG offset) {
  return set(row, sizeof *row, type, rw, version, size, offset);
}

EXPORT ULONG WINAPI SetPerTcp6ConnectionEStats(PMIB_TCP6ROW row, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG version,
                                               ULONG size, ULONG offset) {
  return set(row, sizeof *row, type, rw, version, size, offset);
}

EXPORT ULONG WINAPI GetPerTcpConnectionEStats(PMIB_TCPROW row, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG rw_version,
                                              ULONG rw_size, PUCHAR ros, ULONG ros_version, ULONG ros_size, PUCHAR rod,
                                              ULONG rod_version, ULONG rod_size) {
  if (rw_version || ros || ros_version || ros_size || rod_version) return ERROR_INVALID_PARAMETER;
  return get(row, sizeof *row, type, rw, rw_size, rod, rod_size);
}

EXPORT ULONG WINAPI GetPerTcp6ConnectionEStats(PMIB_TCP6ROW row, TCP_ESTATS_TYPE type, PUCHAR rw, ULONG rw_version,
                                               ULONG rw_size, PUCHAR ros, ULONG ros_version, ULONG ros_size, PUCHAR rod,
                                               ULONG rod_version, ULONG rod_size) {
  if (rw_version || ros || ros_version || ros_size || rod_version) return ERROR_INVALID_PARAMETER;
  return get(row, sizeof *row, type, rw, rw_size, rod, rod_size);
}
