// The log (WAL). Its frames go to the file together (filewrites.h). They have sums of SQLite's own, which SQLite looks at only when
// nobody has the database open. The guard looks at them whenever a page is read from the log, and so before one is copied into the
// database. How far the log was when it was last synchronised says a mark beside it: up to there it must be whole, whatever
// happened.
#include "guardedfile.h"

#include <string.h>

// A frame's sums go on from those of the frame before it, or of the log's head. Nobody writes these while a frame that follows
// can be read. All of it is read at once: it lies together, and asking costs more than copying.
static int readFrame(GuardedFile *log, unsigned char *page, sqlite3_int64 at) {
    sqlite3_file *file = lower(&log->base);
    sqlite3_int64 start = at - FRAME_HEAD;
    unsigned char frames[8 + PAGE + FRAME];
    int length = start == LOG_HEAD ? 8 + FRAME : 8 + PAGE + FRAME;
    const unsigned char *before = frames, *head = frames + length - FRAME;
    int result = file->pMethods->xRead(file, frames, length, at + PAGE - length);
    memcpy(page, head + FRAME_HEAD, PAGE);
    if (result != SQLITE_OK) return result;
    // What this connection wrote in a transaction that is not over gets its sums at the end of it.
    int isOpen = log->written != 0 && start >= log->written, fits = isOpen;
    // Which end comes first says the log's head; the other one fits once in 2^64.
    for (int isBig = 0; isBig < 2 && !fits; isBig++) {
        uint32_t sums[2] = {msggw_number(before), msggw_number(before + 4)};
        msggw_log_sum(sums, head, 8, isBig);
        msggw_log_sum(sums, page, PAGE, isBig);
        fits = sums[0] == msggw_number(head + 16) && sums[1] == msggw_number(head + 20);
    }
    if (!fits) return msggw_guarded_refuse(log, "frame", (start - LOG_HEAD) / FRAME + 1);
    if (msggw_number(head) == 1) result = msggw_guarded_learn(log->database, page);
    // Another program leaves there what it was shown.
    if (log->database->isGuarded) memset(page + PAGE - CHECK, 0, CHECK);
    return result;
}

int msggw_guarded_log_read(GuardedFile *log, unsigned char *bytes, int count, sqlite3_int64 at) {
    sqlite3_file *file = lower(&log->base);
    int isFramePage = count == PAGE && at > LOG_HEAD && (at - LOG_HEAD) % FRAME == FRAME_HEAD;
    int result = msggw_log_writes_flush(&log->writes, file);
    if (result != SQLITE_OK) return result;
    return isFramePage && log->database != NULL ? readFrame(log, bytes, at) : file->pMethods->xRead(file, bytes, count, at);
}

int msggw_guarded_log_write(GuardedFile *log, const unsigned char *bytes, int count, sqlite3_int64 at) {
    sqlite3_file *file = lower(&log->base);
    // What is written over here was on the disk and given up: nobody was told of it. Whoever wrote it may have died before it could
    // say so, so this is asked of the mark itself, once in a transaction and wherever it goes back.
    if (at >= LOG_HEAD && (log->written == 0 || at < log->written)) msggw_mark_clear_behind(&log->mark, (uint64_t)at);
    if (log->written == 0 || at < log->written) log->written = at < LOG_HEAD ? LOG_HEAD : at;
    int isHead = count == FRAME_HEAD && at >= LOG_HEAD && (at - LOG_HEAD) % FRAME == 0;
    int isLast = log->commit.end != 0 && (uint64_t)at + (uint64_t)count == log->commit.end;
    int result = msggw_log_write(&log->writes, file, bytes, count, at, isLast);
    // A page belongs to the head before it. The head of a transaction's last frame says how large the database is then.
    if (result != SQLITE_OK || (isHead && msggw_number(bytes + 4) == 0)) {
        log->commit.end = 0;
    } else if (isHead) {
        memcpy(log->commit.salts, bytes + 8, 8);
        memcpy(log->commit.sums, bytes + 16, 8);
        log->commit.end = (uint64_t)at + FRAME;
    }
    return result;
}

void msggw_guarded_log_synchronised(GuardedFile *log) {
    if (log->commit.end != 0) {
        msggw_mark_write(&log->mark, &log->commit);
        log->length = (sqlite3_int64)log->commit.end;
    }
    log->written = 0;
    log->commit.end = 0;
}
