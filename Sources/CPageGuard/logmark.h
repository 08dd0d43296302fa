#ifndef MSGGW_LOGMARK_H
#define MSGGW_LOGMARK_H

#include "pageguard.h"

/// A check value of `count` bytes, a multiple of eight, at that place. Never 0.
uint64_t msggw_check(const unsigned char *bytes, int count, uint64_t place);

static inline uint32_t msggw_number(const unsigned char *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/// The file of a mark, opened when it is first needed.
typedef struct {
    /// The name of the log that it belongs to, or of the database.
    const char *name;
    /// -1 until it is open.
    int descriptor;
} msggw_mark_file;

void msggw_mark_write(msggw_mark_file *file, const msggw_log_mark *mark);
/// Whether the file system still takes changes, so that what was synchronised before is on the disk: 0 when it has closed itself.
int msggw_mark_confirms(msggw_mark_file *file);
/// Makes a mark that lies behind `end` say nothing, whichever connection wrote it.
void msggw_mark_clear_behind(msggw_mark_file *file, uint64_t end);
void msggw_mark_close(msggw_mark_file *file);
/// Deletes the mark of a log that goes; nothing when `name` is no log's.
void msggw_mark_delete(const char *name);

#endif
