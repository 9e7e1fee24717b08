/* Groups are the process's, as signals are. They stand in blocks that are never freed: the handler of a signal may be reading them,
 * and it waits for nobody. What a block has room for is used again.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "platform/children.h"

#include <signal.h>
#include <stdlib.h>

#include <prt/child.h>
#include <prt/platform.h>

struct block {
    prt_atomic_u64 groups[63]; /* 0: free */
    struct block *next;        /* as long as anybody can see the block */
};

static prt_atomic_u64 newest; /* the address of a block */

static struct block *first_block(void)
{
    return (struct block *)(uintptr_t)prt_load(&newest);
}

/* Puts `to` where `from` stands. False where that is nowhere. */
static bool change(uint64_t from, uint64_t to)
{
    for (struct block *block = first_block(); block; block = block->next)
        for (size_t i = 0; i < sizeof block->groups / sizeof *block->groups; i++) {
            uint64_t seen = from;

            if (prt_load_relaxed(&block->groups[i]) == from && prt_cas(&block->groups[i], &seen, to))
                return true;
        }
    return false;
}

bool prt_child(int group)
{
    struct block *block;
    uint64_t seen;

    if (change(0, (uint64_t)group))
        return true;
    block = calloc(1, sizeof *block);
    if (!block)
        return false;
    prt_store_relaxed(&block->groups[0], (uint64_t)group);
    seen = prt_load(&newest);
    do
        block->next = (struct block *)(uintptr_t)seen;
    while (!prt_cas(&newest, &seen, (uint64_t)(uintptr_t)block));
    return true;
}

void prt_child_gone(int group)
{
    change((uint64_t)group, 0);
}

void prt_children_kill_(void)
{
    for (struct block *block = first_block(); block; block = block->next)
        for (size_t i = 0; i < sizeof block->groups / sizeof *block->groups; i++) {
            const uint64_t group = prt_load(&block->groups[i]);

            if (group)
                kill(-(pid_t)group, SIGKILL);
        }
}

void prt_children_forget_(void)
{
    for (struct block *block = first_block(); block; block = block->next)
        for (size_t i = 0; i < sizeof block->groups / sizeof *block->groups; i++)
            prt_store_relaxed(&block->groups[i], 0);
}
