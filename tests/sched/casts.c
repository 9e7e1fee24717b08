/* Broadcasts: each receiver gets every item once, in order; items that own something are released once, whatever ends first;
 * the ledger is right (an exit status of 0 says so).
 */
#include "pipes.h"

#include <prt/cast.h>

#include "pool/run_state.h"

enum { RECEIVERS = 2 };

/* What happened. `owned` items are counted in ids: a copy has its item's. */
static struct {
    uint64_t alive;        /* items that nobody has released */
    uint64_t copies, fails_at;
    uint64_t emits;        /* that returned true */
} cast_state;

static void item_drop(void *item)
{
    (void)item;
    cast_state.alive--;
}

static void item_clone(void *copy, const void *item)
{
    if (++cast_state.copies == cast_state.fails_at) {
        memset(copy, 0, sizeof(struct kit_item));
        return;
    }
    memcpy(copy, item, sizeof(struct kit_item));
    cast_state.alive++;
}

/* ---- bodies ------------------------------------------------------------------------------------------------------- */

static bool cast(struct kit_worker *self, struct kit_item item)
{
    return prt_emit_each(self->out, RECEIVERS, &item, sizeof item);
}

static bool cast_owned(struct kit_worker *self, struct kit_item item)
{
    struct kit_item copy;

    cast_state.alive++;
    item.sender = 1; /* it is not empty */
    return prt_emit_clones(self->out, RECEIVERS, &item, &copy, sizeof item, item_clone);
}

static bool (*cast_any)(struct kit_worker *self, struct kit_item item);

static void cast_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!cast_any(self, (struct kit_item){ .id = id }))
            return;
        cast_state.emits++;
    }
}

static void cast_pass_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!cast_any(self, (struct kit_item){ .id = item.id }))
            return;
}

static void note(uint64_t receiver, const struct kit_item *item)
{
    SCHED_CHECK(item->id < pipe_state.items, "item %llu was never sent", (unsigned long long)item->id);
    SCHED_CHECK(pipe_state.begun[receiver][item->id]++ == 0, "receiver %llu got item %llu twice",
                (unsigned long long)receiver, (unsigned long long)item->id);
    SCHED_CHECK(pipe_state.n[receiver] <= item->id, "receiver %llu got item %llu late", (unsigned long long)receiver,
                (unsigned long long)item->id);
    pipe_state.n[receiver] = item->id;
}

static void receive(struct prt_worker *base, uint64_t receiver)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        note(receiver, &item);
        if (receiver == 0 && item.id == pipe_state.stop_at)
            prt_stop(base);
        if (cast_any == cast_owned)
            cast_state.alive--;
        if (receiver == 1 && item.id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
    }
}

static void one_run(struct prt_worker *base)
{
    receive(base, 0);
}

static void two_run(struct prt_worker *base)
{
    receive(base, 1);
}

static void zip_both_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item one, two;

    while (prt_receive(&self->in[0], &one, sizeof one) && prt_receive(&self->in[1], &two, sizeof two)) {
        note(0, &one);
        SCHED_CHECK(one.id == two.id, "item %llu was paired with %llu", (unsigned long long)one.id,
                    (unsigned long long)two.id);
    }
}

/* ---- pipelines ---------------------------------------------------------------------------------------------------- */

static struct prt_run *begin(uint64_t items, bool (*any)(struct kit_worker *self, struct kit_item item))
{
    memset(&cast_state, 0, sizeof cast_state);
    cast_any = any;
    return pipe_begin(items);
}

static struct prt_chan *cast_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind, uint64_t cap)
{
    struct prt_chan *const chan = pipe_chan(run, name, kind, cap);

    if (cast_any == cast_owned)
        chan->spec.drop = item_drop;
    return chan;
}

static void receivers(struct prt_run *run, struct prt_chan *b, struct prt_chan *c)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "one", .run = one_run, .leaf = true }, .in = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "two", .run = two_run, .leaf = true }, .in = { c } });
}

static void from_source(struct prt_run *run, enum prt_chan_kind kind)
{
    struct prt_chan *const b = cast_chan(run, "b", kind, 1), *const c = cast_chan(run, "c", kind, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = cast_source_run }, .out = { b, c } });
    receivers(run, b, c);
}

static void from_pass(struct prt_run *run, const struct prt_stage_spec *spec, bool counted, enum prt_chan_kind kind)
{
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, spec->workers), 1);
    struct prt_chan *const b = cast_chan(run, "b", kind, 1), *const c = cast_chan(run, "c", kind, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = *spec, .in = { a }, .out = { b, c }, .most = { counted, counted } });
    receivers(run, b, c);
}

static void check_all(struct prt_run *run)
{
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == 1 && pipe_state.begun[1][id] == 1, "item %llu is missing",
                    (unsigned long long)id);
    SCHED_CHECK(cast_state.alive == 0, "%llu items are left", (unsigned long long)cast_state.alive);
}

void cast_plain(void)
{
    struct prt_run *const run = begin(3, cast);

    from_source(run, PRT_ONE_TO_ONE);
    check_all(run);
}

void cast_rendezvous(void)
{
    struct prt_run *const run = begin(2, cast);

    from_source(run, PRT_RENDEZVOUS);
    check_all(run);
}

void cast_copies(void)
{
    struct prt_run *const run = begin(3, cast_owned);

    from_source(run, PRT_ONE_TO_ONE);
    check_all(run);
    SCHED_CHECK(cast_state.copies == 3, "%llu copies", (unsigned long long)cast_state.copies);
}

void cast_leaf(void)
{
    struct prt_run *const run = begin(3, cast_owned);

    from_pass(run, &(struct prt_stage_spec){ .name = "pass", .run = cast_pass_run, .leaf = true, .workers = 1 }, true,
              PRT_ONE_TO_ONE);
    check_all(run);
}

void cast_ordered(void)
{
    struct prt_run *const run = begin(3, cast);

    from_pass(run, &(struct prt_stage_spec){ .name = "pass", .run = cast_pass_run, .workers = 2, .ordered = true }, false,
              PRT_MANY_TO_ONE);
    check_all(run);
}

/* All copies in use, and one that cannot be made: that receiver does not get the item, and it has failed. */
void cast_uncopied(void)
{
    struct prt_run *const run = begin(2, cast_owned);

    cast_state.fails_at = 1 + sched_choose(2);
    from_source(run, PRT_ONE_TO_ONE);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(cast_state.alive == 0, "%llu items are left", (unsigned long long)cast_state.alive);
}

/* ---- ends --------------------------------------------------------------------------------------------------------- */

/* A drain, which a receiver asks for, ends the source between two items, not within one. */
void cast_drained(void)
{
    struct prt_run *const run = begin(3, cast_owned);

    pipe_state.stop_at = 0;
    from_source(run, PRT_ONE_TO_ONE);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(cast_state.alive == 0, "%llu items are left", (unsigned long long)cast_state.alive);
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == (id < cast_state.emits) && pipe_state.begun[1][id] == (id < cast_state.emits),
                    "item %llu", (unsigned long long)id);
}

void cast_torn(void)
{
    struct prt_run *const run = begin(3, cast_owned);

    pipe_state.fail_at = 1;
    from_source(run, PRT_ONE_TO_ONE);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(cast_state.alive == 0, "%llu items are left", (unsigned long long)cast_state.alive);
}

static void first_only_run(struct prt_worker *base)
{
    const struct kit_item item = { .id = 0 };

    prt_emit(&((struct kit_worker *)base)->out[0], &item, sizeof item);
}

static void pair_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item one, two;

    while (prt_receive(&self->in[0], &one, sizeof one) && prt_receive(&self->in[1], &two, sizeof two)) {
        note(1, &one);
        cast_state.alive--;
    }
}

/* Nobody receives from one of the channels any more: the other gets the items all the same, and what is not sent is no
 * item that is left. */
void cast_abandoned(void)
{
    struct prt_run *const run = begin(3, cast_owned);
    struct prt_chan *const b = cast_chan(run, "b", PRT_ONE_TO_ONE, 1), *const c = cast_chan(run, "c", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const d = pipe_chan(run, "d", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = cast_source_run }, .out = { b, c } });
    pipe_source(run, d, first_only_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "one", .run = one_run, .leaf = true }, .in = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pair", .run = pair_run, .leaf = true }, .in = { c, d } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(cast_state.alive == 0, "%llu items are left", (unsigned long long)cast_state.alive);
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu is missing", (unsigned long long)id);
}

/* The two meet again in a zip, one of them by way of a stage. */
void cast_join(void)
{
    struct prt_run *const run = begin(3, cast);
    struct prt_chan *const b = cast_chan(run, "b", PRT_ONE_TO_ONE, 1), *const c = cast_chan(run, "c", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const d = pipe_chan(run, "d", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = cast_source_run }, .out = { b, c } });
    pipe_pass(run, b, d, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = zip_both_run, .leaf = true }, .in = { d, c } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu is missing", (unsigned long long)id);
}

/* Both rendezvous lead to one zip, which takes of neither before it has both. */
void cast_meets_both(void)
{
    struct prt_run *const run = begin(2, cast);
    struct prt_chan *const b = cast_chan(run, "b", PRT_RENDEZVOUS, 1), *const c = cast_chan(run, "c", PRT_RENDEZVOUS, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = cast_source_run }, .out = { b, c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = zip_both_run, .leaf = true }, .in = { b, c } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu is missing", (unsigned long long)id);
}
