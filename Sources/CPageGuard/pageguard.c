// A layer between SQLite and the file system that gives every page of a database a check value, and refuses to read a page
// that does not fit its own. The file is in C because such a layer (VFS) is a table of C functions with a C structure's layout.
//
// The database. Each page has eight reserved bytes that SQLite leaves alone. The guard writes a value there that follows from the
// page's other bytes and its number. Any change inside one aligned word of eight bytes gives another value; any other change goes
// unseen once in 2^64. A page that does not fit is an I/O error (SQLITE_IOERR_DATA), wherever in SQLite it was to be read.
//
// SQLite itself is shown zeros there, so that what it writes ends in zeros, in whatever file. A page that another program copied
// out of the log therefore ends in zeros too: it is taken as it is, and gets its value when it is written the next time.
//
// Programs without the guard can read such a database. The version for writing in its header (offset 18) is one that SQLite does
// not know, which makes it read-only for them.
//
// Of the log tells guardedlog.c.
#include "guardedfile.h"
#include "pageguard.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

// Where a database's first page says its form.
enum { HEADER = 100, WRITE_VERSION = 18, READ_VERSION = 19, RESERVED = 20, GUARDED = 3 };

// MARK: - What was refused

static pthread_mutex_t refusing = PTHREAD_MUTEX_INITIALIZER;
static char refused[600];

int msggw_guarded_refuse(const GuardedFile *file, const char *what, sqlite3_int64 at) {
    pthread_mutex_lock(&refusing);
    snprintf(refused, sizeof refused, "%s %lld of %s", what, (long long)at, file->name == NULL ? "a database" : file->name);
    pthread_mutex_unlock(&refusing);
    return SQLITE_IOERR_DATA;
}

int msggw_pageguard_refused(char *text, int size) {
    pthread_mutex_lock(&refusing);
    int count = (int)strlen(refused);
    if (count > size) count = size;
    memcpy(text, refused, (size_t)count);
    pthread_mutex_unlock(&refusing);
    return count;
}

// MARK: - Check values

static void putCheck(unsigned char *page, sqlite3_int64 at) {
    uint64_t check = msggw_check(page, PAGE - CHECK, (uint64_t)(at / PAGE + 1));
    memcpy(page + PAGE - CHECK, &check, CHECK);
}

// Leaves zeros where a check value was, for SQLite. Returns whether the page fits it.
static int takeCheck(unsigned char *page, sqlite3_int64 at) {
    uint64_t check;
    memcpy(&check, page + PAGE - CHECK, CHECK);
    if (check != 0 && check != msggw_check(page, PAGE - CHECK, (uint64_t)(at / PAGE + 1))) return 0;
    memset(page + PAGE - CHECK, 0, CHECK);
    return 1;
}

// MARK: - A database

// Pages that were written before the first one was: a new database, larger than SQLite's memory for it.
static int guardEarlierPages(GuardedFile *database) {
    sqlite3_file *file = lower(&database->base);
    unsigned char page[PAGE];
    for (sqlite3_int64 at = PAGE; at < database->unguardedEnd; at += PAGE) {
        int result = file->pMethods->xRead(file, page, PAGE, at);
        if (result == SQLITE_IOERR_SHORT_READ) break;
        if (result == SQLITE_OK && takeCheck(page, at)) {
            putCheck(page, at);
            result = file->pMethods->xWrite(file, page, PAGE, at);
        }
        if (result != SQLITE_OK) return result;
    }
    database->unguardedEnd = 0;
    return SQLITE_OK;
}

// Whether there is room for check values says the first page.
int msggw_guarded_learn(GuardedFile *database, const unsigned char *page) {
    if (memcmp(page, "SQLite format 3", 16) != 0) return SQLITE_OK;
    int fits = (page[16] << 8 | page[17] << 16) == PAGE && page[RESERVED] == CHECK;
    // A header that contradicts itself. SQLite would read every page in another way.
    if (!fits && page[WRITE_VERSION] == GUARDED) return msggw_guarded_refuse(database, "page", 1);
    if (!fits || database->isGuarded) return SQLITE_OK;
    database->isGuarded = 1;
    return guardEarlierPages(database);
}

static int isPage(int count, sqlite3_int64 at) { return count == PAGE && at % PAGE == 0; }

static int readDatabase(GuardedFile *guard, unsigned char *bytes, int count, sqlite3_int64 at) {
    int isHeader = at == 0 && count >= HEADER;
    int result = lower(&guard->base)->pMethods->xRead(lower(&guard->base), bytes, count, at);
    if (result == SQLITE_OK && isHeader) result = msggw_guarded_learn(guard, bytes);
    if (result != SQLITE_OK || !guard->isGuarded) return result;
    if (isPage(count, at) && !takeCheck(bytes, at)) return msggw_guarded_refuse(guard, "page", at / PAGE + 1);
    if (isHeader && bytes[WRITE_VERSION] == GUARDED) bytes[WRITE_VERSION] = bytes[READ_VERSION];
    return SQLITE_OK;
}

static int writeDatabase(GuardedFile *guard, const unsigned char *bytes, int count, sqlite3_int64 at) {
    sqlite3_file *file = lower(&guard->base);
    int result = at == 0 && count >= HEADER ? msggw_guarded_learn(guard, bytes) : SQLITE_OK;
    if (result != SQLITE_OK) return result;
    if (!guard->isGuarded || !isPage(count, at)) {
        if (at + count > guard->unguardedEnd) guard->unguardedEnd = at + count;
        return file->pMethods->xWrite(file, bytes, count, at);
    }
    unsigned char page[PAGE];
    memcpy(page, bytes, PAGE);
    if (at == 0) page[WRITE_VERSION] = GUARDED;
    putCheck(page, at);
    return file->pMethods->xWrite(file, page, PAGE, at);
}

// MARK: - Files

static int guardRead(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) {
    GuardedFile *guard = (GuardedFile *)file;
    int result = guard->isDatabase ? readDatabase(guard, bytes, count, at) : msggw_guarded_log_read(guard, bytes, count, at);
    if (result != SQLITE_OK) guard->commit.end = 0;
    return result;
}

static int guardWrite(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
    GuardedFile *guard = (GuardedFile *)file;
    return guard->isDatabase ? writeDatabase(guard, bytes, count, at) : msggw_guarded_log_write(guard, bytes, count, at);
}

static int guardSync(sqlite3_file *file, int flags) {
    GuardedFile *guard = (GuardedFile *)file, *database = guard->isDatabase ? guard : guard->database;
    // The system may have let go of what it could not write, and say yes the second time. SQLite would ask again when it closes.
    if (database != NULL && database->isLost) return SQLITE_IOERR_FSYNC;
    // What could not be written was not lost by the system: whoever wrote it is told so.
    int result = msggw_log_writes_flush(&guard->writes, lower(file));
    if (result == SQLITE_OK) {
        result = lower(file)->pMethods->xSync(lower(file), flags);
        if (result == SQLITE_OK && !msggw_mark_confirms(&guard->mark)) result = SQLITE_IOERR_FSYNC;
        if (database != NULL && result != SQLITE_OK) database->isLost = 1;
    }
    if (result == SQLITE_OK && !guard->isDatabase) msggw_guarded_log_synchronised(guard);
    // A commit that is not on the disk gets no mark.
    if (result != SQLITE_OK) guard->commit.end = 0;
    return result;
}

static int guardClose(sqlite3_file *file) {
    GuardedFile *guard = (GuardedFile *)file;
    msggw_mark_close(&guard->mark);
    msggw_log_writes_close(&guard->writes);
    return lower(file)->pMethods->xClose(lower(file));
}

// `PRAGMA page_guard` says whether pages are checked.
static int guardFileControl(sqlite3_file *file, int operation, void *argument) {
    GuardedFile *guard = (GuardedFile *)file;
    if (operation == SQLITE_FCNTL_PRAGMA && guard->isDatabase) {
        char **words = argument;
        if (words[1] != NULL && sqlite3_stricmp(words[1], "page_guard") == 0) {
            words[0] = sqlite3_mprintf("%s", guard->isGuarded ? "on" : "off");
            return SQLITE_OK;
        }
    }
    if (operation == SQLITE_FCNTL_SIZE_HINT && guard->isGuarded) msggw_lengthen(lower(file), *(const sqlite3_int64 *)argument);
    return lower(file)->pMethods->xFileControl(lower(file), operation, argument);
}

static int guardDeviceCharacteristics(sqlite3_file *file) {
    // SQLITE_IOCAP_SUBPAGE_READ, which older headers do not have: parts of pages cannot be checked.
    return lower(file)->pMethods->xDeviceCharacteristics(lower(file)) & ~0x00008000;
}

static int guardTruncate(sqlite3_file *file, sqlite3_int64 size) {
    int result = msggw_log_writes_flush(&((GuardedFile *)file)->writes, lower(file));
    return result != SQLITE_OK ? result : lower(file)->pMethods->xTruncate(lower(file), size);
}

static int guardFileSize(sqlite3_file *file, sqlite3_int64 *size) {
    int result = msggw_log_writes_flush(&((GuardedFile *)file)->writes, lower(file));
    return result != SQLITE_OK ? result : lower(file)->pMethods->xFileSize(lower(file), size);
}

// MARK: - What is passed on as it is

static int guardLock(sqlite3_file *file, int level) { return lower(file)->pMethods->xLock(lower(file), level); }
static int guardUnlock(sqlite3_file *file, int level) { return lower(file)->pMethods->xUnlock(lower(file), level); }
static int guardCheckLock(sqlite3_file *file, int *out) { return lower(file)->pMethods->xCheckReservedLock(lower(file), out); }
static int guardSectorSize(sqlite3_file *file) { return lower(file)->pMethods->xSectorSize(lower(file)); }
static int guardShmMap(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return lower(file)->pMethods->xShmMap(lower(file), region, size, extend, memory);
}
static int guardShmLock(sqlite3_file *file, int offset, int count, int flags) {
    return lower(file)->pMethods->xShmLock(lower(file), offset, count, flags);
}
static void guardShmBarrier(sqlite3_file *file) { lower(file)->pMethods->xShmBarrier(lower(file)); }
static int guardShmUnmap(sqlite3_file *file, int deletes) { return lower(file)->pMethods->xShmUnmap(lower(file), deletes); }

// Version 2 has no memory maps: what is mapped is read without anybody asking.
static const sqlite3_io_methods methods = {
    2, guardClose, guardRead, guardWrite, guardTruncate, guardSync, guardFileSize, guardLock, guardUnlock, guardCheckLock,
    guardFileControl, guardSectorSize, guardDeviceCharacteristics, guardShmMap, guardShmLock, guardShmBarrier, guardShmUnmap,
    NULL, NULL,
};

static sqlite3_vfs *system_(sqlite3_vfs *vfs) { return vfs->pAppData; }

static int vfsOpen(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags) {
    sqlite3_vfs *system = system_(vfs);
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) return system->xOpen(system, name, file, flags, outFlags);
    GuardedFile *guard = (GuardedFile *)file;
    memset(guard, 0, sizeof *guard);
    int result = system->xOpen(system, name, lower(file), flags, outFlags);
    if (result != SQLITE_OK) {
        if (lower(file)->pMethods != NULL) lower(file)->pMethods->xClose(lower(file));
        return result;
    }
    guard->name = name;
    guard->mark = (msggw_mark_file){.name = name, .descriptor = -1};
    guard->writes.end = -1;
    guard->isDatabase = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    if (!guard->isDatabase) guard->database = (GuardedFile *)sqlite3_database_file_object(name);
    guard->base.pMethods = &methods;
    return SQLITE_OK;
}

// A log goes with its mark.
static int vfsDelete(sqlite3_vfs *vfs, const char *name, int sync) {
    msggw_mark_delete(name);
    return system_(vfs)->xDelete(system_(vfs), name, sync);
}
static int vfsAccess(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    return system_(vfs)->xAccess(system_(vfs), name, flags, out);
}
static int vfsFullPathname(sqlite3_vfs *vfs, const char *name, int count, char *out) {
    return system_(vfs)->xFullPathname(system_(vfs), name, count, out);
}
static int vfsRandomness(sqlite3_vfs *vfs, int count, char *out) { return system_(vfs)->xRandomness(system_(vfs), count, out); }
static int vfsSleep(sqlite3_vfs *vfs, int microseconds) { return system_(vfs)->xSleep(system_(vfs), microseconds); }
static int vfsCurrentTime(sqlite3_vfs *vfs, double *out) { return system_(vfs)->xCurrentTime(system_(vfs), out); }
static int vfsLastError(sqlite3_vfs *vfs, int count, char *out) { return system_(vfs)->xGetLastError(system_(vfs), count, out); }
static int vfsCurrentTime64(sqlite3_vfs *vfs, sqlite3_int64 *out) {
    return system_(vfs)->xCurrentTimeInt64(system_(vfs), out);
}

// MARK: - What a connection is asked

static GuardedFile *guarded(sqlite3 *database, int operation) {
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(database, "main", operation, &file);
    return result == SQLITE_OK && file != NULL && file->pMethods == &methods ? (GuardedFile *)file : NULL;
}

int64_t msggw_log_length(sqlite3 *database) {
    GuardedFile *log = guarded(database, SQLITE_FCNTL_JOURNAL_POINTER);
    return log == NULL || log->isDatabase ? 0 : log->length;
}

int msggw_database_sync(sqlite3 *database) {
    GuardedFile *file = guarded(database, SQLITE_FCNTL_FILE_POINTER);
    return file == NULL ? SQLITE_OK : guardSync(&file->base, SQLITE_SYNC_NORMAL);
}

// MARK: - Installing

static sqlite3_vfs guarding;

// A database that is made from now on has room for check values. One that is there keeps its form until it is vacuumed.
static int reserve(sqlite3 *database, char **error, const struct sqlite3_api_routines *api) {
    (void)error;
    (void)api;
    sqlite3_vfs *vfs = NULL;
    int count = CHECK;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) == SQLITE_OK && vfs == &guarding) {
        sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &count);
    }
    return SQLITE_OK;
}

// SQLite takes this only before its first use, by whoever that is.
__attribute__((constructor)) static void configure(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // A tally that nobody reads, with a lock at each allocation.
    // What a statement would be undone with stays in memory. As a file it would lie in a folder that is not the store's.
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
}

int msggw_pageguard_install(void) {
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (system == NULL || system->iVersion < 2) return SQLITE_ERROR;
    if (system == &guarding) return SQLITE_OK;
    // Loading of extensions (xDlOpen and its kin) has no place here, and system calls belong to the system's own.
    guarding = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = (int)sizeof(GuardedFile) + system->szOsFile,
        .mxPathname = system->mxPathname,
        .zName = "msggw",
        .pAppData = system,
        .xOpen = vfsOpen,
        .xDelete = vfsDelete,
        .xAccess = vfsAccess,
        .xFullPathname = vfsFullPathname,
        .xRandomness = vfsRandomness,
        .xSleep = vfsSleep,
        .xCurrentTime = vfsCurrentTime,
        .xGetLastError = vfsLastError,
        .xCurrentTimeInt64 = vfsCurrentTime64,
    };
    int result = sqlite3_auto_extension((void (*)(void))reserve);
    return result != SQLITE_OK ? result : sqlite3_vfs_register(&guarding, 1);
}
