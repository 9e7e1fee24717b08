/* The thread that called prt_run(): it keeps the timers, sees to it that work which nobody serves gets a thread, and
 * carries out drains and tear-downs. It runs no bodies. While nothing is unserved it sleeps. */
#include "pool/monitor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pool/collect.h"
#include "pool/dedicated.h"
#include "pool/figures.h"
#include "pool/finish.h"
#include "pool/inline.h"
#include "pool/linger.h"
#include "pool/look.h"
#include "pool/store_queues.h"

struct watch {
    uint64_t next;        /* tick */
    uint64_t wall, cpu;   /* at the last tick */
    uint64_t recent_wall, recent_cpu; /* of all processors; fading */
    uint64_t mind;        /* next look */
    unsigned minded;      /* looks in a row that found that no such leaf was run */
    uint64_t interrupt;   /* next */
    uint64_t retire;      /* when to look for threads too many next */
    uint64_t stuck;       /* when to look for bodies that do not return */
    bool draining, aborting; /* carried out */
    bool finishing;       /* a source was asked to finish, and has not ended */
};

/* ---- threads ---------------------------------------------------------------------------------------------------- */

static struct prt_thread *thread_make(struct prt_run *run, struct prt_slot *dedicated)
{
    struct prt_thread *thread = aligned_alloc(_Alignof(struct prt_thread), sizeof *thread);

    if (!thread)
        return NULL;
    memset(thread, 0, sizeof *thread);
    thread->seen = dedicated ? NULL : calloc(run->nstages + 1 + run->pool.nlingerers, sizeof *thread->seen);
    if (!dedicated && !thread->seen) {
        free(thread);
        return NULL;
    }
    if (!dedicated)
        thread->seen_lingers = thread->seen + run->nstages + 1;
    thread->run = run;
    thread->dedicated = dedicated;
    return thread;
}

/* Who took a thread out of a list of waiters may still be about to wake it: its memory stays until the run's end. */
static struct prt_thread *thread_reuse(struct prt_run *run)
{
    struct prt_thread *thread = run->retired;

    run->retired = thread->next;
    thread->retire = false;
    return thread;
}

static void thread_free(struct prt_thread *thread)
{
    free(thread->seen);
    free(thread);
}

/* Not started: it is nobody's any more. One of the pool stays where it may have come from, and what others left to it
 * while it counted as one that looks goes on to somebody else. */
static void thread_unmake(struct prt_run *run, struct prt_thread *thread)
{
    if (thread->dedicated) {
        thread->dedicated->owner = NULL;
        thread_free(thread);
        return;
    }
    prt_pool_change_(&run->pool, -1, 0, 0);
    prt_pool_alert_(run);
    thread->next = run->retired;
    run->retired = thread;
}

int prt_monitor_start_(struct prt_run *run, struct prt_slot *dedicated)
{
    struct prt_thread *thread = run->retired && !dedicated ? thread_reuse(run) : thread_make(run, dedicated);
    int status;

    if (!thread)
        return ENOMEM;
    if (dedicated)
        dedicated->owner = thread;
    else
        prt_pool_change_(&run->pool, 1, 0, 0); /* it begins by looking for work */
    status = prt_thread_start(&thread->handle, 0, dedicated ? prt_dedicated_main_ : prt_pool_main_, thread);
    if (status) {
        thread_unmake(run, thread);
        return status;
    }
    thread->next = run->threads;
    run->threads = thread;
    run->nthreads++;
    if (!dedicated)
        run->pool.threads++;
    return 0;
}

static void free_all(struct prt_thread **list)
{
    while (*list) {
        struct prt_thread *thread = *list;

        *list = thread->next;
        thread_free(thread);
    }
}

void prt_monitor_join_(struct prt_run *run)
{
    prt_store(&run->pool.shutdown, 1);
    while (prt_pool_wake_one_(&run->pool))
        ;
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next)
        prt_thread_join(&thread->handle);
    free_all(&run->threads); /* only now: until its end each may wake any other */
    free_all(&run->retired);
}

/* ---- growth ----------------------------------------------------------------------------------------------------- */

static unsigned longest(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* `full`: nobody looks for work, and nobody could be woken for it. */
static void look_at_served(struct prt_stage *stage, bool full, struct prt_need *need)
{
    need->moving = true;
    stage->unserved = 0;
    stage->behind = full && prt_stage_ready_(stage) == PRT_READY_WORK ? stage->behind + 1 : 0;
    need->behind = longest(need->behind, stage->behind);
}

/* What slow bodies have brought about ends. */
static void look_at_surprise(struct prt_stage *stage, bool asleep, uint64_t now)
{
    const uint64_t shows_until = prt_load_relaxed(&stage->shows_until);
    const uint64_t wary_until = prt_load_relaxed(&stage->wary_until);

    if (shows_until && now >= shows_until)
        prt_store_relaxed(&stage->shows_until, 0); /* nobody need look at the clock any more */
    if (wary_until && (!asleep || now >= wary_until))
        prt_store_relaxed(&stage->wary_until, 0);
}

static void look_at(struct prt_stage *stage, bool full, struct prt_need *need)
{
    const uint64_t claims = prt_load_relaxed(&stage->claims);

    if (claims != stage->seen_claims) {
        stage->seen_claims = claims;
        look_at_served(stage, full, need);
        return;
    }
    if (prt_stage_ready_(stage) == PRT_READY_NOT) {
        stage->unserved = stage->behind = 0;
        return;
    }
    stage->unserved++;
    need->any = true;
    need->unserved = longest(need->unserved, stage->unserved);
}

static bool is_full(const struct prt_pool *pool)
{
    const uint64_t word = prt_load(&pool->word);

    return prt_word_get_(word, PRT_SPINNING) == 0 &&
           (prt_word_get_(word, PRT_PARKED) == 0 ||
            prt_word_get_(word, PRT_ACTIVE) >= prt_word_get_(word, PRT_PLACES));
}

/* A queue of slots that may go on is hardly ever empty where many wait: it is unserved when none was taken out. */
static void look_at_queue(struct prt_queue *queue, struct prt_need *need)
{
    const uint64_t taken = prt_load_relaxed(&queue->taken);

    if (taken != queue->taken_seen)
        need->moving = true;
    else if (prt_load(&queue->n))
        need->any = true;
    queue->taken_seen = taken;
}

static struct prt_need look(struct prt_run *run, bool asleep, uint64_t now)
{
    const bool full = is_full(&run->pool);
    struct prt_need need = { 0 };

    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        look_at_surprise(stage, asleep, now);
        if (!stage->spec.blocking)
            look_at(stage, full, &need);
    }
    for (size_t i = 0; i < 2; i++)
        look_at_queue(&run->pool.queues[i], &need);
    return need;
}

static void watch_mark(struct watch *watch, uint64_t now, uint64_t cpu)
{
    watch->wall = now;
    watch->cpu = cpu;
}

/* How much of its processors the process used lately, in percent: where that is much, what is unserved waits for them,
 * not for threads. The kernel may count what a thread uses milliseconds later, so a tick alone says nothing. */
static uint64_t processors_used(const struct prt_run *run, struct watch *watch, uint64_t now)
{
    const uint64_t cpu = prt_cpu_time();
    uint64_t used;

    watch->recent_wall = prt_recent_(watch->recent_wall, (now - watch->wall) * run->pool.cpus);
    watch->recent_cpu = prt_recent_(watch->recent_cpu, cpu - watch->cpu);
    watch_mark(watch, now, cpu);
    used = watch->recent_wall ? watch->recent_cpu * 100 / watch->recent_wall : 0;
    return used < 100 ? used : 100;
}

/* Threads of the pool that run something, in bodies that may wait too. */
static uint32_t running(const struct prt_pool *pool)
{
    const uint64_t word = prt_load(&pool->word);

    return pool->threads - prt_word_get_(word, PRT_PARKED) - prt_word_get_(word, PRT_SPINNING);
}

/* More threads may be active: those that look are some of them, others are woken if any are parked, else started. As many
 * as run something already, those in bodies that have no place too: all of them may be asleep. */
static void grow(struct prt_run *run, uint64_t used)
{
    struct prt_pool *pool = &run->pool;
    const uint64_t word = prt_load(&pool->word);
    const uint32_t looking = prt_word_get_(word, PRT_SPINNING);
    const uint32_t n = prt_grow_by_(running(pool), used);
    const uint32_t places = prt_word_get_(word, PRT_ACTIVE) + n;

    if (n <= looking)
        return;
    if (places > prt_word_get_(word, PRT_PLACES))
        prt_pool_places_(pool, places < pool->most_threads ? places : pool->most_threads);
    for (uint32_t i = looking; i < n; i++)
        if (!prt_pool_wake_one_(pool) &&
            (pool->threads >= pool->most_threads || prt_monitor_start_(run, NULL) != 0))
            return; /* the system's limit costs speed, nothing else */
}

/* Places that growth added go again when nothing uses them. */
static void shrink(struct prt_run *run)
{
    const uint64_t word = prt_load(&run->pool.word);
    const uint32_t places = prt_word_get_(word, PRT_PLACES);
    const uint32_t used = prt_word_get_(word, PRT_ACTIVE) + prt_word_get_(word, PRT_SPINNING);

    if (places > run->pool.cpus && places > used)
        prt_pool_places_(&run->pool, places - 1);
}

/* Of the threads that growth added, one that has been parked for long ends: the one that parked first, so that the warm
 * ones stay. As many stay as at the start. A thread that somebody has taken out of the lot cannot be chosen any more, and one
 * that was chosen cannot be woken for work. */
static bool retire_one(struct prt_run *run, uint64_t now)
{
    struct prt_pool *pool = &run->pool;
    struct prt_thread *thread = NULL;

    if (prt_pool_has_extra_(pool) && now > PRT_IDLE_NS)
        thread = prt_pool_retire_(pool, now - PRT_IDLE_NS);
    if (!thread)
        return false;
    prt_event_set(&thread->event);
    prt_thread_join(&thread->handle);
    for (struct prt_thread **at = &run->threads; *at; at = &(*at)->next)
        if (*at == thread) {
            *at = thread->next;
            break;
        }
    run->nthreads--;
    thread->next = run->retired;
    run->retired = thread;
    return true;
}

/* A quick batch that lasts from one tick to the next is stuck in its body. */
static void uncount_stuck(struct prt_run *run, struct prt_thread *thread)
{
    uint64_t quick = prt_load(&thread->quick);

    if (quick > PRT_QUICK_OVER && quick == thread->quick_seen && prt_cas(&thread->quick, &quick, PRT_QUICK_OVER)) {
        prt_pool_change_(&run->pool, -1, 0, 1);
        prt_pool_needs_(&run->pool);
    }
    thread->quick_seen = quick;
}

/* A thread that has found no channel full since the last tick may be in the kernel, in its body or in a leaf beside it: it
 * has no place then, and the body that lingers with it is to go on elsewhere. */
static void uncount_placed(struct prt_run *run, struct prt_thread *thread)
{
    const uint64_t waits = prt_load_relaxed(&thread->waits);

    if (waits == thread->waits_seen && (prt_load(&thread->placed) || prt_linger_is_on_(thread))) {
        prt_pool_drop_place_(thread); /* handshake: reach */
        prt_linger_rescue_(thread); /* only now: what it puts in reach from now on finds that it has no place (linger.c) */
        prt_pool_needs_(&run->pool);
    }
    thread->waits_seen = waits;
}

/* Whether the thread's batch of that number hides nothing any more. Another slot may come to the same number. */
static bool is_done(const struct prt_thread *thread, uint64_t slot, uint64_t batch)
{
    return batch == thread->batch_done && slot == thread->slot_done;
}

/* What a numbered batch that lasts from one tick to the next has sent and received is published. `shows_until`: for how
 * long the next ones of its stage are to hide nothing; 0: they may. */
static void publish_stuck(struct prt_thread *thread, uint64_t shows_until)
{
    const uint64_t at = prt_load(&thread->slot);
    struct prt_slot *slot = (struct prt_slot *)(uintptr_t)at;
    const uint64_t batch = slot ? prt_load(&slot->batch) : 0;

    if (batch && batch == thread->batch_seen && at == thread->slot_seen && !is_done(thread, at, batch)) {
        thread->batch_quiet = prt_batch_publish_(slot, batch, shows_until) ? thread->batch_quiet + 1 : 0;
        if (thread->batch_quiet >= PRT_LATE_TICKS) {
            thread->batch_done = batch;
            thread->slot_done = at;
        }
    } else {
        thread->batch_quiet = 0;
    }
    thread->batch_seen = batch;
    thread->slot_seen = at;
}

/* A body of a stage with keys that lasts from one tick to the next. */
static void note_slow(struct prt_thread *thread, uint64_t wary_until)
{
    const uint64_t at = prt_load_relaxed(&thread->running);
    const struct prt_slot *slot = (const struct prt_slot *)(uintptr_t)at;
    const uint64_t begins = slot ? prt_load_relaxed(&slot->begins) : 0;

    if (slot && slot->stage->store && at == thread->running_seen && begins == thread->begins_seen)
        prt_store_relaxed(&slot->stage->wary_until, wary_until);
    thread->running_seen = at;
    thread->begins_seen = begins;
}

static void look_after(struct prt_run *run, struct prt_thread *thread, uint64_t shows_until, uint64_t wary_until)
{
    if (!thread->dedicated) {
        uncount_stuck(run, thread);
        uncount_placed(run, thread);
    }
    publish_stuck(thread, shows_until);
    note_slow(thread, wary_until);
}

/* The flag is set before the look whether the monitor watches, as it is looked at before the monitor sleeps. */
void prt_monitor_lull_(struct prt_chan *chan)
{
    struct prt_run *run = chan->run;

    if (!prt_load(&run->lulled)) /* handshake: lull */
        prt_store(&run->lulled, 1);
    prt_run_watch_(run);
}

/* Senders that a receiver left asleep although there is room are woken where nobody goes on receiving. */
static void wake_lulled(struct prt_run *run)
{
    bool left = false;

    if (!prt_load(&run->lulled))
        return;
    prt_store(&run->lulled, 0); /* handshake: lull */
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        left = prt_chan_is_lulled_(chan) || left;
    if (left)
        prt_store(&run->lulled, 1);
}

/* A thread in a numbered batch is looked after, so the monitor stays awake while there is one. */
static bool has_batch(const struct prt_thread *thread)
{
    const uint64_t slot = prt_load(&thread->slot);

    return slot && !is_done(thread, slot, prt_load(&((const struct prt_slot *)(uintptr_t)slot)->batch));
}

static bool some_batch(const struct prt_run *run)
{
    for (const struct prt_thread *thread = run->threads; thread; thread = thread->next)
        if (has_batch(thread) || prt_load(&thread->placed) || prt_linger_is_on_(thread))
            return true;
    return false;
}

/* Whether somebody relies on the next tick. */
static bool is_relied_on(const struct prt_run *run)
{
    return prt_word_get_(prt_load(&run->pool.word), PRT_SPINNING) > 0 || prt_load(&run->lulled) || some_batch(run);
}

static void stop_watching(struct prt_run *run)
{
    if (is_relied_on(run))
        return;
    prt_pool_flags_(&run->pool, 0, PRT_WATCHING);
    prt_barrier_all(); /* handshake: watch */
    if (is_relied_on(run) || ((prt_load(&run->pool.word) & PRT_NEEDY) && prt_pool_has_work_(run)))
        prt_pool_flags_(&run->pool, PRT_WATCHING, 0);
}

/* ---- bodies whose thread runs what they have just sent ----------------------------------------------------------- */

/* Whether any thread has run a leaf beside a body since the last look, or is in one. Behind the barrier it sees every body
 * that was put in reach by a thread that saw it minding. */
static bool some_beside(struct prt_run *run)
{
    bool some = false;

    prt_barrier_all(); /* handshake: reach */
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next) {
        const uint64_t waits = prt_load_relaxed(&thread->waits);
        const bool lingers = prt_linger_is_on_(thread);

        if (lingers && waits == thread->waits_minded)
            prt_linger_rescue_(thread);
        some = some || lingers || waits != thread->waits_minded;
        thread->waits_minded = waits;
    }
    return some;
}

static void mind_all(struct prt_run *run, struct watch *watch, uint64_t now)
{
    watch->mind = now + PRT_LATE_TICKS * PRT_TICK_NS;
    watch->minded = some_beside(run) ? 0 : watch->minded + 1;
    if (watch->minded < PRT_MIND_LOOKS)
        return;
    watch->minded = 0;
    prt_pool_flags_(&run->pool, 0, PRT_MINDING);
    if (some_beside(run))
        prt_pool_flags_(&run->pool, PRT_MINDING, 0);
}

static uint64_t tick_length(const struct prt_run *run)
{
    return prt_tick_ns_(run->nthreads + run->nstages);
}

/* Looked after first: what that lets go on, and nobody serves, is seen at the same tick. */
static void tick(struct prt_run *run, struct watch *watch, uint64_t now)
{
    const uint64_t used = processors_used(run, watch, now);
    const bool asleep = prt_are_asleep_(running(&run->pool), used, run->pool.cpus);
    struct prt_need need;

    for (struct prt_thread *thread = run->threads; thread; thread = thread->next)
        look_after(run, thread, asleep ? now + PRT_SHOWS_NS : 0, asleep ? now + PRT_WARY_NS : 0);
    wake_lulled(run);
    prt_store_relaxed(&run->pool.at_work, prt_is_at_work_(used, run->pool.cpus));
    need = look(run, asleep, now);
    need.used = used;
    if (prt_may_grow_(&need, running(&run->pool), run->pool.cpus)) {
        grow(run, need.used);
        watch_mark(watch, prt_now(), prt_cpu_time()); /* starting threads is not what they are wanted for */
    } else if (!need.any) {
        shrink(run);
    }
    if (!need.any && !need.moving)
        stop_watching(run);
    watch->next = now + tick_length(run);
}

/* ---- timers ------------------------------------------------------------------------------------------------------ */

static void fire_timers(struct prt_run *run, uint64_t now)
{
    struct prt_timer *timer;

    while ((timer = prt_timers_due_(&run->timers, now)))
        switch (timer->kind) {
        case PRT_TIMER_SLOT:
            prt_slot_wake_(timer->of.slot);
            break;
        case PRT_TIMER_STAGE:
            prt_pool_needs_(&run->pool);
            break;
        case PRT_TIMER_FLUSH:
            prt_stage_flush_(timer->of.stage);
            break;
        case PRT_TIMER_COLLECT:
            prt_collect_due_(timer->of.stage);
            break;
        case PRT_TIMER_STORE:
            prt_store_due_(timer->of.stage);
            break;
        }
}

/* ---- drains and tear-downs -------------------------------------------------------------------------------------- */

/* Windows end, so that bodies that gather notice at their next emit too. */
static void end_windows(struct prt_run *run)
{
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next) {
        struct prt_slot *slot = (struct prt_slot *)(uintptr_t)prt_load(&thread->slot);

        if (slot)
            prt_batch_publish_(slot, prt_load(&slot->batch), 0);
    }
}

static void wake_everybody(struct prt_run *run)
{
    end_windows(run);
    prt_barrier_all(); /* handshake: end */
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next)
        prt_event_set(&thread->event);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        if (prt_stage_is_source_(stage))
            prt_bell_ring(&stage->bell);
        for (uint32_t i = 0; !stage->spec.blocking && i < stage->nslots; i++)
            if (prt_run_aborted_(run) || stage->may_wait) /* also one that is about to be held: it looks again */
                prt_slot_wake_(&stage->slots[i]);
    }
    prt_pool_needs_(&run->pool);
}

static bool is_to_leave(const struct prt_run *run, const struct prt_stage *source)
{
    return prt_run_draining_(run) || prt_run_aborted_(run) || prt_finish_waits_(source);
}

static bool some_source_waits(const struct prt_run *run)
{
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (prt_finish_waits_(stage))
            return true;
    return false;
}

static void carry_out_asks(struct prt_run *run, struct watch *watch)
{
    if (prt_swap(&run->asks, 0)) {
        prt_finish_sources_(run);
        watch->finishing = true;
    }
    if (watch->finishing)
        watch->finishing = some_source_waits(run);
}

static bool is_interrupting(const struct watch *watch)
{
    return watch->draining || watch->aborting || watch->finishing;
}

/* A source that hangs in the kernel returns with EINTR, again and again until it leaves. A thread that leaves the source's
 * code for another body stores that, and waits if it sees `interrupting`: one of the two sees the other's. */
static void interrupt_sources(struct prt_run *run)
{
    prt_store(&run->pool.interrupting, 1);
    prt_barrier_all(); /* handshake: interrupt */
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next) {
        const struct prt_slot *slot = (const struct prt_slot *)(uintptr_t)prt_load(&thread->in_source);

        if (slot && is_to_leave(run, slot->stage) && !prt_load(&thread->lingers) && !prt_inline_runs_(slot))
            prt_thread_interrupt(&thread->handle);
    }
    prt_barrier_all(); /* handshake: interrupt; a thread takes the signal before it goes on and sees this */
    prt_store(&run->pool.interrupting, 0);
}

bool prt_monitor_drains_(struct prt_run *run, uint64_t now)
{
    if (prt_swap(&run->wants_drain, 0))
        prt_pool_flags_(&run->pool, PRT_DRAINING, 0); /* a signal handler asked */
    if (!prt_run_draining_(run))
        return false;
    if (run->drain_until == PRT_NEVER && run->spec.settings->drain)
        run->drain_until = now + run->spec.settings->drain;
    return true;
}

static void carry_out(struct prt_run *run, struct watch *watch, uint64_t now)
{
    const bool aborted = prt_load(&run->pool.word) & PRT_ABORTED, draining = prt_monitor_drains_(run, now);

    if (aborted && !watch->aborting) {
        watch->aborting = true;
        watch->stuck = now + PRT_STUCK_NS;
        wake_everybody(run);
    } else if (draining && !watch->draining) {
        watch->draining = true;
        wake_everybody(run);
        if (prt_load(&run->signal))
            prt_run_tell_drain_(run);
    }
    if (watch->aborting && now >= watch->stuck) {
        prt_away_stuck_(run);
        watch->stuck = now + PRT_STUCK_NS;
    }
    carry_out_asks(run, watch);
    if (is_interrupting(watch) && now >= watch->interrupt) {
        interrupt_sources(run);
        watch->interrupt = now + PRT_INTERRUPT_NS;
    }
    if (draining && !watch->aborting && now >= run->drain_until) {
        prt_run_complain_(run, "not drained within the limit; what is left is dropped");
        prt_run_abort_(run);
    }
}

static uint64_t next_deadline(struct prt_run *run, const struct watch *watch)
{
    uint64_t deadline = prt_load(&run->timers.earliest);

    const uint64_t word = prt_load(&run->pool.word);

    if ((word & PRT_WATCHING) && watch->next < deadline)
        deadline = watch->next;
    if ((word & PRT_MINDING) && watch->mind < deadline)
        deadline = watch->mind;
    if (prt_pool_has_extra_(&run->pool) && watch->retire < deadline)
        deadline = watch->retire;
    if (is_interrupting(watch) && watch->interrupt < deadline)
        deadline = watch->interrupt;
    if (run->figures && run->figures->next < deadline)
        deadline = run->figures->next;
    if (run->progress && run->show_at < deadline)
        deadline = run->show_at;
    if (run->live_at < deadline)
        deadline = run->live_at;
    if (watch->aborting && watch->stuck < deadline)
        deadline = watch->stuck;
    if (!watch->aborting && run->drain_until < deadline)
        deadline = run->drain_until;
    return deadline;
}

static void rest(struct prt_run *run, uint64_t until)
{
    if (run->knock.word)
        prt_event_wait_knocked(&run->event, until, &run->knock);
    else
        prt_event_wait(&run->event, until);
}

void prt_monitor_(struct prt_run *run)
{
    struct watch watch = { .next = prt_now(), .wall = prt_now(), .cpu = prt_cpu_time() };

    if (run->figures)
        prt_figures_begin_(run, watch.wall);
    while (prt_load(&run->unfinished) > 0) {
        uint64_t now = prt_now();

        carry_out(run, &watch, now);
        fire_timers(run, now);
        if ((prt_load(&run->pool.word) & PRT_WATCHING) && now >= watch.next)
            tick(run, &watch, now);
        if ((prt_load(&run->pool.word) & PRT_MINDING) && now >= watch.mind)
            mind_all(run, &watch, now);
        if (run->figures && now >= run->figures->next)
            prt_figures_look_(run, now);
        if (run->progress && now >= run->show_at)
            run->show_at = prt_run_show_(run, now);
        if (now >= run->live_at || prt_knocked(&run->knock))
            run->live_at = prt_run_live_(run, now);
        if (now >= watch.retire)
            watch.retire = now + (retire_one(run, now) ? PRT_RETIRE_NS : PRT_IDLE_NS);
        if (prt_load(&run->unfinished) > 0)
            rest(run, next_deadline(run, &watch));
    }
    if (run->figures)
        prt_figures_end_(run);
}
