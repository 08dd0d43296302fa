// How far a log (WAL) was when it was last synchronised, in a small file beside the database: the salts of the log, the end of
// the transaction, the sums of its last frame, and a check value of these.
//
// SQLite takes a log up to the first frame that does not fit. What is behind it may be a transaction that was being written when
// the power went, or one that was on the disk and is damaged; the log alone does not tell which.
//
// The mark is written after the log was synchronised, so what it says was on the disk. It is itself synchronised by nobody: one
// that is lost, older, or written in part says less, and nothing wrong. Neither does one that could not be written.
//
// Its file also serves to ask the file system whether a synchronisation can be believed. ext4 says yes when the transaction that it
// waits for is no longer in its journal, also when the journal has been given up meanwhile and the transaction with it: what was
// said to be on the disk is gone when the file system is mounted again. A journal that is given up takes no change any more. One
// that takes a change had not been given up, so all that was synchronised before it is there.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "logmark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES = 32, CHECK = 8, LONGEST_NAME = 4096 };

uint64_t msggw_check(const unsigned char *bytes, int count, uint64_t place) {
    uint64_t value = UINT64_C(0x9E3779B97F4A7C15) ^ place;
    for (int at = 0; at < count; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        // Each step can be undone, so that two different words never lead to the same value.
        value = (value ^ word) * UINT64_C(0xD6E8FEB86659FD93);
        value ^= value >> 32;
    }
    // Zeros mean that there is none.
    return value == 0 ? 1 : value;
}

// https://www.sqlite.org/fileformat2.html#checksum_algorithm
void msggw_log_sum(uint32_t sums[2], const unsigned char *bytes, long count, int isBig) {
    for (long at = 0; at < count; at += 8) {
        uint32_t one = msggw_number(bytes + at), two = msggw_number(bytes + at + 4);
        sums[0] += (isBig ? one : __builtin_bswap32(one)) + sums[1];
        sums[1] += (isBig ? two : __builtin_bswap32(two)) + sums[0];
    }
}

static int markName(const char *database, size_t length, char *name) {
    int count = snprintf(name, LONGEST_NAME, "%.*s-mark", (int)length, database);
    return count > 0 && count < LONGEST_NAME;
}

// The length of the database's name; 0 when it is no log.
static size_t databaseName(const char *log) {
    size_t length = log == NULL ? 0 : strlen(log);
    return length > 4 && strcmp(log + length - 4, "-wal") == 0 ? length - 4 : 0;
}

// A log makes the mark; a database, which may have no log, has what is there.
static int opened(msggw_mark_file *file) {
    char name[LONGEST_NAME];
    if (file->descriptor >= 0) return 1;
    if (file->name == NULL) return 0;
    size_t length = databaseName(file->name);
    int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (length > 0 ? O_CREAT : 0);
    if (!markName(file->name, length > 0 ? length : strlen(file->name), name)) return 0;
    file->descriptor = open(name, flags, 0600);
    if (file->descriptor < 0) return 0;
    // As SQLite does with its own files: what root makes belongs to whom the store belongs to.
    struct stat status;
    if (geteuid() == 0 && stat(file->name, &status) == 0 && fchown(file->descriptor, status.st_uid, status.st_gid) != 0) {
        msggw_mark_close(file);
    }
    return file->descriptor >= 0;
}

int msggw_mark_confirms(msggw_mark_file *file) {
    errno = 0;
    // Nothing changes, but the room for it is asked for in a transaction of its own, which waits for nothing.
    if (opened(file) && fallocate(file->descriptor, FALLOC_FL_KEEP_SIZE, 0, BYTES) == 0) return 1;
    // No room, too many open files, a file system that cannot do it: none of these says anything about what was synchronised.
    return errno != EROFS && errno != EIO;
}

static int readMark(int file, msggw_log_mark *mark) {
    unsigned char bytes[BYTES];
    uint64_t check;
    if (pread(file, bytes, BYTES, 0) != BYTES) return 0;
    memcpy(&check, bytes + BYTES - CHECK, CHECK);
    if (check != msggw_check(bytes, BYTES - CHECK, 0)) return 0;
    memcpy(mark->salts, bytes, 8);
    mark->end = (uint64_t)msggw_number(bytes + 8) << 32 | msggw_number(bytes + 12);
    memcpy(mark->sums, bytes + 16, 8);
    return 1;
}

void msggw_mark_write(msggw_mark_file *file, const msggw_log_mark *mark) {
    if (!opened(file)) return;
    unsigned char bytes[BYTES];
    memcpy(bytes, mark->salts, 8);
    for (int index = 0; index < 8; index++) bytes[8 + index] = (unsigned char)(mark->end >> (56 - 8 * index));
    memcpy(bytes + 16, mark->sums, 8);
    uint64_t check = msggw_check(bytes, BYTES - CHECK, 0);
    memcpy(bytes + BYTES - CHECK, &check, CHECK);
    if (pwrite(file->descriptor, bytes, BYTES, 0) != BYTES) return;
}

void msggw_mark_clear_behind(msggw_mark_file *file, uint64_t end) {
    msggw_log_mark mark;
    if (opened(file) && readMark(file->descriptor, &mark) && mark.end > end && ftruncate(file->descriptor, 0) != 0) return;
}

void msggw_mark_close(msggw_mark_file *file) {
    if (file->descriptor >= 0) close(file->descriptor);
    file->descriptor = -1;
}

void msggw_mark_delete(const char *name) {
    char mark[LONGEST_NAME];
    size_t length = databaseName(name);
    if (length > 0 && markName(name, length, mark)) unlink(mark);
}

int msggw_log_mark_read(const char *database, msggw_log_mark *mark) {
    char name[LONGEST_NAME];
    if (!markName(database, strlen(database), name)) return 0;
    int file = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return 0;
    int isRead = readMark(file, mark);
    close(file);
    return isRead;
}
