// Kills the process at the Nth system call on files below a folder, for LD_PRELOAD.

// KILL_BELOW is the folder, KILL_AT the number of the call, from 1. A write first writes half of its bytes.
// With KILL_PORT the calls on TCP connections to that port count too: connect, writes and reads.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FILES 4096

static atomic_long calls;
static atomic_bool below[MAX_FILES];
static atomic_bool connected[MAX_FILES];

static int is_below(const char *path) {
  const char *folder = getenv("KILL_BELOW");
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_file_below(int file) { return file >= 0 && file < MAX_FILES && below[file]; }

/* Whether this is the call at which the process ends. */
static int count_call(void) {
  const char *at = getenv("KILL_AT");
  return at && atomic_fetch_add(&calls, 1) + 1 == atol(at);
}

static void end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int remember(int file, int is) {
  if (file >= 0 && file < MAX_FILES) below[file] = is;
  return file;
}

#define DEFINE_OPEN(name)                                            \
  int name(const char *path, int flags, ...) {                       \
    mode_t mode = 0;                                                 \
    if (flags & (O_CREAT | O_TMPFILE)) {                             \
      va_list arguments;                                             \
      va_start(arguments, flags);                                    \
      mode = va_arg(arguments, mode_t);                              \
      va_end(arguments);                                             \
    }                                                                \
    int is = is_below(path);                                         \
    if (is && count_call()) end();                                   \
    return remember(REAL(name)(path, flags, mode), is);              \
  }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int close(int file) {
  remember(file, 0);
  if (file >= 0 && file < MAX_FILES) connected[file] = 0;
  return REAL(close)(file);
}

static int is_counted_port(const struct sockaddr *address) {
  const char *port = getenv("KILL_PORT");
  return port && address->sa_family == AF_INET && ntohs(((const struct sockaddr_in *)address)->sin_port) == atoi(port);
}

int connect(int file, const struct sockaddr *address, socklen_t length) {
  if (file >= 0 && file < MAX_FILES && is_counted_port(address)) {
    if (count_call()) end();
    connected[file] = 1;
    remember(file, 1);
  }
  return REAL(connect)(file, address, length);
}

ssize_t read(int file, void *bytes, size_t length) {
  if (file >= 0 && file < MAX_FILES && connected[file] && count_call()) end();
  return REAL(read)(file, bytes, length);
}

ssize_t write(int file, const void *bytes, size_t length) {
  if (is_file_below(file) && count_call()) {
    REAL(write)(file, bytes, length / 2);
    end();
  }
  return REAL(write)(file, bytes, length);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_file_below(file) && count_call()) {
    REAL(writev)(file, parts, count / 2);
    end();
  }
  return REAL(writev)(file, parts, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
  if (is_file_below(file) && count_call()) {
    REAL(pwrite64)(file, bytes, length / 2, offset);
    end();
  }
  return REAL(pwrite64)(file, bytes, length, offset);
}

#define DEFINE_FILE_CALL(name)                      \
  int name(int file) {                              \
    if (is_file_below(file) && count_call()) end(); \
    return REAL(name)(file);                        \
  }
DEFINE_FILE_CALL(fsync)
DEFINE_FILE_CALL(fdatasync)

#define DEFINE_PAIR_CALL(name)                                         \
  int name(const char *from, const char *to) {                         \
    if ((is_below(from) || is_below(to)) && count_call()) end();       \
    return REAL(name)(from, to);                                       \
  }
DEFINE_PAIR_CALL(rename)
DEFINE_PAIR_CALL(link)

int unlink(const char *path) {
  if (is_below(path) && count_call()) end();
  return REAL(unlink)(path);
}

int rmdir(const char *path) {
  if (is_below(path) && count_call()) end();
  return REAL(rmdir)(path);
}

int mkdir(const char *path, mode_t mode) {
  if (is_below(path) && count_call()) end();
  return REAL(mkdir)(path, mode);
}
