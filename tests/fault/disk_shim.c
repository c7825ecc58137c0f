// A disk that is slow or fails, for the database only: loaded with LD_PRELOAD, it stands before
// fsync, fdatasync, write and pwrite of files whose path holds a given text; all other files are
// left alone.
//
//   FISCALGATE_DISK_SHIM_PATH      part of the path of the files meant; default ".db"
//   FISCALGATE_DISK_SHIM           what happens: "delay_ms=5", "fail_sync=EIO",
//                                  "fail_write=ENOSPC", several with a space between
//   FISCALGATE_DISK_SHIM_CONTROL   a file whose first line, while it exists, replaces the above;
//                                  read at every such call, so a test turns faults on and off
//
// delay_ms is slept before every sync. A write that fails writes nothing. Any thread.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { kMaxFd = 65536, kLine = 256, kPath = 4096 };
enum { kUnseen = 0, kOther = 1, kMeant = 2 };

// Whether the file behind a descriptor is meant; forgotten when the descriptor is closed.
static _Atomic unsigned char seen[kMaxFd];

// Copied when the program starts: some programs clear their environment later.
static char meant_part[kPath] = ".db", first_faults[kLine], control_path[kPath];

static void CopyEnvironment(const char* name, char* to, size_t size) {
  const char* value = getenv(name);
  if (value != NULL && *value != '\0') snprintf(to, size, "%s", value);
}

__attribute__((constructor)) static void ReadEnvironment(void) {
  CopyEnvironment("FISCALGATE_DISK_SHIM_PATH", meant_part, sizeof meant_part);
  CopyEnvironment("FISCALGATE_DISK_SHIM", first_faults, sizeof first_faults);
  CopyEnvironment("FISCALGATE_DISK_SHIM_CONTROL", control_path, sizeof control_path);
}

struct Faults {
  long delay_ms;
  int sync_error, write_error;
};

static int ErrorNamed(const char* name) {
  static const struct {
    const char* name;
    int number;
  } kErrors[] = {
      {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"EFBIG", EFBIG}};
  for (size_t i = 0; i < sizeof kErrors / sizeof kErrors[0]; ++i) {
    if (strcmp(name, kErrors[i].name) == 0) return kErrors[i].number;
  }
  fprintf(stderr, "disk_shim: unknown error %s\n", name);
  abort();
}

static struct Faults ParseFaults(char* line) {
  struct Faults faults = {0, 0, 0};
  char* rest = NULL;
  for (char* word = strtok_r(line, " ,\n", &rest); word; word = strtok_r(NULL, " ,\n", &rest)) {
    if (strncmp(word, "delay_ms=", 9) == 0) {
      faults.delay_ms = atol(word + 9);
    } else if (strncmp(word, "fail_sync=", 10) == 0) {
      faults.sync_error = ErrorNamed(word + 10);
    } else if (strncmp(word, "fail_write=", 11) == 0) {
      faults.write_error = ErrorNamed(word + 11);
    } else {
      fprintf(stderr, "disk_shim: unknown word %s\n", word);
      abort();
    }
  }
  return faults;
}

// The first line of the control file into `line`; 0 if there is no such file.
static int ReadControl(char* line) {
  if (control_path[0] == '\0') return 0;
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, control_path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const ssize_t got = syscall(SYS_read, fd, line, (size_t)(kLine - 1));
  syscall(SYS_close, fd);
  line[got > 0 ? got : 0] = '\0';
  char* end = strchr(line, '\n');
  if (end != NULL) *end = '\0';
  return 1;
}

static struct Faults CurrentFaults(void) {
  char line[kLine];
  if (!ReadControl(line)) memcpy(line, first_faults, sizeof line);
  return ParseFaults(line);
}

static int IsMeant(int fd) {
  if (fd < 0 || fd >= kMaxFd) return 0;
  const int known = atomic_load(&seen[fd]);
  if (known != kUnseen) return known == kMeant;
  char link[64], path[kPath];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  const int meant = strstr(path, meant_part) != NULL;
  atomic_store(&seen[fd], (unsigned char)(meant ? kMeant : kOther));
  return meant;
}

// Sets errno and gives 1 if a sync of this file has to fail; sleeps before.
static int SyncFails(int fd) {
  if (!IsMeant(fd)) return 0;
  const struct Faults faults = CurrentFaults();
  if (faults.delay_ms > 0) {
    struct timespec left = {faults.delay_ms / 1000, faults.delay_ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
  }
  errno = faults.sync_error;
  return faults.sync_error != 0;
}

static int WriteFails(int fd) {
  if (!IsMeant(fd)) return 0;
  errno = CurrentFaults().write_error;
  return errno != 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return SyncFails(fd) ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) { return SyncFails(fd) ? -1 : REAL(fdatasync)(fd); }

ssize_t write(int fd, const void* data, size_t size) {
  return WriteFails(fd) ? -1 : (ssize_t)syscall(SYS_write, fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  return WriteFails(fd) ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return WriteFails(fd) ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, data, size, at);
}

// A descriptor that was given back otherwise than by close() comes round again here.
static int Opened(int fd) {
  if (fd >= 0 && fd < kMaxFd) atomic_store(&seen[fd], kUnseen);
  return fd;
}

static int ModeOf(int flags, va_list rest) {
  const int creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return creates ? va_arg(rest, int) : 0;
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = ModeOf(flags, rest);
  va_end(rest);
  return Opened((int)syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = ModeOf(flags, rest);
  va_end(rest);
  return Opened((int)syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int close(int fd) {
  Opened(fd);
  return REAL(close)(fd);
}
