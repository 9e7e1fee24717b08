/* Rows: adding, copying. */
#include "pool/store_rows.h"

#include <string.h>

#define ALIGNED 16 /* items are, as they are in a node */

/* The first item of a row needs no word for its channel. One that has its row alone stays where it lies. */
void prt_rows_make_(struct prt_rows *rows)
{
    const size_t header = (sizeof(struct prt_node) + ALIGNED - 1) / ALIGNED * ALIGNED;
    const size_t word = rows->mixed ? sizeof(uint32_t) : 0;
    const uint64_t most = rows->size + word > 0 ? (rows->node_size - header + word) / (rows->size + word) : 1;

    rows->most = most < 1 ? 1 : most < UINT16_MAX ? most : UINT16_MAX;
    rows->at = rows->most == 1 ? rows->item_at : header;
}

static void row_begin(const struct prt_rows *rows, struct prt_group *group, struct prt_node *node)
{
    unsigned char *const bytes = (unsigned char *)node;

    node->next = NULL;
    *(group->rest ? &group->last->next : &group->rest) = node;
    group->last = node;
    group->room = (uint16_t)(rows->most - 1);
    if (rows->at != rows->item_at)
        memmove(bytes + rows->at, bytes + rows->item_at, rows->size);
}

bool prt_rows_add_(const struct prt_rows *rows, struct prt_group *group, struct prt_node *node)
{
    unsigned char *const row = (unsigned char *)group->last;
    const uint64_t n = rows->most - group->room;

    if (group->room == 0) {
        row_begin(rows, group, node);
        return true;
    }
    prt_chan_copy_keyed_(row + rows->at + n * rows->size, (unsigned char *)node + rows->item_at, rows->size);
    if (rows->mixed)
        *((uint32_t *)(row + rows->node_size) - n) = node->from;
    group->room--;
    return false;
}

void prt_rows_copy_(const struct prt_rows *rows, const struct prt_group *group, unsigned char *to, uint64_t *counts)
{
    uint64_t left = group->n - 1;

    for (const struct prt_node *row = group->rest; row; row = row->next) {
        const uint64_t n = left < rows->most ? left : rows->most;

        prt_chan_copy_(to, (const unsigned char *)row + rows->at, n * rows->size);
        to += n * rows->size;
        left -= n;
    }
    if (!rows->mixed)
        counts[0] += group->n - 1;
    for (struct prt_walk walk = prt_rows_walk_(group); rows->mixed && walk.left > 0; prt_rows_step_(rows, &walk))
        counts[prt_rows_from_(rows, &walk)]++;
}
