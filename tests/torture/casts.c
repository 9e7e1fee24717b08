/* Broadcasts to receivers of every kind: each gets every item of every sender once, in the sender's order; items own
 * something, of which one copy fewer than there are receivers is made.
 *
 *     senders xS (sender_kit.h) --test--> sinks: one with a worker, one with several, one that is slow, one that drops
 */
#include "sender_kit.h"

enum { RECEIVERS = 4, DROPS = 3 };

struct pipe {
    struct kit_sending sending;
    struct kit_ledger *ledgers[RECEIVERS];
};

static _Atomic int64_t owned; /* items that nobody has released */
static _Atomic uint64_t copies;

static void item_drop(void *item)
{
    (void)item;
    atomic_fetch_sub_explicit(&owned, 1, memory_order_relaxed);
}

static void item_clone(void *copy, const void *item)
{
    memcpy(copy, item, sizeof(struct kit_item));
    atomic_fetch_add_explicit(&owned, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&copies, 1, memory_order_relaxed);
}

/* Ids are from 1 in the channels: an item of all zero bytes is empty. */
static bool cast(struct kit_worker *self, struct kit_item *item)
{
    struct kit_item copy;

    item->id++;
    atomic_fetch_add_explicit(&owned, 1, memory_order_relaxed);
    return prt_emit_clones(self->out, RECEIVERS, item, &copy, sizeof *item, item_clone);
}

static void sink(struct prt_worker *base, int receiver)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        item.id--;
        kit_ledger_note(pipe->ledgers[receiver], self->worker, &item);
        if (receiver == 2 && item.id % 64 == 0)
            kit_sleep(20000);
        atomic_fetch_sub_explicit(&owned, 1, memory_order_relaxed);
    }
}

static void sink0_run(struct prt_worker *base) { sink(base, 0); }
static void sink1_run(struct prt_worker *base) { sink(base, 1); }
static void sink2_run(struct prt_worker *base) { sink(base, 2); }
static void sink3_run(struct prt_worker *base) { sink(base, DROPS); }

/* arg: sender, senders, cap */
static void run_case(const struct kit_case *self)
{
    static void (*const runs[RECEIVERS])(struct prt_worker *) = { sink0_run, sink1_run, sink2_run, sink3_run };
    const uint32_t senders = (uint32_t)self->arg[1];
    const uint64_t cap = (uint64_t)self->arg[2];
    struct pipe pipe = { .sending = { self->items, (enum kit_sender)self->arg[0], senders, cast, NULL } };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *test[RECEIVERS];

    for (int i = 0; i < RECEIVERS; i++) {
        const uint32_t workers = i == 1 ? 4 : 1;

        pipe.ledgers[i] = kit_ledger_new(self->items);
        pipe.ledgers[i]->unordered = workers > 1;
        test[i] = prt_chan_add(run, &(struct prt_chan_spec){
            .name = "test", .kind = cap == 0 && i < DROPS ? PRT_RENDEZVOUS : kit_kind(senders, workers),
            .full = i == DROPS ? PRT_DROPS_OLDEST : PRT_WAITS, .item_size = sizeof(struct kit_item),
            .cap = cap > 0 ? cap : 1, .drop = item_drop });
    }
    kit_add_senders(run, &pipe.sending, test, RECEIVERS);
    for (int i = 0; i < RECEIVERS; i++)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = runs[i], .workers = i == 1 ? 4 : 1, .leaf = true },
                                          .in = { test[i] } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(owned == 0, "%jd items are left", (intmax_t)owned);
    KIT_CHECK(copies == self->items * (RECEIVERS - 1), "%ju copies", (uintmax_t)copies);
    KIT_CHECK(pipe.ledgers[DROPS]->received > 0, "nothing came where the oldest is dropped");
    kit_ledger_free(pipe.ledgers[DROPS]);
    for (int i = 0; i < DROPS; i++)
        kit_ledger_close(pipe.ledgers[i]);
}

static size_t add_case(struct kit_case *cases, size_t n, enum kit_sender sender, int senders, int cap)
{
    struct kit_case *const self = &cases[n];

    snprintf(self->name, sizeof self->name, "%s-%d-%d", kit_sender_names[sender], senders, cap);
    self->run = run_case;
    self->items = 20000;
    self->arg[0] = (int)sender;
    self->arg[1] = senders;
    self->arg[2] = cap;
    return n + 1;
}

int main(int argc, char **argv)
{
    static const int caps[] = { 0, 1, 3, 64 };
    static struct kit_case cases[40];
    size_t n = 0;

    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        for (int sender = KIT_SOURCE; sender <= KIT_EXPANDER; sender++)
            for (int senders = 1; senders <= (sender == KIT_SOURCE ? 1 : 4); senders += 3)
                n = add_case(cases, n, (enum kit_sender)sender, senders, caps[i]);
    return kit_main(argc, argv, cases, n);
}
