// Memory for the trees that libxml2 makes of documents: hundreds of small blocks that all live exactly as long as the document.
// A third of the time of reading one went into malloc and free.
//
// All arenas lie in one array, so that an address alone says whether a block is malloc's. Blocks of the library from before these
// functions were installed, and those it makes where no arena is open, are therefore never mistaken for an arena's.
//
// An arena is written to by the thread that has it open and by nobody afterwards, until it has been given back. The bit that says
// that it is taken hands it from thread to thread: cleared with release, set with acquire.
#include "arena.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A clinical document of 10 kB makes a tree of some 130 kB. Memory that was never handed out costs nothing but addresses.
enum { ARENAS = 32, SIZE = 256 << 10 };
// A longer text is likely to grow on, and would leave a copy behind at every step.
enum { LARGEST = SIZE / 4 };
// Blocks are aligned as malloc's are. The eight bytes before each say how long it is.
enum { ALIGNMENT = 16, HEAD = sizeof(uint64_t) };

struct msggw_arena {
    unsigned char *memory;
    // Offset of the next block's head.
    size_t used;
    int isComplete;
};

static _Alignas(64) unsigned char memory[ARENAS][SIZE];
static msggw_arena arenas[ARENAS];
static _Atomic uint32_t taken;
static _Thread_local msggw_arena *current;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// It sees a block that is used after it was freed only when the block is malloc's.
#define MSGGW_NO_ARENAS
#endif
#endif

msggw_arena *msggw_arena_open(void) {
#ifdef MSGGW_NO_ARENAS
    return NULL;
#endif
    if (current) return NULL;
    uint32_t before = atomic_load_explicit(&taken, memory_order_relaxed);
    int index;
    do {
        if (before == UINT32_MAX) return NULL;
        // The lowest: its memory is the likeliest to be in a cache.
        index = __builtin_ctz(~before);
    } while (!atomic_compare_exchange_weak_explicit(
        &taken, &before, before | UINT32_C(1) << index, memory_order_acquire, memory_order_relaxed));
    msggw_arena *arena = &arenas[index];
    *arena = (msggw_arena){.memory = memory[index], .used = ALIGNMENT - HEAD, .isComplete = 1};
    current = arena;
    return arena;
}

int msggw_arena_close(msggw_arena *arena) {
    if (!arena) return 0;
    current = NULL;
    return arena->isComplete;
}

void msggw_arena_discard(msggw_arena *arena) {
    if (!arena) return;
    atomic_fetch_and_explicit(&taken, ~(UINT32_C(1) << (arena - arenas)), memory_order_release);
}

static int isArenas(const void *block) {
    return (uintptr_t)block - (uintptr_t)memory < sizeof memory;
}

static uint64_t *head(void *block) { return (uint64_t *)((unsigned char *)block - HEAD); }

// Room for a block with its head, so that the next one is aligned.
static size_t stride(size_t size) { return (HEAD + size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1); }

// Whether nothing was handed out of the open arena after it.
static int isLast(void *block) {
    return current && (unsigned char *)block + stride(*head(block)) - HEAD == current->memory + current->used;
}

void *msggw_arena_malloc(size_t size) {
    msggw_arena *arena = current;
    if (!arena) return malloc(size);
    if (size > LARGEST || arena->used + stride(size) > SIZE) {
        arena->isComplete = 0;
        return malloc(size);
    }
    unsigned char *block = arena->memory + arena->used + HEAD;
    *head(block) = size;
    arena->used += stride(size);
    return block;
}

void *msggw_arena_realloc(void *block, size_t size) {
    if (!block) return msggw_arena_malloc(size);
    if (!isArenas(block)) return realloc(block, size);
    size_t had = *head(block);
    if (size <= had) return block;
    // The last one is taken back and handed out again, longer, in the same place: its bytes stand there already.
    int wasLast = isLast(block);
    if (wasLast) current->used -= stride(had);
    void *grown = msggw_arena_malloc(size);
    if (!grown) {
        if (wasLast) current->used += stride(had);
        return NULL;
    }
    if (grown != block) memcpy(grown, block, had);
    return grown;
}

char *msggw_arena_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = msggw_arena_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

void msggw_arena_free(void *block) {
    if (!isArenas(block)) return free(block);
    if (isLast(block)) current->used -= stride(*head(block));
}
