// A double of Windows' GPU counters: pdh.dll with raw values of instances, and gdi32.dll with addresses of adapters.
//
// COROOT_TEST_GPU_COUNTERS names a script, which is read again by PdhCollectQueryData. One statement a line:
//   engine VALUE NAME      an instance of \GPU Engine(*)\Running Time, in units of 100 ns
//   process VALUE NAME     an instance of \GPU Process Memory(*)\Dedicated Usage, in bytes
//   adapter VALUE NAME     an instance of \GPU Adapter Memory(*)\Dedicated Usage, in bytes
//   at LUID BUS DEVICE     the low part of the LUID of an adapter, in hexadecimal, and its place on the PCI bus
//   error FUNCTION CODE    the code in hexadecimal that a function returns
#include <windows.h>
#include <pdh.h>
#include <pdhmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __declspec(dllexport)

enum { MAX_ROWS = 4096, MAX_ERRORS = 16, KINDS = 3, ADAPTER_ADDRESS = 6 };
static const wchar_t *const paths[KINDS] = {L"\\GPU Engine(*)\\Running Time",
                                            L"\\GPU Process Memory(*)\\Dedicated Usage",
                                            L"\\GPU Adapter Memory(*)\\Dedicated Usage"};
static const char *const words[KINDS] = {"engine", "process", "adapter"};

typedef struct { long long value; wchar_t name[128]; } row;
typedef struct { unsigned luid, bus, device; } place;
typedef struct { char function[64]; unsigned code; } failure;

static row rows[KINDS][MAX_ROWS];
static place places[16];
static failure failures[MAX_ERRORS];
static unsigned row_counts[KINDS], place_count, failure_count;

static void read_script(void) {
  const char *path = getenv("COROOT_TEST_GPU_COUNTERS");
  FILE *file = path ? fopen(path, "r") : NULL;
  char line[512], word[64], name[128];
  long long value;
  unsigned a, b, c;
  if (!file) return;
  memset(row_counts, 0, sizeof row_counts);
  place_count = failure_count = 0;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "at %x %u %u", &a, &b, &c) == 3 && place_count < 16) places[place_count++] = (place){a, b, c};
    else if (sscanf(line, "error %63s %x", word, &a) == 2 && failure_count < MAX_ERRORS) {
      strcpy(failures[failure_count].function, word);
      failures[failure_count++].code = a;
    } else if (sscanf(line, "%63s %lld %127[^\r\n]", word, &value, name) == 3) {
      for (int kind = 0; kind < KINDS; kind++) {
        if (strcmp(word, words[kind]) || row_counts[kind] == MAX_ROWS) continue;
        row *added = &rows[kind][row_counts[kind]++];
        added->value = value;
        MultiByteToWideChar(CP_UTF8, 0, name, -1, added->name, 128);
      }
    }
  }
  fclose(file);
}

static unsigned failing(const char *function) {
  for (unsigned i = 0; i < failure_count; i++)
    if (!strcmp(failures[i].function, function)) return failures[i].code;
  return 0;
}

EXPORT PDH_FUNCTION PdhOpenQueryW(LPCWSTR source, DWORD_PTR data, PDH_HQUERY *query) {
  (void)source, (void)data;
  read_script();
  *query = (PDH_HQUERY)(uintptr_t)0x51;
  return (PDH_STATUS)failing(__func__);
}

EXPORT PDH_FUNCTION PdhAddEnglishCounterW(PDH_HQUERY query, LPCWSTR path, DWORD_PTR data, PDH_HCOUNTER *counter) {
  (void)query, (void)data;
  for (uintptr_t kind = 0; kind < KINDS; kind++) {
    if (wcscmp(path, paths[kind])) continue;
    *counter = (PDH_HCOUNTER)(kind + 1);
    return (PDH_STATUS)failing(__func__);
  }
  return (PDH_STATUS)PDH_CSTATUS_NO_COUNTER;
}

EXPORT PDH_FUNCTION PdhCollectQueryData(PDH_HQUERY query) {
  (void)query;
  read_script();
  return (PDH_STATUS)failing(__func__);
}

EXPORT PDH_FUNCTION PdhGetRawCounterArrayW(PDH_HCOUNTER counter, LPDWORD bytes, LPDWORD count,
                                           PDH_RAW_COUNTER_ITEM_W *items) {
  const uintptr_t kind = (uintptr_t)counter - 1;
  const unsigned rows_now = row_counts[kind];
  DWORD wanted = rows_now * (DWORD)sizeof(PDH_RAW_COUNTER_ITEM_W);
  unsigned code = failing(__func__);
  if (code) return (PDH_STATUS)code;
  for (unsigned i = 0; i < rows_now; i++) wanted += (DWORD)((wcslen(rows[kind][i].name) + 1) * sizeof(wchar_t));
  *count = rows_now;
  if (wanted > *bytes) {
    *bytes = wanted;
    return (PDH_STATUS)PDH_MORE_DATA;
  }
  wchar_t *text = (wchar_t *)(items + rows_now);
  memset(items, 0, rows_now * sizeof *items);
  for (unsigned i = 0; i < rows_now; i++) {
    items[i].szName = text;
    items[i].RawValue.FirstValue = rows[kind][i].value;
    wcscpy(text, rows[kind][i].name);
    text += wcslen(text) + 1;
  }
  return ERROR_SUCCESS;
}

EXPORT PDH_FUNCTION PdhCloseQuery(PDH_HQUERY query) {
  (void)query;
  return ERROR_SUCCESS;
}

typedef struct { LUID luid; UINT adapter; } open_adapter;
typedef struct { UINT adapter; int type; void *data; UINT bytes; } query_adapter;

EXPORT LONG WINAPI D3DKMTOpenAdapterFromLuid(open_adapter *opened) {
  for (unsigned i = 0; i < place_count; i++) {
    if (places[i].luid != opened->luid.LowPart) continue;
    opened->adapter = i + 1;
    return (LONG)failing(__func__);
  }
  return (LONG)0xc000000d;
}

EXPORT LONG WINAPI D3DKMTQueryAdapterInfo(const query_adapter *query) {
  UINT address[3] = {0, 0, 0};
  if (query->type != ADAPTER_ADDRESS || query->bytes < sizeof address || !query->adapter) return (LONG)0xc000000d;
  address[0] = places[query->adapter - 1].bus;
  address[1] = places[query->adapter - 1].device;
  memcpy(query->data, address, sizeof address);
  return (LONG)failing(__func__);
}

EXPORT LONG WINAPI D3DKMTCloseAdapter(const UINT *adapter) {
  return *adapter ? 0 : (LONG)0xc000000d;
}
