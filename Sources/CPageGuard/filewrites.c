// SQLite writes each frame of a log in two pieces, and no page of the file begins where a frame does: the system touches three of its
// own pages for every frame. In one piece a transaction's frames cost a third of that.
//
// Pages that go from the log into the database come one by one as well. One that makes the file longer costs the system more than what
// follows to an old place, for as long as it lies in the system's memory by itself: zeros in large pieces make the file longer for half.
#include "filewrites.h"

#include <stdlib.h>
#include <string.h>

// SQLite's own layer writes less than 128 KiB at once, and takes more for a full disk.
enum { LARGEST = 120 << 10 };

int msggw_log_writes_flush(msggw_log_writes *writes, sqlite3_file *file) {
    int count = writes->count;
    writes->count = 0;
    writes->end = -1;
    return count == 0 ? SQLITE_OK : file->pMethods->xWrite(file, writes->bytes, count, writes->start);
}

static int writeThrough(msggw_log_writes *writes, sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
    int result = msggw_log_writes_flush(writes, file);
    if (result == SQLITE_OK) result = file->pMethods->xWrite(file, bytes, count, at);
    if (result == SQLITE_OK) writes->end = at + count;
    return result;
}

int msggw_log_write(msggw_log_writes *writes, sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at, int isLast) {
    if (at != writes->end) return writeThrough(writes, file, bytes, count, at);
    if (writes->count + count > LARGEST) {
        int result = msggw_log_writes_flush(writes, file);
        if (result != SQLITE_OK) return result;
    }
    if (writes->bytes == NULL) writes->bytes = malloc(LARGEST);
    if (writes->bytes == NULL || count > LARGEST) return writeThrough(writes, file, bytes, count, at);
    if (writes->count == 0) writes->start = at;
    memcpy(writes->bytes + writes->count, bytes, (size_t)count);
    writes->count += count;
    writes->end = at + count;
    if (!isLast) return SQLITE_OK;
    int result = msggw_log_writes_flush(writes, file);
    if (result == SQLITE_OK) writes->end = at + count;
    return result;
}

void msggw_log_writes_close(msggw_log_writes *writes) {
    free(writes->bytes);
    *writes = (msggw_log_writes){.end = -1};
}

void msggw_lengthen(sqlite3_file *file, sqlite3_int64 wanted) {
    static const unsigned char zeros[64 << 10];
    const sqlite3_int64 piece = sizeof zeros;
    sqlite3_int64 end;
    if (file->pMethods->xFileSize(file, &end) != SQLITE_OK) return;
    while (end < wanted) {
        sqlite3_int64 count = piece - end % piece < wanted - end ? piece - end % piece : wanted - end;
        if (file->pMethods->xWrite(file, zeros, (int)count, end) != SQLITE_OK) return;
        end += count;
    }
}
