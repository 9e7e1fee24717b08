/* Rows: where the items of a group lie that come behind its first.
 *
 * The first of a group has a node of its own, with all that a node has. Behind it nothing of that is needed, so the others lie side by
 * side: an item's node becomes a *row*, with room for as many of them as fit behind its header, and those that come next go into it,
 * while their own nodes are as good as never used. So there is never more than one node for each item, and whoever has moved an
 * item in has the memory for all that becomes of it. A batch of a hundred small items is a dozen pieces of memory, not a hundred.
 *
 * Of the rows of a group all are full but the last. Where the stage has several channels, each item of a row says which it is from:
 * the first by its node, the others by words that grow down from the node's end.
 *
 * What adds and walks has the group to itself: under the store's lock, or since it has taken it. Nothing blocks.
 */
#ifndef PRT_STORE_ROWS_H
#define PRT_STORE_ROWS_H

#include "pool/store.h"

/* How items lie in a row. */
struct prt_rows {
    size_t size;       /* bytes of an item, */
    size_t item_at;    /* from a node to its item, */
    size_t node_size;  /* and of a node */
    bool mixed;        /* they may be of several channels */
    size_t at;         /* bytes from a row's node to its first item */
    uint64_t most;     /* items, from 1 */
};

/* A walk through the items of a group behind its first, in their order: the one at which it stands. */
struct prt_walk {
    struct prt_node *row;
    uint64_t n;        /* which of the row */
    uint64_t left;     /* how many there are from here on */
};

/* From the first four, which say how nodes are laid out: the rest. */
void prt_rows_make_(struct prt_rows *rows);

/* The node's item is the group's last, from now on. Whether its node has become a row; else it holds nothing. */
bool prt_rows_add_(const struct prt_rows *rows, struct prt_group *group, struct prt_node *node);

/* Copies all items but the first to where there is room for them, and adds them to the counts of their channels. */
void prt_rows_copy_(const struct prt_rows *rows, const struct prt_group *group, unsigned char *to, uint64_t *counts);

/* How many rows a group has. */
static inline uint64_t prt_rows_count_(const struct prt_rows *rows, const struct prt_group *group)
{
    return (group->n - 1 + rows->most - 1) / rows->most;
}

static inline struct prt_walk prt_rows_walk_(const struct prt_group *group)
{
    return (struct prt_walk){ .row = group->rest, .left = group->n - 1 };
}

static inline void prt_rows_step_(const struct prt_rows *rows, struct prt_walk *walk)
{
    walk->left--;
    if (++walk->n < rows->most)
        return;
    walk->row = walk->row->next;
    walk->n = 0;
}

/* Of the item at which the walk stands: with `left` above 0. */
static inline unsigned char *prt_rows_item_(const struct prt_rows *rows, const struct prt_walk *walk)
{
    return (unsigned char *)walk->row + rows->at + walk->n * rows->size;
}

static inline uint32_t prt_rows_from_(const struct prt_rows *rows, const struct prt_walk *walk)
{
    const uint32_t *const end = (const uint32_t *)((const unsigned char *)walk->row + rows->node_size);

    return rows->mixed && walk->n > 0 ? *(end - walk->n) : walk->row->from;
}

#endif
