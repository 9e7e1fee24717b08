/* Stacks of slots: taking, giving back, handing over. */
#include "pool/stacks.h"

#include "pool/run_state.h"

bool prt_stacks_reserve_(struct prt_stage *stage)
{
    if (!stage->may_wait && !stage->final_waits)
        return true;
    stage->reserve = prt_stack_new();
    stage->reserve_in = stage->reserve != NULL;
    return stage->reserve_in;
}

/* ---- waiting ------------------------------------------------------------------------------------------------------ */

/* Takes out the first that waits, if it is the slot or of the stage that is asked for, if any is. Under the lock. */
static struct prt_slot *take_waiting(struct prt_stacks *stacks, const struct prt_slot *one, const struct prt_stage *of)
{
    struct prt_slot *before = NULL, *slot = stacks->first;

    while (slot && ((one && slot != one) || (of && slot->stage != of))) {
        before = slot;
        slot = slot->next_stackless;
    }
    if (!slot)
        return NULL;
    *(before ? &before->next_stackless : &stacks->first) = slot->next_stackless;
    if (stacks->last == slot)
        stacks->last = before;
    prt_sub(&stacks->nwaiting, 1);
    return slot;
}

/* Woken because one was handed over, or for any other reason: from now on none is. */
static void stop_waiting(struct prt_stacks *stacks, struct prt_slot *slot)
{
    if (!slot->stackless)
        return;
    slot->stackless = false;
    prt_mutex_lock(&stacks->lock);
    take_waiting(stacks, slot, NULL);
    prt_mutex_unlock(&stacks->lock);
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

/* The last resort: one that came back meanwhile, the reserve, or the slot joins those who wait. One section, so that none is
 * given back in between. */
static struct prt_stack *take_or_wait(struct prt_stacks *stacks, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    struct prt_stack *stack = NULL;

    prt_mutex_lock(&stacks->lock);
    if (stacks->nkept > 0) {
        stack = stacks->kept[--stacks->nkept];
    } else if (stage->reserve_in) {
        stack = stage->reserve;
        stage->reserve_in = false;
    } else {
        slot->stackless = true;
        slot->next_stackless = NULL;
        *(stacks->last ? &stacks->last->next_stackless : &stacks->first) = slot;
        stacks->last = slot;
        prt_add(&stacks->nwaiting, 1); /* handshake: stack */
    }
    prt_mutex_unlock(&stacks->lock);
    return stack;
}

/* Of those that the run keeps. */
static struct prt_stack *take_kept(struct prt_stacks *stacks)
{
    struct prt_stack *stack = NULL;

    prt_mutex_lock(&stacks->lock);
    if (stacks->nkept > 0)
        stack = stacks->kept[--stacks->nkept];
    prt_mutex_unlock(&stacks->lock);
    return stack;
}

bool prt_stacks_take_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stacks *stacks = &slot->stage->run->stacks;
    struct prt_stack *stack;

    stop_waiting(stacks, slot);
    if (slot->stack) /* since its last batch, or handed over */
        return true;
    if (thread->nstacks > 0) {
        slot->stack = thread->stacks[--thread->nstacks];
        return true;
    }
    stack = take_kept(stacks);
    if (!stack)
        stack = prt_stack_new();
    if (!stack) {
        prt_store(&slot->state, PRT_SLOT_RUNNING); /* before the slot is in the list, from which it is woken */
        stack = take_or_wait(stacks, slot);
    }
    if (stack)
        slot->stack = stack;
    return stack != NULL;
}

bool prt_stacks_handed_(const struct prt_slot *slot)
{
    struct prt_stacks *stacks = &slot->stage->run->stacks;
    bool handed;

    prt_mutex_lock(&stacks->lock);
    handed = slot->stack != NULL;
    prt_mutex_unlock(&stacks->lock);
    return handed;
}

/* ---- giving back ------------------------------------------------------------------------------------------------ */

/* Hands it over, or keeps it; NULL: it is in good hands. */
static struct prt_stack *keep(struct prt_stacks *stacks, struct prt_stage *stage, struct prt_stack *stack, struct prt_slot **to)
{
    const bool is_reserve = stack == stage->reserve;

    if (!is_reserve)
        prt_stack_trim(stack); /* the kernel's time, which nobody is to wait for at the lock */
    prt_mutex_lock(&stacks->lock);
    *to = take_waiting(stacks, NULL, is_reserve ? stage : NULL); /* handshake: stack */
    if (*to) {
        (*to)->stack = stack;
        stack = NULL;
    } else if (is_reserve) {
        stage->reserve_in = true;
        stack = NULL;
    } else if (stacks->nkept < PRT_STACKS_KEPT) {
        stacks->kept[stacks->nkept++] = stack;
        stack = NULL;
    }
    prt_mutex_unlock(&stacks->lock);
    return stack;
}

void prt_stacks_give_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stacks *stacks = &slot->stage->run->stacks;
    struct prt_stack *stack;
    struct prt_slot *to;

    stop_waiting(stacks, slot); /* torn down */
    stack = slot->stack;
    slot->stack = NULL;
    if (!stack)
        return;
    if (stack != slot->stage->reserve && thread->nstacks < PRT_STACKS_NEAR && !prt_load(&stacks->nwaiting)) {
        thread->stacks[thread->nstacks++] = stack;
        return;
    }
    stack = keep(stacks, slot->stage, stack, &to);
    if (stack)
        prt_stack_free(stack);
    if (to)
        prt_slot_wake_(to);
}

void prt_stacks_drop_(struct prt_thread *thread)
{
    while (thread->nstacks > 0)
        prt_stack_free(thread->stacks[--thread->nstacks]);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

void prt_stacks_free_(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (stage->reserve)
            prt_stack_free(stage->reserve);
    while (run->stacks.nkept > 0)
        prt_stack_free(run->stacks.kept[--run->stacks.nkept]);
}
