#ifndef MSGGW_FILEWRITES_H
#define MSGGW_FILEWRITES_H

#include <sqlite3.h>

/// What SQLite wrote to a log piece by piece, a head and a page for each frame, and the file was not given yet.
///
/// Only what follows on the last write is held back, and only until the transaction's last page: nobody is told of a commit whose
/// frames are not in the file, however the database is synchronised.
typedef struct {
    unsigned char *bytes;
    /// Where they belong, and how many they are.
    sqlite3_int64 start;
    int count;
    /// Where the last write ended; -1 when something else was done to the file since.
    sqlite3_int64 end;
} msggw_log_writes;

/// Holds the bytes back when they follow on the last write, and writes them otherwise. `isLast` says that nothing of the transaction
/// comes after them: then all is in the file when this answers SQLITE_OK.
int msggw_log_write(msggw_log_writes *writes, sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at, int isLast);
/// Gives the file what is held back. Whatever it says, nothing is held back afterwards.
int msggw_log_writes_flush(msggw_log_writes *writes, sqlite3_file *file);
/// Forgets what is held back, which belongs to a transaction that is not over and never will be.
void msggw_log_writes_close(msggw_log_writes *writes);

/// Makes a database's file as long as SQLite says that it will be, with zeros where its pages will go. A kill leaves them behind the
/// last page, where nobody reads. What cannot be written is no error yet: SQLite goes on to write there, and says so itself.
void msggw_lengthen(sqlite3_file *file, sqlite3_int64 wanted);

#endif
