/* A run from its declarations to its exit status. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pool/collect.h"
#include "pool/daemon.h"
#include "pool/figures.h"
#include "pool/finish.h"
#include "pool/inline.h"
#include "pool/linger.h"
#include "pool/monitor.h"
#include "pool/order.h"
#include "pool/retry.h"
#include "pool/store.h"
#include "program/away.h"
#include "program/failures.h"
#include "program/last.h"
#include "program/live.h"
#include "program/progress.h"
#include "program/stats.h"
#include "program/unpaired.h"

/* ---- declarations ----------------------------------------------------------------------------------------------- */

static const struct prt_settings no_settings;

struct prt_run *prt_run_new(const struct prt_run_spec *spec)
{
    struct prt_memory memory = { 0 };
    struct prt_run *run = prt_memory_new_(&memory, sizeof *run, PRT_LINE_PAIR);

    if (!run) {
        fprintf(stderr, "%s: not enough memory to start\n", spec->name);
        return NULL;
    }
    prt_platform_init();
    prt_random(run->key_seed, sizeof run->key_seed);
    run->memory = memory;
    run->spec = *spec;
    if (!run->spec.settings)
        run->spec.settings = &no_settings;
    run->last_chan = &run->chans;
    run->last_stage = &run->stages;
    run->live_at = PRT_NEVER;
    run->drain_until = PRT_NEVER;
    return run;
}

struct prt_chan *prt_chan_add(struct prt_run *run, const struct prt_chan_spec *spec)
{
    struct prt_chan *chan = prt_memory_new_(&run->memory, sizeof *chan, PRT_LINE_PAIR);

    if (!chan) {
        run->short_of_memory = true;
        return NULL;
    }
    chan->spec = *spec;
    chan->run = run;
    chan->index = run->nchans++;
    if (spec->cycle > run->ncycles)
        run->ncycles = spec->cycle;
    *run->last_chan = chan;
    run->last_chan = &chan->next;
    return chan;
}

static const struct prt_override *find_override(const struct prt_run *run, const char *name, bool is_rate)
{
    const struct prt_settings *settings = run->spec.settings;

    for (size_t i = settings->noverrides; i > 0; i--) /* the last one on the command line counts */
        if (settings->overrides[i - 1].is_rate == is_rate && !strcmp(settings->overrides[i - 1].name, name))
            return &settings->overrides[i - 1];
    return NULL;
}

struct prt_rate *prt_rate_add(struct prt_run *run, const struct prt_rate_spec *spec)
{
    struct prt_rate *rate = prt_memory_new_(&run->memory, sizeof *rate, PRT_LINE);
    const struct prt_override *override = find_override(run, spec->name, true);

    if (!rate) {
        run->short_of_memory = true;
        return NULL;
    }
    rate->spec = *spec;
    if (override)
        rate->spec.per_second = override->per_second;
    rate->next = run->rates;
    run->rates = rate;
    return rate;
}

struct prt_bound *prt_bound_add(struct prt_run *run, const struct prt_bound_spec *spec)
{
    struct prt_bound *bound = prt_memory_new_(&run->memory, sizeof *bound, PRT_LINE);

    if (!bound) {
        run->short_of_memory = true;
        return NULL;
    }
    bound->spec = *spec;
    bound->free = spec->permits;
    bound->next = run->bounds;
    run->bounds = bound;
    return bound;
}

static void *copy(struct prt_run *run, const void *from, size_t n, size_t size)
{
    void *to = prt_memory_raw_(&run->memory, n * size, sizeof(void *));

    if (to && n > 0)
        memcpy(to, from, n * size);
    return to;
}

/* Of inputs that are copied. */
static bool copy_chans(struct prt_run *run, struct prt_in_spec *ins, size_t n)
{
    for (size_t i = 0; ins && i < n; i++) {
        ins[i].chans = copy(run, ins[i].chans, ins[i].nchans, sizeof(struct prt_chan *));
        if (!ins[i].chans)
            return false;
    }
    return ins != NULL;
}

static bool stage_copy(struct prt_stage *stage, const struct prt_stage_spec *spec)
{
    stage->spec = *spec;
    struct prt_run *run = stage->run;

    stage->ins = copy(run, spec->ins, spec->nins, sizeof *stage->ins);
    stage->pulls = copy(run, spec->pulls, spec->npulls, sizeof *stage->pulls);
    stage->npulls = spec->npulls;
    stage->outs = copy(run, spec->outs, spec->nouts, sizeof *stage->outs);
    stage->bounds = copy(run, spec->bounds, spec->nbounds, sizeof *stage->bounds);
    stage->keyed = copy(run, spec->keyed, spec->nkeyed, sizeof *stage->keyed);
    stage->inlines = copy(run, spec->inlines, spec->ninlines, sizeof *stage->inlines);
    if (!copy_chans(run, stage->ins, spec->nins) || !copy_chans(run, stage->pulls, spec->npulls))
        return false;
    return stage->outs && stage->bounds && stage->keyed && stage->inlines;
}

/* A stage's own rate for each key has the stage's name, like one that has none. */
static void override_keyed(struct prt_stage *stage)
{
    const struct prt_override *override = find_override(stage->run, stage->spec.name, true);

    for (size_t i = 0; override && i < stage->spec.nkeyed; i++)
        if (stage->keyed[i].kind == PRT_RATE_PER_KEY)
            stage->keyed[i].per_second = override->per_second;
}

struct prt_stage *prt_stage_add(struct prt_run *run, const struct prt_stage_spec *spec)
{
    struct prt_stage *stage = run->short_of_memory ? NULL : prt_memory_new_(&run->memory, sizeof *stage, PRT_LINE_PAIR);
    const struct prt_override *override = spec->fixed ? NULL : find_override(run, spec->name, false);

    if (!stage) {
        run->short_of_memory = true;
        return NULL;
    }
    *run->last_stage = stage;
    run->last_stage = &stage->next;
    stage->run = run;
    stage->index = run->nstages++;
    if (!stage_copy(stage, spec)) {
        run->short_of_memory = true;
        return NULL;
    }
    override_keyed(stage);
    if (spec->nins > 0 && stage->ins[0].chans[0]) {
        stage->item_size = stage->ins[0].chans[0]->spec.item_size;
        stage->drop = stage->ins[0].chans[0]->spec.drop;
    }
    stage->nslots = override ? (uint32_t)override->workers : spec->workers;
    stage->may_wait = !spec->leaf && !spec->blocking && (spec->nouts > 0 || spec->nins == 0);
    stage->final_waits = !spec->blocking && prt_inline_has_final_(stage) && spec->nouts > 0;
    stage->batches = !spec->rate && spec->nbounds == 0 && spec->nins > 0 && spec->collect == 0 && !spec->attempts &&
                     !(spec->ordered && prt_store_limits_(spec));
    if (spec->cycle > run->ncycles)
        run->ncycles = spec->cycle;
    return stage;
}

/* ---- messages, asking for the end ------------------------------------------------------------------------------- */

static void tell(struct prt_run *run, const char *format, va_list args)
{
    prt_mutex_lock(&run->message_lock);
    prt_progress_hide_(run);
    fprintf(stderr, "%s: ", run->spec.name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    prt_mutex_unlock(&run->message_lock);
}

void prt_run_tell_(struct prt_run *run, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(run, format, args);
    va_end(args);
}

void prt_run_complain_(struct prt_run *run, const char *format, ...)
{
    va_list args;

    prt_store(&run->broken, 1);
    va_start(args, format);
    tell(run, format, args);
    va_end(args);
}

void prt_run_cannot_grow_(struct prt_chan *chan)
{
    if (prt_run_aborted_(chan->run)) /* another sender of this channel may have said so */
        return;
    prt_run_complain_(chan->run, "no memory for channel %s to grow", chan->spec.name);
    prt_run_abort_(chan->run);
}

void prt_run_drain_(struct prt_run *run)
{
    prt_pool_flags_(&run->pool, PRT_DRAINING, 0);
    prt_event_set(&run->event);
}

void prt_run_abort_(struct prt_run *run)
{
    prt_store(&run->broken, 1);
    prt_pool_flags_(&run->pool, PRT_ABORTED, 0);
    prt_bell_ring(&run->bell); /* an `init` may wait, and there is no monitor yet */
    prt_event_set(&run->event);
}

void prt_run_tell_drain_(struct prt_run *run)
{
    uint64_t items = 0;

    if (!isatty(STDERR_FILENO))
        return;
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next)
        items += prt_chan_fill_(chan);
    prt_mutex_lock(&run->message_lock);
    prt_progress_hide_(run);
    fprintf(stderr, "%s: draining %" PRIu64 " item%s; press Ctrl-C again to end at once\n", run->spec.name, items,
            items == 1 ? "" : "s");
    prt_mutex_unlock(&run->message_lock);
}

static void signal_arrived(int signal, void *opaque)
{
    struct prt_run *run = opaque;
    uint64_t none = 0;

    prt_cas(&run->signal, &none, (uint64_t)signal);
    prt_store(&run->wants_drain, 1);
    prt_event_set(&run->event);
}

/* ---- preparing -------------------------------------------------------------------------------------------------- */

static void count_receiver(struct prt_chan *chan, struct prt_stage *stage)
{
    chan->nrecv_slots += stage->nslots;
    chan->nto++;
    prt_add(&chan->receivers, 1);
    prt_add(&chan->takers, 1);
    chan->wakes_dedicated = chan->wakes_dedicated || stage->spec.blocking;
    chan->sets_aside = chan->sets_aside || stage->spec.nkeyed > 0;
    chan->is_collected = chan->is_collected || stage->spec.collect > 0;
    stage->shows = stage->shows || chan->spec.full != PRT_WAITS;
}

static void link_receiver(struct prt_chan *chan, struct prt_stage *stage)
{
    chan->to[chan->nto++] = stage;
}

static void count_ends(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        for (size_t i = 0; i < stage->spec.nouts; i++) {
            stage->outs[i].chan->nsend_slots += stage->nslots;
            if (stage->spec.daemon)
                stage->outs[i].chan->has_daemons = true;
            else if (!stage->outs[i].chan->spec.cycle)
                prt_add(&stage->outs[i].chan->senders, 1);
        }
        for (size_t i = 0; i < stage->spec.nins; i++)
            for (size_t j = 0; j < stage->ins[i].nchans; j++)
                count_receiver(stage->ins[i].chans[j], stage);
        for (size_t i = 0; i < stage->npulls; i++)
            count_receiver(stage->pulls[i].chans[0], stage);
    }
}

static bool link_receivers(struct prt_run *run)
{
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next) {
        chan->to = prt_memory_new_(&run->memory, chan->nto * sizeof *chan->to, sizeof *chan->to);
        if (!chan->to)
            return false;
        chan->nto = 0;
    }
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        for (size_t i = 0; i < stage->spec.nins; i++)
            for (size_t j = 0; j < stage->ins[i].nchans; j++)
                link_receiver(stage->ins[i].chans[j], stage);
        for (size_t i = 0; i < stage->npulls; i++)
            link_receiver(stage->pulls[i].chans[0], stage);
    }
    return true;
}

static bool link_rates(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (stage->spec.rate)
            stage->spec.rate->naskers++;
    for (struct prt_rate *rate = run->rates; rate; rate = rate->next) {
        rate->askers = prt_memory_new_(&run->memory, rate->naskers * sizeof *rate->askers, sizeof *rate->askers);
        if (!rate->askers)
            return false;
        rate->naskers = 0;
    }
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (stage->spec.rate) {
            stage->asker.stage = stage;
            stage->spec.rate->askers[stage->spec.rate->naskers++] = &stage->asker;
        }
    return true;
}

static bool make_cycles(struct prt_run *run)
{
    run->cycles = prt_memory_new_(&run->memory, ((size_t)run->ncycles + 1) * sizeof *run->cycles, PRT_LINE);
    if (!run->cycles)
        return false;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (size_t i = 0; i < stage->spec.nouts; i++) {
            const int cycle = stage->outs[i].chan->spec.cycle;

            if (cycle && cycle != stage->spec.cycle)
                prt_add(&run->cycles[cycle].outside, 1);
        }
    return true;
}

static struct prt_stage *collector_of(const struct prt_chan *chan)
{
    struct prt_stage *stage = chan->nto == 1 ? chan->to[0] : NULL;

    return stage && stage->spec.collect > 0 && stage->spec.nkeyed == 0 && stage->ins[0].nchans == 1 ? stage : NULL;
}

static bool make_all(struct prt_run *run)
{
    if (run->short_of_memory)
        return false;
    run->pool.cpus = prt_cpus();
    count_ends(run);
    if (!link_receivers(run) || !link_rates(run) || !make_cycles(run) || !prt_order_(run) || !prt_linger_make_(run) ||
        !prt_collect_scales_(run))
        return false;
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next) {
        if (!prt_chan_ready_(chan))
            return false;
        chan->feeds = prt_slot_feeds_(chan);
        chan->collector = collector_of(chan);
    }
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (!prt_stage_make_(stage))
            return false;
    prt_daemon_make_(run);
    return prt_finish_make_(run) && prt_progress_make_(run) &&
           (!(run->spec.settings->stats || run->progress) || (run->figures = prt_figures_new_(run)));
}

/* Before there are threads: one that ends a stage whose `init` failed takes its timers back before the clocks start. */
static bool make_timers(struct prt_run *run)
{
    size_t most = 0;

    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        stage->timer = (struct prt_timer){ .kind = PRT_TIMER_STAGE, .of.stage = stage };
        stage->flush_timer = (struct prt_timer){ .kind = PRT_TIMER_FLUSH, .of.stage = stage };
        most += 4 + stage->nslots;
    }
    return prt_timers_ready_(&run->timers, &run->memory, most, &run->event);
}

static void start_clocks(struct prt_run *run)
{
    run->started = prt_now();
    run->live_at = prt_live_first_(run);
    for (struct prt_rate *rate = run->rates; rate; rate = rate->next)
        prt_rate_start_(rate, run->started);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        stage->start = run->started;
        prt_store(&stage->due, run->started);
        if (stage->spec.flush)
            prt_timer_set_(&run->timers, &stage->flush_timer, run->started + stage->spec.flush_every);
    }
}

/* The pipeline's own init, then those of all workers; threads of blocking stages run theirs themselves. */
static void run_inits(struct prt_run *run)
{
    run->section.stage = &run->section_stage;
    run->section.worker = &run->section_worker;
    run->section.mode = PRT_MODE_SECTION;
    run->section_stage.run = run;
    run->section_stage.spec.name = "init";
    run->section_worker = (struct prt_worker){ &run->section, &run->section_stage, run };
    if (run->spec.init)
        run->spec.init(&run->section_worker, run->spec.pipe);
    prt_run_returned_(run);
    run->initialised = !run->section.failed_now;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (uint32_t i = 0; !stage->spec.blocking && i < stage->nslots; i++)
            prt_slot_init_(NULL, &stage->slots[i]);
}

/* A source is what waits in the kernel for the world outside, as a rule, so each has a thread from the start. */
static void count_threads(struct prt_run *run)
{
    struct prt_pool *pool = &run->pool;
    uint64_t most = 0, sources = 0;

    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        if (stage->spec.blocking)
            continue;
        sources += prt_stage_is_source_(stage);
        most += stage->nslots;
    }
    most += pool->cpus + sources;
    pool->most_threads = most < PRT_FIELD_MAX / 2 ? (uint32_t)most : PRT_FIELD_MAX / 2;
    pool->first_threads = pool->cpus + (uint32_t)sources;
    prt_pool_places_(pool, pool->cpus);
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* The threads of blocking stages, then as many as there are processors and one for each source. Returns 0, or why one of
 * them could not be started. */
static int start_threads(struct prt_run *run)
{
    const uint32_t first = run->pool.first_threads;
    uint64_t expected = first;
    int status = 0;

    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        expected += stage->spec.blocking ? stage->nslots : 0;
    prt_threads_expect(expected);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        if (!stage->spec.blocking)
            continue;
        prt_store(&stage->finals, stage->nslots);
        for (uint32_t i = 0; i < stage->nslots; i++) {
            prt_add(&run->starting, 1);
            if (!status)
                status = prt_monitor_start_(run, &stage->slots[i]);
            if (status)
                prt_sub(&run->starting, 1);
            if (status && prt_sub(&stage->finals, 1) == 1)
                prt_stage_closed_(stage);
        }
    }
    for (uint32_t i = 0; i < first && !status; i++)
        status = prt_monitor_start_(run, NULL);
    return status;
}

/* No thread of the pool could be started: what `init` began is ended on this one. */
static void finish_without_threads(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (!stage->spec.blocking)
            prt_stage_finish_(NULL, stage);
}

/* No body begins before all threads are there and every `init` has run: a pipeline starts as a whole or not at all. */
static void let_go(struct prt_run *run)
{
    while (prt_load(&run->starting) > 0)
        prt_event_wait(&run->event, PRT_NEVER);
    start_clocks(run);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (!stage->spec.blocking)
            prt_stage_push_all_(stage);
    prt_store(&run->going, 1);
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next)
        if (thread->dedicated)
            prt_event_set(&thread->event);
    prt_barrier_all(); /* handshake: park */
    prt_pool_needs_(&run->pool);
}

static void run_threads(struct prt_run *run)
{
    int status;

    prt_store(&run->unfinished, run->nstages);
    prt_pool_flags_(&run->pool, PRT_WATCHING, 0);
    status = start_threads(run);
    if (!status) {
        let_go(run);
    } else {
        prt_run_complain_(run, "cannot start the threads that the pipeline needs: %s", strerror(status));
        prt_run_abort_(run);
        if (run->pool.threads == 0)
            finish_without_threads(run);
    }
    prt_monitor_(run);
    prt_live_end_(run);
    prt_monitor_join_(run);
    prt_progress_end_(run);
}

static void run_free(struct prt_run *run)
{
    struct prt_memory memory = run->memory; /* the run lies in it */

    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        prt_chan_free_(chan);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        prt_bell_free(&stage->bell);
        prt_store_free_(stage);
    }
    prt_bell_free(&run->bell);
    prt_stacks_free_(run);
    prt_memory_free_(&run->hands);
    prt_memory_free_(&memory);
}

static void run_to_the_end(void *opaque)
{
    struct prt_run *run = opaque;

    prt_signals(true, signal_arrived, run);
    prt_forks(true, prt_away_forked_, run);
    run_inits(run);
    run_threads(run);
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        prt_add(prt_run_aborted_(run) ? &chan->left : &chan->discarded, prt_chan_drain_(chan));
    prt_last_(run);
    prt_failures_close_(run);
    prt_unpaired_tell_(run);
    if (!prt_stats_(run))
        prt_store(&run->broken, 1);
    prt_signals(false, NULL, NULL);
}

int prt_run(struct prt_run *run)
{
    int signal, status;

    if (!make_all(run) || !make_timers(run)) {
        prt_run_complain_(run, "not enough memory to start");
    } else if (prt_failures_open_(run)) {
        count_threads(run);
        prt_guard(run_to_the_end, prt_away_run_, run);
    }
    signal = (int)prt_load(&run->signal);
    status = (int)prt_load(&run->status);
    if (status == 0)
        status = prt_load(&run->broken) != 0;
    run_free(run);
    if (signal)
        raise(signal);
    return status;
}
