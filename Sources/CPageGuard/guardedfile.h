#ifndef MSGGW_GUARDEDFILE_H
#define MSGGW_GUARDEDFILE_H

#include "filewrites.h"
#include "logmark.h"

#include <sqlite3.h>

// Databases with pages of another size are left alone.
enum { PAGE = 4096, CHECK = 8, LOG_HEAD = 32, FRAME_HEAD = 24, FRAME = FRAME_HEAD + PAGE };

/// A file that SQLite has open through the guard: a database, or a log.
typedef struct GuardedFile {
    sqlite3_file base;
    /// As it was opened; SQLite keeps it as long as the file is open.
    const char *name;
    /// Of a log: the database it belongs to.
    struct GuardedFile *database;
    int isDatabase;
    /// Of a database: whether its pages have check values. Once they have, they always have.
    int isGuarded;
    /// Of a database that is being made: the end of what was written before its first page, which says whether there is room.
    sqlite3_int64 unguardedEnd;
    /// Of a database: whether it or its log could not be synchronised once.
    int isLost;
    /// Of a log: where this connection began to write since it last synchronised; 0 when it has not.
    sqlite3_int64 written;
    /// Of a log: the last transaction that is written whole, and not synchronised yet; its end is 0 when there is none.
    msggw_log_mark commit;
    msggw_mark_file mark;
    msggw_log_writes writes;
    /// Of a log: the end of the transaction that this connection synchronised last.
    sqlite3_int64 length;
    // The file of the system's VFS follows.
} GuardedFile;

/// The same file as the system's VFS knows it.
static inline sqlite3_file *lower(sqlite3_file *file) { return (sqlite3_file *)((GuardedFile *)file + 1); }

/// Keeps what did not fit for whoever asks. Returns the result code for it.
int msggw_guarded_refuse(const GuardedFile *file, const char *what, sqlite3_int64 at);
/// Learns from a database's first page whether its pages have room for check values.
int msggw_guarded_learn(GuardedFile *database, const unsigned char *page);

int msggw_guarded_log_read(GuardedFile *log, unsigned char *bytes, int count, sqlite3_int64 at);
int msggw_guarded_log_write(GuardedFile *log, const unsigned char *bytes, int count, sqlite3_int64 at);
/// After a log was synchronised: what is in it is on the disk, and the mark says so.
void msggw_guarded_log_synchronised(GuardedFile *log);

#endif
