/* Groups: where a body gets several items of one key at once.
 *
 * The items of a key that wait for each other are a group. The first of them stands for all in the store's queues; the others
 * lie behind it, in rows (store_rows.h). While a group gathers it is first nowhere. It is complete when a body gets no more than it has, when its first
 * item has waited for long enough, when nothing more can come, or when it has to make room; then it is able like any item, as
 * soon as its key allows, and is taken whole. Until then it may still grow, but where what it takes of its key was weighed.
 *
 * Those that gather stand in a line, in the order in which their first items came: that of their deadlines too. Items of a
 * channel that is full of such make the first of the line complete, or nobody could begin and nothing could come.
 *
 * Where what a body takes of its key's limits depends on its items, a group that is complete is *weighed* before it goes on: by the
 * program's code, without the lock, one group after the other, by a thread that takes for the stage. It stands nowhere meanwhile,
 * and nothing joins it.
 *
 * All of it under the store's lock but where it is said; nothing blocks.
 */
#ifndef PRT_STORE_GROUPS_H
#define PRT_STORE_GROUPS_H

#include "pool/store_news.h"
#include "pool/store_rows.h"

struct prt_take;

struct prt_groups {
    uint64_t most;          /* items that a body gets, from 1 */
    uint64_t within;        /* ns; 0: no deadline */
    uint64_t heaviest;      /* what they weigh together; UINT64_MAX: they are not weighed */
    bool weighs;            /* what a body takes of its key's limits depends on its items: `weigher` has them for that */
    struct prt_slot *weigher;
    bool weighing;          /* some thread weighs a group */
    bool told;              /* that one weighs less than nothing: who moves has it */
    size_t at;              /* bytes from a node to its group */
    struct prt_rows rows;
    struct prt_line line;   /* those that gather, */
    prt_atomic_u64 n;       /* how many: a level */
    uint64_t *gathered;     /* and of each channel, items in them */
    struct prt_line complete; /* that are to be weighed; */
    prt_atomic_u64 to_weigh; /* whether a thread may do so: a level */
};

static inline struct prt_group *prt_node_group_(const struct prt_store *store, const struct prt_node *node)
{
    return (struct prt_group *)((unsigned char *)node + store->groups->at);
}

/* Prepares them, if the stage has some. False: no memory. Before there are threads. */
bool prt_groups_make_(struct prt_store *store);

/* An item that is moved in: what it weighs. Who moves, without the lock. */
void prt_groups_weigh_item_(const struct prt_store *store, struct prt_node *node);

/* The item, which has just come, joins the group, and its node is spare if the group does not need it; false: it is too much for
 * that, or the group is a slot's. Or it is the first of one, which enters the line. Who moves. */
bool prt_groups_join_(struct prt_store *store, struct prt_node *group, struct prt_node *node);
void prt_groups_begin_(struct prt_store *store, struct prt_node *node, uint64_t now);

/* Whether the group gathers, and a body gets no more than it has. Whether all that fills the channel gathers. */
bool prt_groups_is_full_(const struct prt_store *store, const struct prt_node *group);
bool prt_groups_fill_(const struct prt_store *store, size_t chan);

/* It gathers no more, and leaves the line. Whether what it takes of its key's limits is known; else it is to be weighed. */
bool prt_groups_complete_(struct prt_store *store, struct prt_node *group);

/* The next that is to be weighed, which the caller weighs then; NULL: there is none, or another thread weighs one. What it takes of its
 * key's limits: calls the program's code, without the lock. That is known, and another may be weighed. */
struct prt_node *prt_groups_weigh_next_(struct prt_store *store);
void prt_groups_weigh_(const struct prt_store *store, struct prt_node *group);
void prt_groups_weighed_(struct prt_store *store);

/* The stage has ended: those that gather, or are to be weighed, never go on. */
void prt_groups_forget_(struct prt_store *store);

/* When the first of the line has waited for long enough, prt_now() time; PRT_NEVER: there is none, or no deadline. */
uint64_t prt_groups_due_(const struct prt_store *store);

/* Some gather, and nothing can come: the channels are closed and empty, and nobody moves. A level, without the lock. */
bool prt_groups_are_over_(const struct prt_store *store);

/* Copies the items of a group, which is the caller's, into its hand. Without the lock. */
void prt_groups_copy_(const struct prt_store *store, const struct prt_node *group, struct prt_take *take);

#endif
