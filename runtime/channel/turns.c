/* Turns: the order in which results leave, and how far workers run ahead of it. */
#include "channel/turns.h"

#include "pool/run_state.h"

#define EACH 2 /* workers: times as many items may have begun and not left, where nobody says how many */

/* One worker keeps the order by itself, and without outputs there is none to keep. */
static bool stage_has_turns(const struct prt_stage *stage)
{
    return stage->spec.ordered && stage->nslots > 1 && stage->spec.nouts > 0;
}

/* No fewer than the workers, or some could never have an item. */
static uint64_t ahead_of(const struct prt_stage *stage)
{
    const uint64_t asked = stage->spec.ahead ? stage->spec.ahead : (uint64_t)EACH * stage->nslots;

    return asked > stage->nslots ? asked : stage->nslots;
}

bool prt_turns_make_(struct prt_stage *stage)
{
    const struct prt_stage_spec *spec = &stage->spec;
    struct prt_memory *memory = &stage->run->memory;
    const uint64_t in_hand = (uint64_t)PRT_BATCH_MOST * stage->nslots;
    struct prt_turns *turns;

    if (!stage_has_turns(stage))
        return true;
    turns = stage->turns = prt_memory_new_(memory, sizeof *turns, PRT_LINE);
    if (!turns)
        return false;
    turns->ahead = ahead_of(stage) < in_hand ? ahead_of(stage) : in_hand; /* more are never in hand */
    turns->nouts = spec->nouts;
    turns->outs = prt_memory_new_(memory, spec->nouts * sizeof *turns->outs, PRT_LINE);
    turns->holders = prt_memory_new_(memory, turns->ahead * sizeof *turns->holders, PRT_LINE);
    stage->begins_in_turn = !spec->leaf && (spec->rate || spec->nbounds > 0);
    return turns->outs && turns->holders;
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

void prt_turns_hold_(struct prt_turns *turns, struct prt_slot *slot)
{
    prt_store(&turns->holders[slot->turn % turns->ahead], (uint64_t)(uintptr_t)slot);
}

void prt_turns_wake_(struct prt_turns *turns, uint64_t turn)
{
    struct prt_slot *slot = (struct prt_slot *)(uintptr_t)prt_load(&turns->holders[turn % turns->ahead]);

    if (slot)
        prt_slot_wake_(slot);
}
