#ifndef MSGGW_ARENA_H
#define MSGGW_ARENA_H

#include <stddef.h>

/// A piece of memory that is handed out from its start to its end and given back whole.
typedef struct msggw_arena msggw_arena;

/// Opens an empty arena: until it is closed, what this thread asks of the functions below comes out of it.
///
/// Returns NULL when all are taken: then it comes from malloc, as it does while none is open.
msggw_arena *msggw_arena_open(void);

/// From now on the thread has its memory from malloc again. What was handed out stays where it is.
///
/// Returns 1 when all that was asked for came out of the arena: then nothing of it need be given back piece by piece. 0 when
/// something was too large or did not fit, or there was no arena.
int msggw_arena_close(msggw_arena *arena);

/// Gives the arena back, with everything in it. Any thread may; NULL is nothing.
void msggw_arena_discard(msggw_arena *arena);

// What a library wants in place of the C library's four. They take blocks of either kind: where a block lies says which it is.
void *msggw_arena_malloc(size_t size);
void *msggw_arena_realloc(void *block, size_t size);
char *msggw_arena_strdup(const char *text);
void msggw_arena_free(void *block);

#endif
