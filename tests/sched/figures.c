/* Looking at slots while they are held and go on (figures.c). */
#include "pipes.h"

#include "pool/figures.h"
#include "pool/run_state.h"

static struct prt_run *run;
static struct prt_stage stage;
static struct prt_slot slots[2];
static struct prt_permit permits[2];
static struct prt_bound bound;
static struct prt_figures figures;
static struct prt_stage_figures found;
static unsigned went_on;

/* What slot 1 does: it waits for the permit that slot 0 has. */
static void wait_for_permit(void *unused)
{
    (void)unused;
    slots[1].phase = PRT_PHASE_PERMITS;
    if (prt_slot_take_bounds_(&slots[1]) || !prt_slot_hold_(&slots[1]))
        went_on++;
}

/* Whoever gives it back may get the slot to go on with. */
static void give_permit(void *unused)
{
    (void)unused;
    prt_bound_give_(&permits[0]);
    for (int queue = 0; queue < 2; queue++)
        went_on += prt_pool_dequeue_(&run->pool, queue) != NULL;
}

static void look(void *unused)
{
    (void)unused;
    for (int times = 0; times < 2; times++) {
        uint64_t state, said;

        prt_figures_look_(run, 0);
        state = prt_load(&slots[1].state);
        said = prt_load_relaxed(&slots[1].waits_for);
        SCHED_CHECK(state != PRT_SLOT_HELD || (prt_said_held_(said) && prt_said_what_(said) == PRT_FOR_BOUND),
                    "a slot is held that says it waits for %d", (int)prt_said_what_(said));
    }
    SCHED_CHECK(found.looks == 4 && found.found[PRT_FOR_BOUND] + found.found[PRT_FOR_THREAD] + found.found[PRT_FOR_NOTHING] == 4,
                "a slot was found waiting for what it never did");
    SCHED_CHECK(found.bounds[0] == found.found[PRT_FOR_BOUND], "a slot waits for a bound that it has not");
}

/* A slot that is held says what for, to whoever sees that it is; one that goes on does not say so any more. */
void figures_held(void)
{
    static struct prt_bound_use use;
    static uint64_t bounds[1], inside[2];

    run = unit_run();
    bounds[0] = 0;
    went_on = 0;
    found = (struct prt_stage_figures){ .bounds = bounds, .inside = inside };
    figures = (struct prt_figures){ .stages = &found, .stage = &stage, .random = 1 };
    bound = (struct prt_bound){ .spec = { .name = "one", .permits = 1 }, .free = 1 };
    use = (struct prt_bound_use){ .bound = &bound };
    stage = (struct prt_stage){ .spec = { .name = "stage", .nbounds = 1 }, .run = run, .slots = slots, .nslots = 2,
                                .bounds = &use, .npulls = 1 };
    run->stages = &stage;
    run->nstages = 1;
    run->figures = &figures;
    for (uint32_t i = 0; i < 2; i++) {
        permits[i] = (struct prt_permit){ .slot = &slots[i], .bound = &bound };
        slots[i] = (struct prt_slot){ .stage = &stage, .index = i, .permits = &permits[i] };
        prt_store(&slots[i].state, PRT_SLOT_RUNNING);
    }
    sched_name(slots, sizeof slots, "slots");
    SCHED_CHECK(prt_slot_take_bounds_(&slots[0]), "the permit is not granted");
    sched_spawn("waiter", wait_for_permit, NULL);
    sched_spawn("giver", give_permit, NULL);
    sched_spawn("onlooker", look, NULL);
    sched_join_all();
    for (int queue = 0; queue < 2; queue++) /* it may have been held when the giver had looked */
        went_on += prt_pool_dequeue_(&run->pool, queue) != NULL;
    SCHED_CHECK(went_on == 1, "the slot went on %u times", went_on);
}
