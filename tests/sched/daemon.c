/* Daemons: whatever they are at when the others end, the run ends, and the items of the others have come. */
#include "pipes.h"

enum { OF_DAEMON = 8 }; /* ids from here on */

/* For ever, and at last slowly: others are to have their turn, who are as busy with what it sends. */
static void daemon_run(struct prt_worker *base)
{
    for (uint64_t n = 0; send_to(base, 0, OF_DAEMON); n++)
        if (n > 4)
            sched_sleep((uint64_t)1000000 << (n < 20 ? n : 20));
}

static void asleep_run(struct prt_worker *base)
{
    if (send_to(base, 0, OF_DAEMON))
        SCHED_CHECK(prt_wait_for(base, -1, 0, -1) == -1, "a daemon's wait ended by something else");
}

static void alone_run(struct prt_worker *base)
{
    SCHED_CHECK(prt_wait_for(base, -1, 0, -1) == -1, "a daemon's wait ended by something else");
}

static void sorting_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (item.id < OF_DAEMON)
            SCHED_CHECK(pipe_state.begun[0][item.id]++ == 0, "item %llu came twice", (unsigned long long)item.id);
}

static void add_sink(struct prt_run *run, struct prt_chan *from)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sorting_run, .leaf = true }, .in = { from } });
}

static void add_daemon(struct prt_run *run, struct prt_chan *to, void (*body)(struct prt_worker *), bool blocking)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "daemon", .run = body, .daemon = true, .blocking = blocking },
                                      .out = { to } });
}

/* It sends where the source does. */
void daemon_beside(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_run);
    add_daemon(run, a, sched_choose(2) ? daemon_run : asleep_run, sched_choose(2));
    add_sink(run, a);
    end_well(run);
}

/* It has a channel of its own, and a stage behind that merges it with what the source leads to. */
void daemon_own(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, source_run);
    add_daemon(run, b, sched_choose(2) ? daemon_run : asleep_run, false);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "on", .run = on_run, .leaf = true }, .in = { b }, .out = { c },
                                      .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sorting_run, .leaf = true }, .merge = { a, c } });
    end_well(run);
}

/* It sends nothing, and ends when all others have. */
void daemon_alone(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, source_run);
    add_daemon(run, NULL, alone_run, sched_choose(2));
    add_sink(run, a);
    end_well(run);
}

/* Between two ticks, or before its first. */
void daemon_ticks(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ticks", .run = asleep_run, .daemon = true,
                                                .every = (uint64_t)3600 * 1000000000 },
                                      .out = { a } });
    add_sink(run, a);
    end_well(run);
}
