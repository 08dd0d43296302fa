#ifndef MSGGW_PAGEGUARD_H
#define MSGGW_PAGEGUARD_H

#include <stdint.h>

struct sqlite3;

/// Puts the guard under every SQLite database that this process opens from now on, and has new ones made with room for
/// check values. May be called again.
///
/// Returns 0, or a result code of SQLite.
int msggw_pageguard_install(void);

/// What did not fit when a read was refused last: a page of a database, or of a log. Returns how many bytes were written into
/// `text`, at most `size`; 0 when nothing ever was refused.
int msggw_pageguard_refused(char *text, int size);

/// How long the log of the main database was, in bytes, when this connection committed last; 0 when it never did, or has no guard.
int64_t msggw_log_length(struct sqlite3 *database);

/// Waits until what was put into the main database's file is on the disk. SQLite leaves that out while transactions come in that
/// are not in the file yet. Returns 0, or a result code of SQLite.
int msggw_database_sync(struct sqlite3 *database);

/// How far a log was on the disk, for certain, when somebody last synchronised it.
typedef struct {
    unsigned char salts[8];
    uint64_t end;
    unsigned char sums[8];
} msggw_log_mark;

/// Reads the mark beside a database. Returns 0 when there is none that can be read.
int msggw_log_mark_read(const char *database, msggw_log_mark *mark);

/// Goes on with the sums of a log over `count` bytes, a multiple of eight.
void msggw_log_sum(uint32_t sums[2], const unsigned char *bytes, long count, int isBigEndian);

#endif
