/* Sending that never waits, with a clock that jumps: what there is room for goes, the rest stays with its sender, and no
 * time passes.
 */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>

#include "unit.h"
#include "virtual_machine.h"

#define SECOND ((uint64_t)1000000000)

enum { CAP = 4, TRIES = 10, ROUNDS = 3 };

static struct pipe {
    uint32_t sent[ROUNDS];
    uint32_t nsent;
    _Atomic uint32_t received;
    uint32_t wrong;
} pipe_;

/* Tries to send `tries` items at once; the number of those that went. */
static uint32_t try_several(struct kit_worker *self, uint32_t tries)
{
    const uint64_t from = prt_virtual_now();
    uint32_t sent = 0;

    for (uint32_t i = 0; i < tries; i++) {
        const struct kit_item item = { .id = pipe_.nsent };

        if (!prt_try_emit(&self->out[0], &item, sizeof item))
            continue;
        pipe_.nsent++;
        sent++;
    }
    ck_assert_uint_eq(prt_virtual_now(), from);
    return sent;
}

/* Each time when all that was sent has been received, or the first of it begun. */
static void source_run(struct prt_worker *base)
{
    for (int round = 0; round < ROUNDS; round++) {
        pipe_.sent[round] = try_several((struct kit_worker *)base, TRIES);
        prt_virtual_sleep(100 * SECOND);
    }
}

static void sleep_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_.wrong += item.id != pipe_.received++;
        prt_virtual_sleep(SECOND);
    }
}

static void add_sink(struct prt_run *run, struct prt_chan *chan)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sleep_run, .leaf = true }, .in = { chan } });
}

static void run_to_end(struct prt_run *run)
{
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, pipe_.nsent);
    ck_assert_uint_eq(pipe_.wrong, 0);
}

/* As many as the channel holds. */
START_TEST(of_a_source)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", _i ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE, CAP);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    add_sink(run, a);
    run_to_end(run);
    for (int round = 0; round < ROUNDS; round++) { /* a receiver may have begun with the first meanwhile */
        ck_assert_uint_ge(pipe_.sent[round], CAP);
        ck_assert_uint_le(pipe_.sent[round], CAP + 1);
    }
}
END_TEST

/* One for each permit that is due. */
START_TEST(paced)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, TRIES);
    struct prt_rate *const pace = prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = 1, .burst = 2 });

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .rate = pace }, .out = { a } });
    add_sink(run, a);
    run_to_end(run);
    for (int round = 0; round < ROUNDS; round++)
        ck_assert_uint_eq(pipe_.sent[round], round ? 2 : 1);
}
END_TEST

static void leaf_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_.sent[item.id] = try_several(self, TRIES);
}

static void feed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t round = 0; round < ROUNDS; round++)
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = round }, sizeof(struct kit_item)))
            return;
}

/* A leaf, whose outbox would take all of them: what lies there counts as if it were in the channel. */
START_TEST(of_a_leaf)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, ROUNDS), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, CAP);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "feed", .run = feed_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "leaf", .run = leaf_run, .leaf = true }, .in = { a }, .out = { b },
                                      .most = { TRIES } });
    add_sink(run, b);
    run_to_end(run);
    for (int round = 0; round < ROUNDS; round++)
        ck_assert_uint_le(pipe_.sent[round], CAP);
    ck_assert_uint_gt(pipe_.nsent, 0);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("try");

    unit_add(suite, "of_a_source", of_a_source, 0, 2);
    unit_add(suite, "paced", paced, 0, 1);
    unit_add(suite, "of_a_leaf", of_a_leaf, 0, 1);
    return unit_run(suite);
}
