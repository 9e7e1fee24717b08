/* From counts and looks to what they say: shares, means, times. */
#include "program/account.h"

#include "pool/run_state.h"
#include "pool/store.h"

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

static const char *longest_bound(const struct prt_stage *stage, const uint64_t *looks)
{
    size_t most = 0;

    for (size_t i = 1; i < stage->spec.nbounds; i++)
        if (looks[i] > looks[most])
            most = i;
    return stage->spec.nbounds > 0 ? stage->bounds[most].bound->spec.name : NULL;
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

static void take_stage(struct prt_stage_account *account, const struct prt_stage *stage)
{
    *account = (struct prt_stage_account){
        .name = stage->spec.name,
        .workers = stage->nslots,
        .fixed = stage->spec.fixed,
        .has_ticks = stage->spec.every || stage->spec.flush,
        .counts = prt_stage_counts_(stage),
        .missed = prt_load(&stage->missed),
    };
}

/* False: no memory. */
static bool take_keys(struct prt_stage_account *account, const struct prt_stage *stage)
{
    if (!stage->store)
        return true;
    account->keys = prt_memory_new_(&stage->run->memory, stage->spec.nkeyed * sizeof *account->keys, sizeof(void *));
    if (!account->keys)
        return false;
    for (size_t i = 0; i < stage->spec.nkeyed; i++) {
        const struct prt_keys *keys = prt_store_keys_(stage->store, &stage->keyed[i]);

        if (keys)
            account->keys[account->nkeys++] = (struct prt_keys_account){ stage->keyed[i].name, keys->most_n, keys->bytes };
    }
    return true;
}

static bool take_stages(struct prt_account *account, const struct prt_run *run)
{
    struct prt_stage_account *at = account->stages;

    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        take_stage(at, stage);
        at->is_source = prt_stage_is_source_(stage);
        at->rate = stage->spec.rate ? stage->spec.rate->spec.name : NULL;
        if (!take_ends(at, stage) || !take_keys(at, stage))
            return false;
        if (run->figures) {
            const struct prt_stage_figures *figures = &run->figures->stages[stage->index];

            take_shares(at, figures);
            at->bound = longest_bound(stage, figures->bounds);
            at->busiest = busiest_of(stage, figures);
        }
        at++;
        for (size_t i = 0; i < stage->spec.ninlines; i++, at++) {
            take_stage(at, &stage->inner[i]);
            at->is_inline = true;
        }
    }
    return true;
}

static uint64_t wait_of(const struct prt_chan_figures *figures, uint64_t through, uint64_t ns)
{
    return figures->looks > 0 && through > 0
               ? (uint64_t)((double)figures->queued / (double)figures->looks * (double)ns / (double)through)
               : UINT64_MAX;
}

static void take_chan(struct prt_chan_account *account, const struct prt_chan *chan, uint64_t ns)
{
    const struct prt_figures *all = chan->run->figures;

    *account = (struct prt_chan_account){
        .name = chan->spec.name,
        .counts = prt_chan_counts_(chan),
        .capacity = chan->meets ? 0 : chan->cap,
        .wait_ns = UINT64_MAX,
    };
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

struct prt_account *prt_account_(struct prt_run *run)
{
    struct prt_memory *memory = &run->memory;
    struct prt_account *account = prt_memory_new_(memory, sizeof *account, sizeof(void *));
    size_t chan_at = 0;

    if (!account)
        return NULL;
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        account->nstages += 1 + stage->spec.ninlines;
    account->nchans = run->nchans;
    account->stages = prt_memory_new_(memory, account->nstages * sizeof *account->stages, sizeof(void *));
    account->chans = prt_memory_new_(memory, account->nchans * sizeof *account->chans, sizeof(void *));
    if (!account->stages || !account->chans)
        return NULL;
    account->name = run->spec.name;
    account->ns = prt_now() - run->started;
    account->cpus = run->pool.cpus;
    if (run->figures) {
        account->looks = run->figures->looks;
        account->used = thousandths(run->figures->cpu, run->figures->wall);
    }
    if (!take_stages(account, run))
        return NULL;
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next)
        take_chan(&account->chans[chan_at++], chan, account->ns);
    return account;
}
