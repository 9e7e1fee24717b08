/* Looking at slots, channels and threads. Whatever is read here changes meanwhile: each look is one word of one slot, and what
 * several of them say together is right on average. */
#include "pool/figures.h"

#include "pool/run_state.h"
#include "pool/store.h"
#include "pool/store_named.h"

struct prt_figures *prt_figures_new_(struct prt_run *run)
{
    struct prt_memory *memory = &run->memory;
    struct prt_figures *figures = prt_memory_new_(memory, sizeof *figures, sizeof(void *));

    if (!figures)
        return NULL;
    figures->stages = prt_memory_new_(memory, run->nstages * sizeof *figures->stages, sizeof(void *));
    figures->chans = prt_memory_new_(memory, run->nchans * sizeof *figures->chans, sizeof(void *));
    if (!figures->stages || !figures->chans)
        return NULL;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        struct prt_stage_figures *each = &figures->stages[stage->index];

        each->bounds = prt_memory_new_(memory, (stage->spec.nbounds + 1) * sizeof *each->bounds, sizeof *each->bounds);
        each->inside = prt_memory_new_(memory, stage->nslots * sizeof *each->inside, sizeof *each->inside);
        if (!each->bounds || !each->inside)
            return NULL;
    }
    figures->stage = run->stages;
    figures->chan = run->chans;
    figures->random = 1;
    return figures;
}

/* ---- what came between two moments ------------------------------------------------------------------------------- */

static void subtract(const uint64_t *from, const uint64_t *to, uint64_t *between, size_t n)
{
    for (size_t i = 0; i < n; i++)
        between[i] = to[i] - from[i];
}

static void stage_between(const struct prt_stage *stage, const struct prt_stage_figures *from, const struct prt_stage_figures *to,
                          struct prt_stage_figures *between)
{
    between->looks = to->looks - from->looks;
    subtract(from->found, to->found, between->found, PRT_FORS);
    subtract(from->bounds, to->bounds, between->bounds, stage->spec.nbounds);
    subtract(from->inside, to->inside, between->inside, stage->nslots);
    between->threads = to->threads - from->threads;
    between->asleep = to->asleep - from->asleep;
}

static struct prt_chan_figures chan_between(const struct prt_chan_figures *from, const struct prt_chan_figures *to)
{
    return (struct prt_chan_figures){
        .looks = to->looks - from->looks,
        .queued = to->queued - from->queued,
        .now = to->now,
        .full = to->full - from->full,
        .empty = to->empty - from->empty,
        .senders = to->senders - from->senders,
    };
}

void prt_figures_between_(const struct prt_run *run, const struct prt_figures *from, const struct prt_figures *to,
                          struct prt_figures *between)
{
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        stage_between(stage, &from->stages[stage->index], &to->stages[stage->index], &between->stages[stage->index]);
    for (uint32_t i = 0; i < run->nchans; i++)
        between->chans[i] = chan_between(&from->chans[i], &to->chans[i]);
    between->still = to->still;
    between->looks = to->looks - from->looks;
    between->cpu = to->cpu - from->cpu;
    between->wall = to->wall - from->wall;
}

/* ---- slots ------------------------------------------------------------------------------------------------------ */

static bool is_early(const prt_atomic_u64 *due, uint64_t now)
{
    return prt_load_relaxed(due) > now;
}

/* Whether what is set aside waits for its keys' rates: nothing there may begin now, and something may in a while. */
static bool waits_for_time(const struct prt_stage *stage)
{
    return stage->store && stage->store->has_rates && prt_load_relaxed(&stage->store->due) != PRT_NEVER;
}

/* Whether what is set aside waits for bodies of its keys to end: nothing there may begin before. */
static bool waits_for_bodies(const struct prt_stage *stage)
{
    const struct prt_store *store = stage->store;

    return store && store->has_bounds && prt_load_relaxed(&store->able) == 0 && prt_load_relaxed(&store->kept) > 0;
}

/* What the free slots of a stage wait for, but for a thread: the level that prt_stage_ready_() asks for, and none of what
 * that does about it. */
static enum prt_for free_wait_for(struct prt_stage *stage, uint64_t now)
{
    if (prt_load_relaxed(&stage->word) & PRT_WORD_FIN)
        return PRT_FOR_GOOD;
    if (prt_stage_is_source_(stage)) {
        if (prt_load_relaxed(&stage->ended))
            return PRT_FOR_GOOD;
        return stage->spec.every && is_early(&stage->due, now) ? PRT_FOR_RATE : PRT_FOR_THREAD;
    }
    if (stage->npulls > 0)
        return PRT_FOR_THREAD;
    if (!prt_stage_has_items_(stage) || stage->collect) {
        if (prt_stage_is_by_(stage))
            return PRT_FOR_ITEM; /* or what its own first item lacks: slot_waits_for() */
        return waits_for_time(stage) ? PRT_FOR_RATE : waits_for_bodies(stage) ? PRT_FOR_BOUND : PRT_FOR_ITEM;
    }
    if (stage->turns && prt_turns_credit_(stage->turns) == 0)
        return PRT_FOR_TURN;
    return stage->spec.rate && is_early(&stage->spec.rate->due, now) ? PRT_FOR_RATE : PRT_FOR_THREAD;
}

/* The state first: what a slot said as it was held stands there before it is HELD. `which`: of its ports or bounds; behind these, the
 * bounds of keys. */
static enum prt_for slot_waits_for(const struct prt_slot *slot, enum prt_for free, size_t *which)
{
    const struct prt_stage *stage = slot->stage;
    const uint64_t state = prt_load(&slot->state);
    const uint64_t said = prt_load_relaxed(&slot->waits_for);
    const enum prt_for what = prt_said_what_(said);

    *which = prt_said_which_(said);
    if (what == PRT_FOR_GOOD)
        return what;
    /* What is set aside is not a blocking slot's own affair. */
    if (stage->spec.blocking ? what == PRT_FOR_ITEM && stage->store : state == PRT_SLOT_FREE) {
        if (free == PRT_FOR_ITEM && prt_stage_is_by_(stage))
            free = prt_store_waits_for_(slot);
        *which = free == PRT_FOR_BOUND ? stage->spec.nbounds : 0; /* what it said is of a wait that is over */
        return free;
    }
    if (stage->spec.blocking)
        return what;
    if (state == PRT_SLOT_QUEUED || (state == PRT_SLOT_HELD && what == PRT_FOR_NOTHING)) /* its thread ran something else */
        return PRT_FOR_THREAD;
    return state != PRT_SLOT_HELD && prt_said_held_(said) ? PRT_FOR_NOTHING : what;
}

static void look_at_slot(const struct prt_slot *slot, enum prt_for free, uint64_t now)
{
    struct prt_run *run = slot->stage->run;
    struct prt_stage_figures *figures = &run->figures->stages[slot->stage->index];
    size_t which;
    const enum prt_for what = slot_waits_for(slot, free, &which);

    figures->looks++;
    figures->found[what]++;
    figures->inside[slot->index] += what == PRT_FOR_NOTHING || what == PRT_FOR_KERNEL;
    if (run->figures->still)
        prt_still_look_(run->figures->still, slot, what, which, now);
    if (what == PRT_FOR_BOUND && which <= slot->stage->spec.nbounds)
        figures->bounds[which]++;
    if ((what == PRT_FOR_ROOM || what == PRT_FOR_BEGINNING) && which < slot->nports)
        run->figures->chans[slot->ports[which].chan->index].senders++;
}

/* Of one stage, from the slot where the last look ended; how many. */
static uint32_t look_at_stage(struct prt_figures *figures, uint32_t most, uint64_t now)
{
    struct prt_stage *stage = figures->stage;
    const enum prt_for free = free_wait_for(stage, now);
    const uint32_t from = figures->slot;
    uint32_t n = 0;

    for (; n < most && from + n < stage->nslots; n++)
        look_at_slot(&stage->slots[from + n], free, now);
    figures->slot = from + n;
    if (figures->slot < stage->nslots)
        return n;
    figures->slot = 0;
    figures->stage = stage->next ? stage->next : stage->run->stages;
    return n;
}

static void look_at_slots(struct prt_run *run, uint64_t now)
{
    struct prt_figures *figures = run->figures;
    uint32_t left = PRT_LOOK_SLOTS;

    for (uint32_t i = 0; i < run->nstages && left > 0; i++)
        left -= look_at_stage(figures, left, now);
}

/* ---- channels --------------------------------------------------------------------------------------------------- */

static void look_at_chan(const struct prt_chan *chan, struct prt_chan_figures *figures)
{
    const uint64_t queued = prt_chan_fill_(chan);

    figures->looks++;
    figures->queued += queued;
    figures->now = queued;
    figures->full += queued >= chan->cap;
    figures->empty += queued == 0;
}

static void look_at_chans(struct prt_run *run)
{
    struct prt_figures *figures = run->figures;
    struct prt_chan *const first = figures->chan;

    for (uint32_t i = 0; i < PRT_LOOK_SLOTS && figures->chan; i++) {
        look_at_chan(figures->chan, &figures->chans[figures->chan->index]);
        figures->chan = figures->chan->next ? figures->chan->next : run->chans;
        if (figures->chan == first)
            return;
    }
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

/* Whether the thread of a body runs, or sleeps in a call that the runtime knows nothing of: the kernel does. False: it is in
 * no body. */
static bool look_at_thread(struct prt_run *run, const struct prt_thread *thread)
{
    const struct prt_slot *slot = (const struct prt_slot *)(uintptr_t)prt_load_relaxed(&thread->running);
    struct prt_stage_figures *figures;
    enum prt_thread_state state;
    uint64_t said;

    if (!slot || slot == &run->section)
        return false;
    said = prt_load_relaxed(&slot->waits_for);
    if (prt_said_what_(said) != PRT_FOR_NOTHING && !prt_said_held_(said))
        return false;
    state = prt_thread_look(&thread->handle);
    figures = &run->figures->stages[slot->stage->index];
    figures->threads += state != PRT_THREAD_UNKNOWN;
    figures->asleep += state == PRT_THREAD_ASLEEP;
    return true;
}

/* Asking is dear, so a few of them are asked each time, in turn. */
static void look_at_threads(struct prt_run *run)
{
    struct prt_figures *figures = run->figures;
    uint32_t at = 0, asked = 0, last = 0;

    for (const struct prt_thread *thread = run->threads; thread && asked < PRT_LOOK_THREADS; thread = thread->next, at++)
        if (at >= figures->thread && look_at_thread(run, thread)) {
            asked++;
            last = at + 1;
        }
    figures->thread = asked == PRT_LOOK_THREADS ? last : 0;
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

void prt_figures_begin_(struct prt_run *run, uint64_t now)
{
    run->figures->still = prt_still_new_(run);
    run->figures->next = now + prt_look_ns_(&run->figures->random);
    run->figures->wall_from = now;
    run->figures->cpu_from = prt_cpu_time();
}

void prt_figures_end_(struct prt_run *run)
{
    run->figures->wall = prt_now() - run->figures->wall_from;
    run->figures->cpu = prt_cpu_time() - run->figures->cpu_from;
}

void prt_figures_look_(struct prt_run *run, uint64_t now)
{
    struct prt_figures *figures = run->figures;

    look_at_slots(run, now);
    look_at_chans(run);
    look_at_threads(run);
    if (figures->still)
        prt_still_search_(figures->still, run, now);
    figures->looks++;
    prt_figures_end_(run);
    figures->next = now + prt_look_ns_(&figures->random);
}
