/* Priorities: of items that are there, never a lower one before a higher one. */
#include "pipes.h"

/* Two urgent items before each that is not: 0 and 1 before 2, and so on. */
static void ranks_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++)
        if (!send_to(base, id % 3 == 2, id))
            return;
}

static void ranked_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(pipe_state.begun[0][item.id]++ == 0, "item %llu came twice", (unsigned long long)item.id);
        for (uint64_t id = 0; item.id % 3 == 2 && id < item.id; id++)
            SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu came before the urgent %llu", (unsigned long long)item.id,
                        (unsigned long long)id);
    }
}

static void priority(enum prt_chan_kind kind)
{
    static struct prt_chan *chans[2];
    struct prt_run *const run = pipe_begin(6);
    const struct prt_in_spec in = { offsetof(struct kit_worker, in), chans, 2, true };

    chans[0] = pipe_chan(run, "urgent", kind, 4);
    chans[1] = pipe_chan(run, "normal", kind, 4);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = ranks_run }, .out = { chans[0], chans[1] } });
    prt_stage_add(run, &(struct prt_stage_spec){ .name = "sink", .run = ranked_run, .leaf = true, .workers = 1,
                                                 .size = sizeof(struct kit_worker), .ins = &in, .nins = 1 });
    end_well(run);
}

void priority_one(void)
{
    priority(PRT_ONE_TO_ONE);
}

void priority_grows(void)
{
    priority(PRT_GROWING);
}
