// The script of the double of wevtapi.dll: channels, records, messages of publishers, and faults.
//
//   COROOT_TEST_EVENT_LOG        the script (a Windows path); new lines are obeyed within 20 ms, together up to a line
//                                `end`. Fields are separated by TAB; HEX is text in UTF-16LE as hexadecimal digits:
//     channel NAME                       the channel exists
//     event NAME ID MATCH HEX            a record; MATCH 1 for one that queries other than `*` match
//     generate NAME COUNT HEX            COUNT records with the same XML and the next numbers
//     overwrite NAME COUNT               the oldest records are gone
//     clear NAME                         all are gone; a subscription goes on with the next record, whatever its number
//     message PROVIDER LOCALE CODE HEX   metadata of a publisher; with a CODE other than 0 EvtFormatMessage fails
//     subscribe-error NAME CODE HEX      EvtSubscribe and EvtQuery fail; HEX is the extended status
//     most COUNT                         EvtNext fails with 1734 for more events at once
//     oversized NAME ID                  EvtNext fails with 1734 for this one also alone
//     render-error NAME ID CODE          EvtRender fails
//     render-size NAME ID BYTES          EvtRender wants a buffer of this size, however large the buffer is
//     silent                             new records set no signal from now on
//     stuck                              subscriptions of now return nothing any more
//     down CODE                          each call fails
//     up                                 the service runs again; handles of before are invalid
#include <windows.h>
#include <winevt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES (4 * 1024 * 1024)
#define NAME 128
#define MAX_CHANNELS 64
#define MAX_HANDLES 65536
#define MAX_MESSAGES 256
#define STATUS 512
#define INVALID_BOUND 1734

typedef struct {
  UINT64 id;
  int match, oversized;
  DWORD error, size;
  wchar_t *xml;
  size_t characters;
} record;

typedef struct {
  wchar_t name[NAME];
  record *records;
  size_t first, count, room;
  DWORD error;
  wchar_t status[STATUS];
} channel;

typedef struct {
  wchar_t provider[NAME];
  DWORD locale, code;
  wchar_t text[STATUS];
} message;

typedef enum { CLOSED, SUBSCRIPTION, QUERY, EVENT, BOOKMARK, LOG, PUBLISHER } kind;

typedef struct {
  kind kind;
  int generation, all, stuck;
  channel *channel;
  record event;
  UINT64 at;
  HANDLE signal;
  const message *message;
  wchar_t name[NAME];
} object;

static channel channels[MAX_CHANNELS];
static message messages[MAX_MESSAGES];
static object *objects[MAX_HANDLES];
static int channel_count, message_count, last_object, generation, silent, most = 1000;
static DWORD down;
static wchar_t last_status[STATUS];
static CRITICAL_SECTION lock;

static FILE *open_by(const wchar_t *variable, const wchar_t *mode) {
  wchar_t path[1024];
  return GetEnvironmentVariableW(variable, path, 1024) ? _wfopen(path, mode) : NULL;
}

static void note(const char *format, ...) {
  FILE *file = open_by(L"COROOT_TEST_EVENT_LOG_CALLS", L"ab");
  if (!file) return;
  va_list values;
  va_start(values, format);
  vfprintf(file, format, values);
  va_end(values);
  fputc('\n', file);
  fclose(file);
}

static wchar_t *unhex(const char *text, size_t *characters) {
  size_t length = strlen(text) / 4;
  wchar_t *result = malloc((length + 1) * sizeof(wchar_t));
  for (size_t i = 0; i < length; i++) {
    unsigned low = 0, high = 0;
    sscanf(text + 4 * i, "%2x%2x", &low, &high);
    result[i] = (wchar_t)(low | high << 8);
  }
  result[length] = 0;
  if (characters) *characters = length;
  return result;
}

static void copy_hex(const char *text, wchar_t *target) {
  wchar_t *value = unhex(text ? text : "", NULL);
  wcsncpy(target, value, STATUS - 1);
  free(value);
}

static channel *find_channel(const wchar_t *name) {
  for (int i = 0; i < channel_count; i++)
    if (!_wcsicmp(channels[i].name, name)) return &channels[i];
  return NULL;
}

static channel *channel_of(const char *name) {
  wchar_t wide[NAME];
  MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, NAME);
  channel *found = find_channel(wide);
  if (found || channel_count == MAX_CHANNELS) return found;
  found = &channels[channel_count++];
  wcscpy(found->name, wide);
  return found;
}

static record *find_record(channel *in, UINT64 id) {
  for (size_t i = in->first; i < in->count; i++)
    if (in->records[i].id == id) return &in->records[i];
  return NULL;
}

static void add_record(channel *to, UINT64 id, int match, wchar_t *xml, size_t characters) {
  if (to->count == to->room) {
    to->room = to->room ? to->room * 2 : 256;
    to->records = realloc(to->records, to->room * sizeof(record));
  }
  to->records[to->count++] = (record){.id = id, .match = match, .xml = xml, .characters = characters};
}

static UINT64 newest(const channel *of) {
  return of->count > of->first ? of->records[of->count - 1].id : 0;
}

static void for_subscriptions(const channel *of, void (*act)(object *)) {
  for (int i = 1; i <= last_object; i++)
    if (objects[i] && objects[i]->kind == SUBSCRIPTION && (!of || objects[i]->channel == of)) act(objects[i]);
}

static void set_signal(object *subscription) {
  if (!silent && !subscription->stuck && subscription->generation == generation) SetEvent(subscription->signal);
}

static void stick(object *subscription) {
  subscription->stuck = 1;
}

static void rewind_to_start(object *subscription) {
  subscription->at = 0;
}

static void obey(char *line) {
  char *field[5] = {0};
  int count = 0;
  for (char *at = line; at && count < 5; count++) {
    field[count] = at;
    at = strchr(at, '\t');
    if (at) *at++ = 0;
  }
  const char *word = field[0];
  if (!strcmp(word, "silent")) silent = 1;
  else if (!strcmp(word, "stuck")) for_subscriptions(NULL, stick);
  else if (!strcmp(word, "up")) down = 0, generation++;
  if (count < 2) return;
  if (!strcmp(word, "down")) down = strtoul(field[1], NULL, 10);
  else if (!strcmp(word, "most")) most = atoi(field[1]);
  else if (!strcmp(word, "message") && count == 5 && message_count < MAX_MESSAGES) {
    message *added = &messages[message_count++];
    MultiByteToWideChar(CP_UTF8, 0, field[1], -1, added->provider, NAME);
    added->locale = strtoul(field[2], NULL, 10);
    added->code = strtoul(field[3], NULL, 10);
    copy_hex(field[4], added->text);
  }
  if (!strcmp(word, "down") || !strcmp(word, "most") || !strcmp(word, "message")) return;
  channel *on = channel_of(field[1]);
  UINT64 number = count > 2 ? strtoull(field[2], NULL, 10) : 0;
  record *at = find_record(on, number);
  if (!strcmp(word, "event") && count == 5) {
    size_t characters;
    wchar_t *xml = unhex(field[4], &characters);
    add_record(on, number, atoi(field[3]), xml, characters);
    for_subscriptions(on, set_signal);
  } else if (!strcmp(word, "generate") && count == 4) {
    size_t characters;
    wchar_t *xml = unhex(field[3], &characters);
    UINT64 next = newest(on) + 1;
    for (UINT64 i = 0; i < number; i++) add_record(on, next + i, 1, xml, characters);
    for_subscriptions(on, set_signal);
  } else if (!strcmp(word, "overwrite")) on->first += number;
  else if (!strcmp(word, "clear")) on->first = on->count, for_subscriptions(on, rewind_to_start);
  else if (!strcmp(word, "subscribe-error") && count == 4) on->error = (DWORD)number, copy_hex(field[3], on->status);
  else if (!strcmp(word, "oversized") && at) at->oversized = 1;
  else if (!strcmp(word, "render-error") && at) at->error = strtoul(field[3], NULL, 10);
  else if (!strcmp(word, "render-size") && at) at->size = strtoul(field[3], NULL, 10);
}

// Obeys the new lines up to the last `end`.
static void read_script(void) {
  static long done;
  static char *line;
  FILE *file = open_by(L"COROOT_TEST_EVENT_LOG", L"rb");
  if (!file) return;
  if (!line) line = malloc(LINE_BYTES);
  long end = done;
  fseek(file, done, SEEK_SET);
  while (fgets(line, LINE_BYTES, file))
    if (!strcmp(line, "end\n")) end = ftell(file);
  fseek(file, done, SEEK_SET);
  while (done < end && fgets(line, LINE_BYTES, file)) {
    done = ftell(file);
    line[strcspn(line, "\r\n")] = 0;
    if (*line) obey(line);
  }
  fclose(file);
}
