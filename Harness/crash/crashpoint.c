// Loaded before the C library (LD_PRELOAD) into a msggw under test: counts the calls that move data or reach the disk, and lets
// one of them be the last, fail, be cut short or take long. points.py makes the library, writes its table and reads it.
//
// Each call is counted by what it does and by what it does it to, over all threads of the process: strace's
// `inject=...:when=N` counts for each thread by itself, so that "every N" would leave most points of a server out. The
// table is a shared mapping of a file, which outlives a SIGKILL. Where the table is not named the library does nothing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// The order of these is points.py's CALLS and PLACES.
enum call { WRITE, PWRITE, WRITEV, SEND, FSYNC, FDATASYNC, RENAME, UNLINK, OPEN, TRUNCATE, CLOSE, MKDIR, READ, RECEIVE, CONNECT, ACCEPT, MMAP, ALLOCATE, CALLS };
enum place { WAL, DATABASE, INDEX, PAYLOAD, SPOOL, FILED, SOCKET, PIPE, STORE, NODE, OUTPUT, OTHER, PLACES };
enum action { COUNT, KILL_BEFORE, KILL_AFTER, KILL_HALFWAY, FAIL, SHORTEN, DELAY };

struct table {
    uint32_t magic;
    int32_t call, place;  // -1: any
    uint32_t from, until; // counted from 1 among the calls that match
    int32_t action, error;
    uint32_t milliseconds;
    _Atomic uint32_t matched, fired;
    char last[256]; // what the last one that fired did it to
    _Atomic uint32_t counts[CALLS][PLACES];
};

static struct table *table;

__attribute__((constructor)) static void start(void) {
    const char *name = getenv("CRASHPOINT_TABLE");
    if (name == NULL) return;
    int file = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (memory == MAP_FAILED || ((struct table *)memory)->magic != 0x43524153) return;
    table = memory;
}

static enum place place_of(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, "socket:", 7) == 0) return SOCKET;
    if (strncmp(path, "pipe:", 5) == 0) return PIPE;
    if (length > 4 && strcmp(path + length - 4, "-wal") == 0) return WAL;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return INDEX;
    if (length > 5 && strcmp(path + length - 5, "-mark") == 0) return STORE;
    if (strstr(path, ".sqlite") != NULL) return DATABASE;
    if (strstr(path, "/payloads") != NULL) return PAYLOAD;
    if (strstr(path, "/spool") != NULL) return SPOOL;
    if (strstr(path, "/filed") != NULL || strstr(path, "/saved") != NULL) return FILED;
    if (strstr(path, "/store/wake") != NULL) return PIPE;
    if (strstr(path, "/store") != NULL) return STORE;
    if (strstr(path, "/nodes/") != NULL) return NODE;
    return OTHER;
}

static void path_of(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
}

static _Noreturn void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

// Counts the call. Returns what is to become of it; a call that is to fail, be cut or die halfway is left to the caller.
static enum action reach(enum call call, enum place place, const char *path) {
    if (table == NULL) return COUNT;
    atomic_fetch_add(&table->counts[call][place], 1);
    if (table->action == COUNT || place == OTHER || (table->call >= 0 && table->call != (int32_t)call)) return COUNT;
    if (table->place >= 0 && table->place != (int32_t)place) return COUNT;
    uint32_t number = atomic_fetch_add(&table->matched, 1) + 1;
    if (number < table->from || number > table->until) return COUNT;
    strncpy(table->last, path, sizeof table->last - 1);
    atomic_fetch_add(&table->fired, 1);
    switch (table->action) {
    case KILL_BEFORE: die();
    case DELAY: {
        struct timespec time = {table->milliseconds / 1000, (long)(table->milliseconds % 1000) * 1000000};
        nanosleep(&time, NULL);
        return COUNT;
    }
    default: return (enum action)table->action;
    }
}

static enum action reach_descriptor(enum call call, int descriptor) {
    if (table == NULL) return COUNT;
    char path[512];
    path_of(descriptor, path, sizeof path);
    if (descriptor == 1 || descriptor == 2) return reach(call, OUTPUT, path);
    return reach(call, place_of(path), path);
}

static enum action reach_path(enum call call, int folder, const char *path) {
    if (table == NULL || path == NULL) return COUNT;
    if (path[0] == '/' || folder == AT_FDCWD) return reach(call, place_of(path), path);
    char whole[1024];
    path_of(folder, whole, sizeof whole / 2);
    size_t length = strlen(whole);
    snprintf(whole + length, sizeof whole - length, "/%s", path);
    return reach(call, place_of(whole), whole);
}

// The real function, looked up the first time it is called: other libraries' constructors call before ours has run.
#define REAL(type, name, ...)                                                                                                  \
    static type (*real)(__VA_ARGS__);                                                                                          \
    if (real == NULL) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define FAILED(what) ((what) == FAIL ? (errno = table->error, 1) : 0)
#define AFTER(what) do { if ((what) == KILL_AFTER || (what) == KILL_HALFWAY) die(); } while (0)
#define CUT(what, count) (((what) == KILL_HALFWAY || (what) == SHORTEN) && (count) > 1 ? (count) / 2 : (count))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    enum action what = reach_descriptor(WRITE, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, CUT(what, count));
    AFTER(what);
    return done;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    enum action what = reach_descriptor(PWRITE, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, CUT(what, count), offset);
    AFTER(what);
    return done;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) { return pwrite64(descriptor, bytes, count, offset); }

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    enum action what = reach_descriptor(WRITEV, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, pieces, CUT(what, count));
    AFTER(what);
    return done;
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    REAL(ssize_t, "send", int, const void *, size_t, int);
    enum action what = reach_descriptor(SEND, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, CUT(what, count), flags);
    AFTER(what);
    return done;
}

ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(ssize_t, "sendto", int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    enum action what = reach_descriptor(SEND, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, CUT(what, count), flags, to, length);
    AFTER(what);
    return done;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
    enum action what = reach_descriptor(SEND, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, message, flags);
    AFTER(what);
    return done;
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    REAL(ssize_t, "read", int, void *, size_t);
    enum action what = reach_descriptor(READ, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, what == SHORTEN ? CUT(what, count) : count);
    AFTER(what);
    return done;
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    enum action what = reach_descriptor(READ, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, what == SHORTEN ? CUT(what, count) : count, offset);
    AFTER(what);
    return done;
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) { return pread64(descriptor, bytes, count, offset); }

ssize_t recv(int descriptor, void *bytes, size_t count, int flags) {
    REAL(ssize_t, "recv", int, void *, size_t, int);
    enum action what = reach_descriptor(RECEIVE, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, bytes, what == SHORTEN ? CUT(what, count) : count, flags);
    AFTER(what);
    return done;
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags) {
    REAL(ssize_t, "recvmsg", int, struct msghdr *, int);
    enum action what = reach_descriptor(RECEIVE, descriptor);
    if (FAILED(what)) return -1;
    ssize_t done = real(descriptor, message, flags);
    AFTER(what);
    return done;
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    REAL(int, "connect", int, const struct sockaddr *, socklen_t);
    enum action what = reach_descriptor(CONNECT, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor, address, length);
    AFTER(what);
    return done;
}

int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    REAL(int, "accept4", int, struct sockaddr *, socklen_t *, int);
    enum action what = reach_descriptor(ACCEPT, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor, address, length, flags);
    AFTER(what);
    return done;
}

int accept(int descriptor, struct sockaddr *address, socklen_t *length) {
    REAL(int, "accept", int, struct sockaddr *, socklen_t *);
    enum action what = reach_descriptor(ACCEPT, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor, address, length);
    AFTER(what);
    return done;
}

int fsync(int descriptor) {
    REAL(int, "fsync", int);
    enum action what = reach_descriptor(FSYNC, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor);
    AFTER(what);
    return done;
}

int fdatasync(int descriptor) {
    REAL(int, "fdatasync", int);
    enum action what = reach_descriptor(FDATASYNC, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor);
    AFTER(what);
    return done;
}

int ftruncate64(int descriptor, off64_t length) {
    REAL(int, "ftruncate64", int, off64_t);
    enum action what = reach_descriptor(TRUNCATE, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor, length);
    AFTER(what);
    return done;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fallocate64(int descriptor, int mode, off64_t offset, off64_t length) {
    REAL(int, "fallocate64", int, int, off64_t, off64_t);
    enum action what = reach_descriptor(ALLOCATE, descriptor);
    if (FAILED(what)) return -1;
    int done = real(descriptor, mode, offset, length);
    AFTER(what);
    return done;
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) { return fallocate64(descriptor, mode, offset, length); }

int close(int descriptor) {
    REAL(int, "close", int);
    enum action what = reach_descriptor(CLOSE, descriptor);
    int done = real(descriptor); // Linux closes it whatever it answers.
    if (FAILED(what)) return -1;
    AFTER(what);
    return done;
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    enum action what = reach_path(RENAME, to_folder, to);
    if (FAILED(what)) return -1;
    int done = real(from_folder, from, to_folder, to, flags);
    AFTER(what);
    return done;
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) { return renameat2(from_folder, from, to_folder, to, 0); }

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    enum action what = reach_path(UNLINK, folder, path);
    if (FAILED(what)) return -1;
    int done = real(folder, path, flags);
    AFTER(what);
    return done;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    int done = unlinkat(AT_FDCWD, path, 0);
    return done < 0 && (errno == EISDIR || errno == EPERM) ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : done;
}

int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    enum action what = reach_path(MKDIR, folder, path);
    if (FAILED(what)) return -1;
    int done = real(folder, path, mode);
    AFTER(what);
    return done;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int mkfifo(const char *path, mode_t mode) {
    REAL(int, "mkfifo", const char *, mode_t);
    enum action what = reach_path(MKDIR, AT_FDCWD, path);
    if (FAILED(what)) return -1;
    int done = real(path, mode);
    AFTER(what);
    return done;
}

int openat64(int folder, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, mode_t);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    enum action what = reach_path(OPEN, folder, path);
    if (FAILED(what)) return -1;
    int done = real(folder, path, flags, mode);
    AFTER(what);
    return done;
}

#define MODE(flags)                                                                                                            \
    mode_t mode = 0;                                                                                                           \
    if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) {                                                           \
        va_list rest;                                                                                                          \
        va_start(rest, flags);                                                                                                 \
        mode = va_arg(rest, mode_t);                                                                                           \
        va_end(rest);                                                                                                          \
    }

int openat(int folder, const char *path, int flags, ...) { MODE(flags) return openat64(folder, path, flags, mode); }
int open(const char *path, int flags, ...) { MODE(flags) return openat64(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return openat64(AT_FDCWD, path, flags, mode); }
int __open_2(const char *path, int flags) { return openat64(AT_FDCWD, path, flags); }
int __open64_2(const char *path, int flags) { return openat64(AT_FDCWD, path, flags); }

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset) {
    REAL(void *, "mmap64", void *, size_t, int, int, int, off64_t);
    enum action what = descriptor < 0 ? COUNT : reach_descriptor(MMAP, descriptor);
    if (FAILED(what)) return MAP_FAILED;
    void *done = real(address, length, protection, flags, descriptor, offset);
    AFTER(what);
    return done;
}
