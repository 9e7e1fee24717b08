/* From counts and looks to what they say: shares, means, times. */
#include "program/account.h"

#include <string.h>

#include "pool/run_state.h"
#include "pool/store.h"

#define LASTS_NS 1000000000u /* what a look has found so long ago may be so still */

/* `part` of `whole` in thousandths, rounded; nothing of nothing is 0. */
static uint64_t thousandths(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (uint64_t)((double)part * PRT_WHOLE / (double)whole + 0.5) : 0;
}

/* A body sleeps in the kernel for the share that was found asleep of its threads. */
static void take_shares(struct prt_stage_account *account, const struct prt_stage_figures *figures)
{
    const uint64_t inside = figures->found[PRT_FOR_NOTHING];
    const uint64_t asleep = figures->threads > 0 ? inside * figures->asleep / figures->threads : 0;

    account->looks = figures->looks;
    for (size_t i = 0; i < PRT_FORS; i++)
        account->share[i] = (uint32_t)thousandths(figures->found[i], figures->looks);
    account->share[PRT_FOR_ROOM] = (uint32_t)thousandths(figures->found[PRT_FOR_ROOM] + figures->found[PRT_FOR_BEGINNING],
                                                         figures->looks);
    account->share[PRT_FOR_BEGINNING] = 0;
    account->share[PRT_FOR_NOTHING] = (uint32_t)thousandths(inside - asleep, figures->looks);
    account->share[PRT_FOR_KERNEL] = (uint32_t)thousandths(figures->found[PRT_FOR_KERNEL] + asleep, figures->looks);
}

static bool has_keyed(const struct prt_stage *stage, enum prt_keyed_kind kind)
{
    for (size_t i = 0; i < stage->spec.nkeyed; i++)
        if (stage->keyed[i].kind == kind)
            return true;
    return false;
}

/* Those of its keys have no name, and are called like the stage, as one of its own is. */
static const char *longest_bound(const struct prt_stage *stage, const uint64_t *looks)
{
    const size_t nbounds = stage->spec.nbounds;
    size_t most = 0;

    for (size_t i = 1; i <= nbounds; i++)
        if (looks[i] > looks[most])
            most = i;
    if (most < nbounds)
        return stage->bounds[most].bound->spec.name;
    return has_keyed(stage, PRT_BOUND_PER_KEY) ? stage->spec.name : NULL;
}

/* Each worker was looked at as often as any other, give or take one. */
static uint32_t busiest_of(const struct prt_stage *stage, const struct prt_stage_figures *figures)
{
    uint64_t most = 0;

    for (uint32_t i = 0; i < stage->nslots; i++)
        most = figures->inside[i] > most ? figures->inside[i] : most;
    return (uint32_t)thousandths(most * stage->nslots, figures->looks);
}

static size_t take_chans(uint32_t *list, struct prt_chan *const *chans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        list[i] = chans[i]->index;
    return n;
}

/* False: no memory. */
static bool take_ends(struct prt_stage_account *account, const struct prt_stage *stage)
{
    uint32_t *ins, *outs;
    size_t n = stage->npulls;

    for (size_t i = 0; i < stage->spec.nins; i++)
        n += stage->ins[i].nchans;
    ins = prt_memory_new_(&stage->run->memory, n * sizeof *ins, sizeof *ins);
    outs = prt_memory_new_(&stage->run->memory, stage->spec.nouts * sizeof *outs, sizeof *outs);
    if (!ins || !outs)
        return false;
    for (size_t i = 0; i < stage->spec.nins; i++)
        account->nins += take_chans(ins + account->nins, stage->ins[i].chans, stage->ins[i].nchans);
    for (size_t i = 0; i < stage->npulls; i++)
        account->nins += take_chans(ins + account->nins, stage->pulls[i].chans, 1);
    for (size_t i = 0; i < stage->spec.nouts; i++)
        account->nouts += take_chans(outs + i, &stage->outs[i].chan, 1);
    account->ins = ins;
    account->outs = outs;
    return true;
}

/* ---- what does not change ---------------------------------------------------------------------------------------- */

static struct prt_stage_account stage_of(const struct prt_stage *stage)
{
    return (struct prt_stage_account){
        .name = stage->spec.name,
        .place = stage->spec.place,
        .workers = stage->nslots,
        .fixed = stage->spec.fixed,
        .has_ticks = stage->spec.every || stage->spec.flush,
    };
}

/* One of its keys has no name, and is called like the stage, as a rate of its own is. */
static const char *rate_of(const struct prt_stage *stage)
{
    if (stage->spec.rate)
        return stage->spec.rate->spec.name;
    return has_keyed(stage, PRT_RATE_PER_KEY) ? stage->spec.name : NULL;
}

/* False: no memory. */
static bool make_keys(struct prt_stage_account *account, const struct prt_stage *stage)
{
    if (stage->spec.nkeyed == 0)
        return true;
    account->keys = prt_memory_new_(&stage->run->memory, stage->spec.nkeyed * sizeof *account->keys, sizeof(void *));
    return account->keys != NULL;
}

static bool make_stages(struct prt_account *account, const struct prt_run *run)
{
    struct prt_stage_account *at = account->stages;

    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next, at++) {
        *at = stage_of(stage);
        at->is_source = prt_stage_is_source_(stage);
        at->is_daemon = stage->spec.daemon;
        at->rate = rate_of(stage);
        at->has_by = has_keyed(stage, PRT_BY_KEY);
        if (!take_ends(at, stage) || !make_keys(at, stage))
            return false;
        for (size_t i = 0; i < stage->spec.ninlines; i++) {
            *++at = stage_of(&stage->inner[i]);
            at->is_inline = true;
        }
    }
    return true;
}

/* Each stage once, however often it names the channel. */
static void count_senders(struct prt_account *account, const struct prt_run *run)
{
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (size_t i = 0; i < stage->spec.nouts; i++) {
            bool named = false;

            for (size_t k = 0; k < i; k++)
                named = named || (stage->outs[k].chan == stage->outs[i].chan && stage->outs[k].by == stage->outs[i].by);
            account->chans[stage->outs[i].chan->index].nsenders += !named;
        }
}

struct prt_account *prt_account_new_(struct prt_run *run)
{
    struct prt_memory *memory = &run->memory;
    struct prt_account *account = prt_memory_new_(memory, sizeof *account, sizeof(void *));

    if (!account)
        return NULL;
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        account->nstages += 1 + stage->spec.ninlines;
    account->nchans = run->nchans;
    account->stages = prt_memory_new_(memory, account->nstages * sizeof *account->stages, sizeof(void *));
    account->chans = prt_memory_new_(memory, account->nchans * sizeof *account->chans, sizeof(void *));
    if (!account->stages || !account->chans || !make_stages(account, run))
        return NULL;
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next)
        account->chans[chan->index] =
            (struct prt_chan_account){ .name = chan->spec.name, .capacity = chan->meets ? 0 : chan->cap,
                                       .item_bytes = chan->spec.item_size, .owns = chan->spec.drop != NULL };
    count_senders(account, run);
    account->name = run->spec.name;
    account->cpus = run->pool.cpus;
    return account;
}

/* ---- what does --------------------------------------------------------------------------------------------------- */

static void take_keys(struct prt_stage_account *account, const struct prt_stage *stage)
{
    const struct prt_keys *last = NULL;

    account->nkeys = 0;
    for (size_t i = 0; stage->store && i < stage->spec.nkeyed; i++) {
        const struct prt_keys *keys = prt_store_keys_(stage->store, &stage->keyed[i]);

        if (keys && (!last || keys > last)) { /* they stand in the order of the first options that have them */
            account->keys[account->nkeys++] = (struct prt_keys_account){ stage->keyed[i].name, keys->most_n, keys->bytes };
            last = keys;
        }
    }
}

static void take_stage(struct prt_stage_account *account, const struct prt_stage *stage, bool over)
{
    if (over) {
        account->counts = prt_stage_counts_(stage);
        take_keys(account, stage);
    }
    account->missed = prt_load(&stage->missed);
}

static void take_stages(struct prt_account *account, const struct prt_run *run, const struct prt_figures *all, bool over)
{
    struct prt_stage_account *at = account->stages;

    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next, at++) {
        take_stage(at, stage, over);
        if (all) {
            const struct prt_stage_figures *figures = &all->stages[stage->index];

            take_shares(at, figures);
            at->bound = longest_bound(stage, figures->bounds);
            at->busiest = busiest_of(stage, figures);
        }
        for (size_t i = 0; i < stage->spec.ninlines; i++)
            take_stage(++at, &stage->inner[i], over);
    }
}

static uint64_t wait_of(const struct prt_chan_figures *figures, uint64_t through, uint64_t ns)
{
    return figures->looks > 0 && through > 0
               ? (uint64_t)((double)figures->queued / (double)figures->looks * (double)ns / (double)through)
               : UINT64_MAX;
}

/* Where it began is read first: so there is never more of that than was put. Behind it lie also the oldest that were dropped,
 * some of which may not be counted yet: so what it was at the last look, at least. */
static void count_now(struct prt_chan_account *account, const struct prt_chan *chan)
{
    struct prt_chan_counts *counts = &account->counts;
    const uint64_t begun = prt_load_acquire(&chan->head) - prt_chan_start_;
    const uint64_t dropped = prt_load_relaxed(&chan->dropped);
    const uint64_t untaken = prt_load_relaxed(&chan->refused) + prt_load_relaxed(&chan->uncopied);
    const uint64_t passed = chan->spec.full == PRT_DROPS_OLDEST ? dropped : 0;

    if (begun > passed && begun - passed > counts->received)
        counts->received = begun - passed;
    counts->sent = prt_load_relaxed(&chan->tail) - prt_chan_start_;
    counts->discarded = untaken + dropped;
    account->given = counts->sent + untaken + dropped - passed;
}

static void take_chan(struct prt_chan_account *account, const struct prt_chan *chan, const struct prt_figures *all, bool over,
                      uint64_t ns)
{
    if (over)
        account->counts = prt_chan_counts_(chan);
    else
        count_now(account, chan);
    account->queued = over ? 0 : prt_chan_fill_(chan);
    account->wait_ns = UINT64_MAX;
    if (all) {
        const struct prt_chan_figures *figures = &all->chans[chan->index];

        account->looks = figures->looks;
        account->now = figures->now;
        account->mean = thousandths(figures->queued, figures->looks);
        account->full = (uint32_t)thousandths(figures->full, figures->looks);
        account->empty = (uint32_t)thousandths(figures->empty, figures->looks);
        account->senders = thousandths(figures->senders, figures->looks);
        account->wait_ns = wait_of(figures, account->counts.received, ns);
    }
}

/* ---- what stages receive and send while they run ------------------------------------------------------------------- */

/* Each body has one item of the first input, and of no other channel than that has; a body that takes items itself, of all. */
static uint64_t received_now(const struct prt_account *account, const struct prt_stage *stage)
{
    const size_t n = stage->npulls > 0 ? stage->npulls : stage->spec.nins > 0 ? stage->ins[0].nchans : 0;
    uint64_t received = 0;

    for (size_t i = 0; i < n; i++) {
        const struct prt_chan *chan = stage->npulls > 0 ? stage->pulls[i].chans[0] : stage->ins[0].chans[i];

        if (chan->nto > 1)
            return UINT64_MAX;
        received += account->chans[chan->index].counts.received;
    }
    return received;
}

/* Each item of a broadcast goes to several channels, CHANNEL>STAGE, which stand one after the other: whether this is not the
 * first of them. */
static bool is_copy(const struct prt_stage *stage, size_t out)
{
    const char *name = stage->outs[out].chan->spec.name, *end = strchr(name, '>');

    return out > 0 && end && stage->outs[out - 1].by == stage->outs[out].by &&
           strncmp(stage->outs[out - 1].chan->spec.name, name, (size_t)(end - name) + 1) == 0;
}

/* What the stage (0), or the by-th that runs within it, has sent. An item of one that calls another is in no channel. */
static uint64_t sent_now(const struct prt_account *account, const struct prt_stage *stage, size_t by)
{
    uint64_t sent = 0;

    for (size_t i = 0; i < stage->spec.ninlines; i++)
        if (stage->inlines[i].by == by)
            return UINT64_MAX;
    for (size_t i = 0; i < stage->spec.nouts; i++) {
        const struct prt_chan_account *chan = &account->chans[stage->outs[i].chan->index];

        if (stage->outs[i].by != by || is_copy(stage, i))
            continue;
        if (chan->nsenders > 1)
            return UINT64_MAX;
        sent += chan->given;
    }
    return sent;
}

/* `at`: of the stage; behind it stand those that run within it. One that each body calls once has received what that has. */
static void take_flow(const struct prt_account *account, struct prt_stage_account *at, const struct prt_stage *stage)
{
    at->received = received_now(account, stage);
    at->sent = sent_now(account, stage, 0);
    for (size_t i = 0; i < stage->spec.ninlines; i++) {
        const struct prt_inline_spec *spec = &stage->inlines[i];

        at[i + 1].received = spec->call_at > 0 || prt_stage_is_source_(stage) ? UINT64_MAX : at[spec->by].received;
        at[i + 1].sent = sent_now(account, stage, i + 1);
    }
}

static void take_flows(struct prt_account *account, const struct prt_run *run)
{
    struct prt_stage_account *at = account->stages;

    for (const struct prt_stage *stage = run->stages; stage; at += 1 + stage->spec.ninlines, stage = stage->next)
        take_flow(account, at, stage);
}

/* ---- what does not move ------------------------------------------------------------------------------------------ */

/* Inline stages stand between the others. */
static const struct prt_stage_account *account_of(const struct prt_account *account, const struct prt_stage *stage)
{
    const struct prt_stage_account *at = account->stages;

    for (const struct prt_stage *each = stage->run->stages; each != stage; each = each->next)
        at += 1 + each->spec.ninlines;
    return at;
}

/* One that hangs now, else the longest that did. */
static void take_hang(struct prt_account *account, const struct prt_stillness *still, bool over, uint64_t now)
{
    const bool lasts = !over && still->latest.stage && now - still->latest.until < LASTS_NS;
    const struct prt_hang *hang = lasts ? &still->latest : &still->longest;

    account->hang = (struct prt_hang_account){ .stage = NULL };
    if (hang->stage)
        account->hang = (struct prt_hang_account){
            .stage = account_of(account, hang->stage),
            .worker = hang->worker,
            .thread = hang->thread,
            .ns = hang->until - hang->since,
            .lasts = lasts,
        };
}

static void take_circle(struct prt_account *account, const struct prt_circle *circle, uint64_t now)
{
    account->circle = (struct prt_circle_account){ .n = circle->n, .more = circle->more, .ns = now - circle->since };
    for (uint32_t i = 0; i < circle->n; i++) {
        account->circle.at[i].stage = account_of(account, circle->at[i].stage);
        account->circle.at[i].of = circle->at[i].bound ? circle->at[i].bound->spec.name : circle->at[i].chan->spec.name;
        account->circle.at[i].room = circle->at[i].room;
        account->circle.at[i].bound = circle->at[i].bound != NULL;
    }
}

static void take_stillness(struct prt_account *account, const struct prt_stillness *still, bool over)
{
    const uint64_t now = prt_now();

    take_hang(account, still, over, now);
    take_circle(account, &still->circle, now);
}

void prt_account_take_(struct prt_account *account, const struct prt_run *run, const struct prt_figures *figures, bool over)
{
    account->ns = prt_now() - run->started;
    if (figures) {
        account->looks = figures->looks;
        account->used = thousandths(figures->cpu, figures->wall);
    }
    if (figures && figures->still)
        take_stillness(account, figures->still, over);
    take_stages(account, run, figures, over);
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next)
        take_chan(&account->chans[chan->index], chan, figures, over, account->ns);
    if (!over)
        take_flows(account, run);
}
