/* Turns: the order in which results leave, and how far workers run ahead of it. */
#include "channel/turns.h"

#include "seam.h"

struct prt_turns *prt_turns_new_(struct prt_memory *memory, size_t nouts, uint64_t ahead)
{
    struct prt_turns *turns = prt_memory_new_(memory, sizeof *turns, PRT_LINE);

    if (!turns)
        return NULL;
    turns->ahead = ahead;
    turns->nouts = nouts;
    turns->outs = prt_memory_new_(memory, nouts * sizeof *turns->outs, PRT_LINE);
    turns->holders = prt_memory_new_(memory, ahead * sizeof *turns->holders, PRT_LINE);
    return turns->outs && turns->holders ? turns : NULL;
}

/* Read before the turns that were drawn: the other way round more would have left than had begun. */
static uint64_t turns_left(const struct prt_turns *turns)
{
    uint64_t left = prt_load(&turns->outs[0]);

    for (size_t i = 1; i < turns->nouts; i++) {
        const uint64_t out = prt_load(&turns->outs[i]);

        left = out < left ? out : left;
    }
    return left;
}

/* And the next turn to be drawn. */
static uint64_t credit_at(const struct prt_turns *turns, uint64_t *next)
{
    const uint64_t left = turns_left(turns);

    *next = prt_load(&turns->next);
    return *next - left < turns->ahead ? turns->ahead - (*next - left) : 0;
}

uint64_t prt_turns_credit_(const struct prt_turns *turns)
{
    uint64_t next;

    return prt_load(&turns->returned) + credit_at(turns, &next);
}

/* A merge draws under the lock of one of its channels, so others may draw meanwhile: then the swap fails. */
uint64_t prt_turns_draw_(struct prt_turns *turns, uint64_t n, uint64_t *first)
{
    uint64_t next;

    do {
        const uint64_t credit = credit_at(turns, &next);

        if (n > credit)
            n = credit;
        if (n == 0)
            return 0;
    } while (!prt_cas(&turns->next, &next, next + n));
    *first = next;
    return n;
}

void prt_turns_return_(struct prt_turns *turns, uint64_t n)
{
    prt_add(&turns->returned, n);
}

void prt_turns_take_(struct prt_turns *turns, uint64_t n)
{
    prt_sub(&turns->returned, n);
}

void prt_turns_enter_(struct prt_turns *turns, uint64_t turn, struct prt_slot *slot)
{
    prt_store(&turns->holders[turn % turns->ahead], (uint64_t)(uintptr_t)slot); /* handshake: turn */
}

void prt_turns_wake_(struct prt_turns *turns, uint64_t turn)
{
    struct prt_slot *slot = (struct prt_slot *)(uintptr_t)prt_load(&turns->holders[turn % turns->ahead]);

    if (slot)
        prt_slot_wake_(slot);
}
