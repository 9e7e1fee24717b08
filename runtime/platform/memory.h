/* Memory that a run has from its start to its end: it comes in large pieces, and is freed as a whole.
 *
 * Each allocation of its own would cost a header, and a whole line or more to be aligned. Headers between memory that may
 * never be used would also touch its pages: what a worker needs only now and then comes from a memory of its own.
 */
#ifndef PRT_MEMORY_H
#define PRT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct prt_memory {
    struct prt_piece *pieces;
    unsigned char *next, *end; /* what is left of the first of them */
    size_t bytes;              /* of all */
};

#define PRT_LINE 64       /* what different threads write lies on different lines */
#define PRT_LINE_PAIR 128 /* which a processor may fetch together */

/* prt_memory_raw_() gives `size` bytes aligned to `align`, a power of two; prt_memory_new_() also
 * clears them. NULL: no memory. The thread that makes the run. */
void *prt_memory_raw_(struct prt_memory *memory, size_t size, size_t align);
void *prt_memory_new_(struct prt_memory *memory, size_t size, size_t align);

/* Memory for `n` items of `size` bytes, aligned to a line, and for any type of that size up to 4096 bytes: a type's size is a
 * multiple of its alignment. NULL: no memory. The thread that makes the run. */
void *prt_memory_items_(struct prt_memory *memory, uint64_t n, size_t size);

void prt_memory_free_(struct prt_memory *memory);

#endif
