/* Pieces of memory, dealt out from front to back. */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first piece; each further one is as large as all before it: what is left of it is not touched, and costs nothing.
 * AddressSanitizer sees an access beyond an allocation where each is a piece of its own. */
#ifdef __SANITIZE_ADDRESS__
#define LEAST_BYTES 0
#else
#define LEAST_BYTES ((size_t)64 * 1024)
#endif

struct prt_piece {
    struct prt_piece *next;
};

static unsigned char *align_up(unsigned char *at, size_t align)
{
    return at + (-(uintptr_t)at & (align - 1));
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
    memory->next = align_up((unsigned char *)(piece + 1), align);
    memory->end = memory->next + bytes;
    return memory->next;
}

void *prt_memory_raw_(struct prt_memory *memory, size_t size, size_t align)
{
    unsigned char *at = align_up(memory->next, align);

    if (!memory->pieces || at > memory->end || size > (size_t)(memory->end - at))
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

void prt_memory_free_(struct prt_memory *memory)
{
    while (memory->pieces) {
        struct prt_piece *next = memory->pieces->next;

        free(memory->pieces);
        memory->pieces = next;
    }
    memory->next = memory->end = NULL;
}
