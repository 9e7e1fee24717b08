/* Stages that finish, with a clock that jumps: who is told of it does not wait for the next thing that time brings. */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>

#include "unit.h"
#include "virtual_machine.h"

#define HOUR ((uint64_t)3600 * 1000000000)

static struct pipe {
    _Atomic uint64_t sent, received;
} pipe_;

static bool send_one(struct prt_worker *base)
{
    const struct kit_item item = { .id = atomic_fetch_add(&pipe_.sent, 1) };

    return prt_emit(&((struct kit_worker *)base)->out[0], &item, sizeof item);
}

static void tick_run(struct prt_worker *base)
{
    send_one(base);
}

/* Between two emits it waits for a permit. */
static void paced_run(struct prt_worker *base)
{
    while (send_one(base))
        ;
}

static void finish_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe_.received, 1);
        prt_finish(base);
    }
}

/* The source sends its next item in an hour, and everybody sleeps: `_i` says whether the receiver has a thread of its own. */
static void first_alone(struct prt_stage_spec source, int blocking)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 4);
    const uint64_t from = prt_virtual_now();

    memset(&pipe_, 0, sizeof pipe_);
    source.name = "source";
    if (source.rate)
        source.rate = prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = 1.0 / 3600, .burst = 1 });
    kit_add(run, &(struct kit_stage){ .spec = source, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = finish_run, .leaf = !blocking,
                                                .blocking = blocking }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, 1);
    ck_assert_uint_lt(prt_virtual_now() - from, HOUR);
}

START_TEST(ticks)
{
    first_alone((struct prt_stage_spec){ .run = tick_run, .every = HOUR }, _i);
}
END_TEST

START_TEST(ticks_blocking)
{
    first_alone((struct prt_stage_spec){ .run = tick_run, .every = HOUR, .blocking = true }, _i);
}
END_TEST

START_TEST(paced)
{
    static struct prt_rate *const wanted = (struct prt_rate *)&pipe_; /* any: first_alone() makes one */

    first_alone((struct prt_stage_spec){ .run = paced_run, .rate = wanted }, _i);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("finish");

    unit_add(suite, "ticks", ticks, 0, 2);
    unit_add(suite, "ticks_blocking", ticks_blocking, 0, 2);
    unit_add(suite, "paced", paced, 0, 2);
    return unit_run(suite);
}
