/* Zips: pairs stay pairs, whole, whatever happens between their items. */
#include "pipes.h"

#include "pool/stage.h"
#include "seam.h"

/* Items of the batch in hand that have begun. */
static uint64_t begun_of(const struct prt_in *in)
{
    const struct prt_take *take = in->take;

    return take->open ? (uint64_t)(prt_ptr(&in->next) - take->start) / sizeof(struct kit_item) : take->begun;
}

static void pairs_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item one, other = { .id = PIPE_ITEMS };

    while (prt_receive(&self->in[0], &one, sizeof one)) {
        if (one.id == pipe_state.fail_at)
            prt_run_abort_(base->run);
        prt_receive_also(&self->in[1], &other, sizeof other);
        SCHED_CHECK(one.id == other.id, "items %llu and %llu came as a pair", (unsigned long long)one.id,
                    (unsigned long long)other.id);
        SCHED_CHECK(begun_of(&self->in[0]) == begun_of(&self->in[1]), "half a pair has begun");
        SCHED_CHECK(one.id == pipe_state.norder++, "pair %llu came out of turn", (unsigned long long)one.id);
        pipe_state.begun[0][one.id]++;
    }
}

static struct prt_stage *zip_add(struct prt_run *run, struct prt_chan *a, struct prt_chan *b)
{
    return kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = pairs_run, .leaf = true }, .in = { a, b } });
}

/* The pipeline is torn down between the two items of a pair. */
void zip_torn(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);
    struct prt_stage *zip;

    pipe_state.fail_at = sched_choose(3);
    pipe_source(run, a, source_run);
    pipe_source(run, b, source_run);
    zip = zip_add(run, a, b);
    if (sched_choose(2)) /* as if it had run already, fast: several pairs at once */
        prt_store_relaxed(&zip->cost, 1);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.begun[0][pipe_state.fail_at] == 1, "half a pair came");
    pipe_check_some();
}

/* Several pairs at once, out of rings that end at different places. */
void zip_batch(void)
{
    struct prt_run *const run = pipe_begin(7);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 8);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 4);
    struct prt_stage *zip;

    prt_chan_start_ = 2;
    pipe_source(run, a, source_run);
    pipe_source(run, b, source_run);
    zip = zip_add(run, a, b);
    prt_store_relaxed(&zip->cost, 1); /* as if it had run already, fast */
    prt_store_relaxed(&zip->mean, 1);
    end_well(run);
}
