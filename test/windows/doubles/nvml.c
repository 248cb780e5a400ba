// A double of NVIDIA's management library, after its documented prototypes: https://docs.nvidia.com/deploy/nvml-api/
//
// COROOT_TEST_NVML names a script, which is read again by nvmlInit_v2 and nvmlDeviceGetCount_v2. One statement a line:
//   driver VERSION               error FUNCTION CODE [GPU]      hang FUNCTION MILLISECONDS
//   gpu                          begins a GPU; the statements below belong to it
//   uuid TEXT   name TEXT        pci DOMAIN BUS DEVICE          memory TOTAL FREE USED
//   temperature CELSIUS          power MILLIWATTS               rates GPU MEMORY
//   model CURRENT                sample TYPE MICROSECONDS PERCENT
//   compute PID BYTES            graphics PID BYTES             usage MICROSECONDS PID PERCENT
// Built with -DOLD_DRIVER it lacks the exports of newer drivers.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#define EXPORT __declspec(dllexport)
static void pause_ms(unsigned ms) { Sleep(ms); }
#else
#include <unistd.h>
#define EXPORT __attribute__((visibility("default")))
static void pause_ms(unsigned ms) { usleep(ms * 1000); }
#endif

enum { SUCCESS = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7,
       DRIVER_NOT_LOADED = 9 };
enum { MAX_GPUS = 32, MAX_ROWS = 1024, MAX_RULES = 64, UNSIGNED_INT = 1, NO_INSTANCE = -1 };

typedef struct { unsigned long long time; unsigned type, percent; } sample;
typedef struct { unsigned pid; unsigned long long bytes; } process;
typedef struct { unsigned long long time; unsigned pid, percent; } use;
typedef struct {
  char uuid[96], name[96];
  unsigned domain, bus, device, temperature, milliwatts, rates[2];
  unsigned long long memory[3];
  int model;
  sample samples[MAX_ROWS];
  process compute[MAX_ROWS], graphics[MAX_ROWS];
  use usage[MAX_ROWS];
  unsigned sample_count, compute_count, graphics_count, usage_count;
} gpu;
typedef struct { char function[64]; int code, index; unsigned ms; } rule;

static gpu gpus[MAX_GPUS];
static rule rules[MAX_RULES];
static unsigned gpu_count, rule_count;
static int initialised;
static char driver[80];

static void add_rule(const char *function, int code, int index, unsigned ms) {
  if (rule_count == MAX_RULES) return;
  rule *added = &rules[rule_count++];
  snprintf(added->function, sizeof added->function, "%s", function);
  added->code = code;
  added->index = index;
  added->ms = ms;
}

static void parse_gpu_line(gpu *g, const char *line) {
  unsigned a, b, c;
  unsigned long long x, y;
  if (sscanf(line, "uuid %95[^\r\n]", g->uuid) == 1 || sscanf(line, "name %95[^\r\n]", g->name) == 1) return;
  if (sscanf(line, "pci %u %u %u", &g->domain, &g->bus, &g->device) == 3) return;
  if (sscanf(line, "memory %llu %llu %llu", &g->memory[0], &g->memory[1], &g->memory[2]) == 3) return;
  if (sscanf(line, "temperature %u", &g->temperature) == 1 || sscanf(line, "power %u", &g->milliwatts) == 1) return;
  if (sscanf(line, "rates %u %u", &g->rates[0], &g->rates[1]) == 2 || sscanf(line, "model %d", &g->model) == 1) return;
  if (sscanf(line, "sample %u %llu %u", &a, &x, &b) == 3 && g->sample_count < MAX_ROWS)
    g->samples[g->sample_count++] = (sample){x, a, b};
  else if (sscanf(line, "compute %u %llu", &a, &x) == 2 && g->compute_count < MAX_ROWS)
    g->compute[g->compute_count++] = (process){a, x};
  else if (sscanf(line, "graphics %u %llu", &a, &y) == 2 && g->graphics_count < MAX_ROWS)
    g->graphics[g->graphics_count++] = (process){a, y};
  else if (sscanf(line, "usage %llu %u %u", &x, &b, &c) == 3 && g->usage_count < MAX_ROWS)
    g->usage[g->usage_count++] = (use){x, b, c};
}

static int read_script(void) {
  const char *path = getenv("COROOT_TEST_NVML");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return 0;
  char line[512], function[64];
  int code, index;
  unsigned ms;
  gpu_count = rule_count = 0;
  driver[0] = 0;
  while (fgets(line, sizeof line, file)) {
    if (!strncmp(line, "gpu", 3) && gpu_count < MAX_GPUS) {
      memset(&gpus[gpu_count], 0, sizeof(gpu));
      gpus[gpu_count++].model = -1;
    } else if (sscanf(line, "driver %79s", driver) == 1) {
    } else if (sscanf(line, "hang %63s %u", function, &ms) == 2) {
      add_rule(function, 0, -1, ms);
    } else if (sscanf(line, "error %63s %d", function, &code) == 2) {
      add_rule(function, code, sscanf(line, "error %*s %*d %d", &index) == 1 ? index : -1, 0);
    } else if (gpu_count > 0) {
      parse_gpu_line(&gpus[gpu_count - 1], line);
    }
  }
  fclose(file);
  return 1;
}

/** A device handle is a pointer to its GPU. */
static int ruled(const char *function, const gpu *g) {
  for (unsigned i = 0; i < rule_count; i++) {
    if (strcmp(rules[i].function, function)) continue;
    if (rules[i].ms) pause_ms(rules[i].ms);
    if (rules[i].code && (rules[i].index < 0 || g == &gpus[rules[i].index])) return rules[i].code;
  }
  return initialised ? SUCCESS : UNINITIALIZED;
}

#define RULED(device)                          \
  do {                                         \
    int code = ruled(__func__, device);        \
    if (code != SUCCESS) return code;          \
  } while (0)

static int text(char *to, unsigned length, const char *from) {
  if (strlen(from) >= length) return INSUFFICIENT_SIZE;
  strcpy(to, from);
  return SUCCESS;
}

EXPORT int nvmlInit_v2(void) {
  if (!read_script()) return DRIVER_NOT_LOADED;
  initialised++;
  int code = ruled(__func__, NULL);
  if (code != SUCCESS) initialised--;
  return code;
}

EXPORT int nvmlShutdown(void) {
  if (!initialised) return UNINITIALIZED;
  initialised--;
  return SUCCESS;
}

EXPORT int nvmlSystemGetDriverVersion(char *version, unsigned length) {
  RULED(NULL);
  return text(version, length, driver);
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
  read_script();
  RULED(NULL);
  *count = gpu_count;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, gpu **device) {
  if (index >= gpu_count) return INVALID_ARGUMENT;
  RULED(&gpus[index]);
  *device = &gpus[index];
  return SUCCESS;
}

EXPORT int nvmlDeviceGetUUID(const gpu *g, char *uuid, unsigned length) {
  RULED(g);
  return text(uuid, length, g->uuid);
}

EXPORT int nvmlDeviceGetName(const gpu *g, char *name, unsigned length) {
  RULED(g);
  return text(name, length, g->name);
}

static int pci(const gpu *g, char *info) {
  const unsigned address[3] = {g->domain, g->bus, g->device};
  memcpy(info + 16, address, sizeof address);
  return SUCCESS;
}

EXPORT int nvmlDeviceGetPciInfo_v2(const gpu *g, void *info) {
  RULED(g);
  return pci(g, info);
}

EXPORT int nvmlDeviceGetMemoryInfo(const gpu *g, unsigned long long memory[3]) {
  RULED(g);
  memcpy(memory, g->memory, sizeof g->memory);
  return SUCCESS;
}

EXPORT int nvmlDeviceGetTemperature(const gpu *g, int sensor, unsigned *celsius) {
  RULED(g);
  if (sensor != 0) return INVALID_ARGUMENT;
  *celsius = g->temperature;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetPowerUsage(const gpu *g, unsigned *milliwatts) {
  RULED(g);
  *milliwatts = g->milliwatts;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetUtilizationRates(const gpu *g, unsigned rates[2]) {
  RULED(g);
  memcpy(rates, g->rates, sizeof g->rates);
  return SUCCESS;
}

EXPORT int nvmlDeviceGetDriverModel(const gpu *g, int *current, int *pending) {
  RULED(g);
  if (g->model < 0) return NOT_SUPPORTED;
  *current = *pending = g->model;
  return SUCCESS;
}

typedef struct { unsigned pid; unsigned long long bytes; unsigned gpu_instance, compute_instance; } process_info_v2;
typedef struct { unsigned pid; unsigned long long bytes; } process_info_v1;

static int list_v1(const process *list, unsigned rows, unsigned *count, process_info_v1 *infos) {
  unsigned capacity = *count;
  *count = rows;
  if (rows > capacity) return INSUFFICIENT_SIZE;
  for (unsigned i = 0; i < rows; i++) infos[i] = (process_info_v1){list[i].pid, list[i].bytes};
  return SUCCESS;
}

EXPORT int nvmlDeviceGetComputeRunningProcesses(const gpu *g, unsigned *count, process_info_v1 *infos) {
  RULED(g);
  return list_v1(g->compute, g->compute_count, count, infos);
}

EXPORT int nvmlDeviceGetGraphicsRunningProcesses(const gpu *g, unsigned *count, process_info_v1 *infos) {
  RULED(g);
  return list_v1(g->graphics, g->graphics_count, count, infos);
}

#ifndef OLD_DRIVER
typedef struct { unsigned long long time; unsigned long long value; } nvml_sample;

EXPORT int nvmlDeviceGetSamples(const gpu *g, int type, unsigned long long since, int *value_type, unsigned *count,
                                nvml_sample *samples) {
  RULED(g);
  unsigned found = 0;
  *value_type = UNSIGNED_INT;
  for (unsigned i = 0; i < g->sample_count; i++) {
    if (g->samples[i].type != (unsigned)type || g->samples[i].time <= since) continue;
    if (samples) {
      if (found == *count) break;
      samples[found] = (nvml_sample){g->samples[i].time, g->samples[i].percent};
    }
    found++;
  }
  *count = found;
  return found ? SUCCESS : NOT_FOUND;
}

EXPORT int nvmlDeviceGetPciInfo_v3(const gpu *g, void *info) {
  RULED(g);
  return pci(g, info);
}

static int list_v2(const process *list, unsigned rows, unsigned *count, process_info_v2 *infos) {
  unsigned capacity = *count;
  *count = rows;
  if (rows > capacity) return INSUFFICIENT_SIZE;
  for (unsigned i = 0; i < rows; i++)
    infos[i] = (process_info_v2){list[i].pid, list[i].bytes, (unsigned)NO_INSTANCE, (unsigned)NO_INSTANCE};
  return SUCCESS;
}

EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(const gpu *g, unsigned *count, process_info_v2 *infos) {
  RULED(g);
  return list_v2(g->compute, g->compute_count, count, infos);
}

EXPORT int nvmlDeviceGetGraphicsRunningProcesses_v3(const gpu *g, unsigned *count, process_info_v2 *infos) {
  RULED(g);
  return list_v2(g->graphics, g->graphics_count, count, infos);
}

typedef struct { unsigned pid; unsigned long long time; unsigned sm, memory, encoder, decoder; } utilization_sample;

EXPORT int nvmlDeviceGetProcessUtilization(const gpu *g, utilization_sample *samples, unsigned *count,
                                           unsigned long long since) {
  RULED(g);
  unsigned found = 0, capacity = *count;
  for (unsigned i = 0; i < g->usage_count; i++) {
    if (g->usage[i].time <= since) continue;
    if (samples && found < capacity)
      samples[found] = (utilization_sample){g->usage[i].pid, g->usage[i].time, g->usage[i].percent, 0, 0, 0};
    found++;
  }
  *count = found;
  return found == 0 ? NOT_FOUND : !samples || found > capacity ? INSUFFICIENT_SIZE : SUCCESS;
}

typedef struct {
  unsigned long long time;
  unsigned pid, sm, memory, encoder, decoder, jpeg, optical_flow;
} utilization_info;
typedef struct { unsigned version, count; unsigned long long since; utilization_info *infos; } utilization_infos;

EXPORT int nvmlDeviceGetProcessesUtilizationInfo(const gpu *g, utilization_infos *all) {
  RULED(g);
  if (all->version != (sizeof(utilization_infos) | 1 << 24)) return 25;
  unsigned found = 0, capacity = all->count;
  for (unsigned i = 0; i < g->usage_count; i++) {
    if (g->usage[i].time <= all->since) continue;
    if (all->infos && found < capacity)
      all->infos[found] = (utilization_info){g->usage[i].time, g->usage[i].pid, g->usage[i].percent, 0, 0, 0, 0, 0};
    found++;
  }
  all->count = found;
  return found == 0 ? NOT_FOUND : !all->infos || found > capacity ? INSUFFICIENT_SIZE : SUCCESS;
}
#endif
