/* Pieces of memory, dealt out from front to back. */
#include "platform/memory.h"

#include <stdlib.h>
#include <string.h>

/* The first piece; each further one is as large as all before it: what is left of it is not touched, and costs nothing.
 * AddressSanitizer sees an access beyond an allocation where each is a piece of its own. */
#ifdef __has_feature
#define IS_WATCHED __has_feature(address_sanitizer) /* clang */
#elif defined __SANITIZE_ADDRESS__
#define IS_WATCHED 1
#else
#define IS_WATCHED 0
#endif

#if IS_WATCHED
#define LEAST_BYTES ((size_t)0)
#else
#define LEAST_BYTES ((size_t)64 * 1024)
#endif

struct prt_piece {
    struct prt_piece *next;
};

/* Bytes from there to the next place that is aligned so. */
static size_t gap(const void *at, size_t align)
{
    return -(uintptr_t)at & (align - 1);
}

static void *piece_add(struct prt_memory *memory, size_t size, size_t align)
{
    const size_t header = sizeof(struct prt_piece) + align - 1;
    const size_t wanted = LEAST_BYTES < memory->bytes ? memory->bytes : LEAST_BYTES;
    const size_t bytes = LEAST_BYTES == 0 || wanted < size ? size : wanted;
    struct prt_piece *piece = bytes <= SIZE_MAX / 4 ? malloc(header + bytes) : NULL;

    if (!piece)
        return NULL;
    piece->next = memory->pieces;
    memory->pieces = piece;
    memory->bytes += bytes;
    memory->next = (unsigned char *)(piece + 1) + gap(piece + 1, align);
    memory->end = memory->next + bytes;
    return memory->next;
}

void *prt_memory_raw_(struct prt_memory *memory, size_t size, size_t align)
{
    const size_t skipped = gap(memory->next, align);
    const size_t left = memory->pieces ? (size_t)(memory->end - memory->next) : 0;
    unsigned char *at;

    if (memory->pieces && skipped <= left && size <= left - skipped)
        at = memory->next + skipped;
    else
        at = piece_add(memory, size, align);
    if (at)
        memory->next = at + size;
    return at;
}

void *prt_memory_new_(struct prt_memory *memory, size_t size, size_t align)
{
    void *at = prt_memory_raw_(memory, size, align);

    if (at)
        memset(at, 0, size);
    return at;
}

#define ALIGN_MOST ((size_t)4096)

void *prt_memory_items_(struct prt_memory *memory, uint64_t n, size_t size)
{
    const size_t align = size & -size; /* the largest that the type may ask for */

    return prt_memory_raw_(memory, (size_t)n * size, align < PRT_LINE ? PRT_LINE : align < ALIGN_MOST ? align : ALIGN_MOST);
}

void prt_memory_free_(struct prt_memory *memory)
{
    while (memory->pieces) {
        struct prt_piece *next = memory->pieces->next;

        free(memory->pieces);
        memory->pieces = next;
    }
    *memory = (struct prt_memory){ 0 };
}
