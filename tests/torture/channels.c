/* Every kind of channel, from every kind of sender, at the capacities where rings go wrong: nothing lost, nothing
 * twice, each sender's items in order.
 *
 *     source --feed--> copy xS --test--> sink xR
 *
 * `copy` is a leaf (its items wait in an outbox) or an expander (it waits on its own stack); without it the source
 * sends to the channel under test itself.
 */
#include "stage_kit.h"

enum sender { SOURCE, LEAF, EXPANDER };

struct pipe {
    uint64_t items;
    struct kit_ledger *ledger;
    uint64_t ahead; /* how far the source may run ahead of the sink; 0: no limit */
};

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++) {
        struct kit_item item = { .id = id, .sender = 0, .seq = (uint32_t)id };

        while (pipe->ahead && id - atomic_load(&pipe->ledger->received) > pipe->ahead)
            kit_sleep(20000);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void copy_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        item.sender = (uint32_t)self->worker;
        item.seq = (uint32_t)self->n[0]++;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        kit_ledger_note(pipe->ledger, self->worker, &item);
}

/* arg: sender, senders, receivers, kind, cap */
static void run_case(const struct kit_case *self)
{
    const enum sender sender = (enum sender)self->arg[0];
    const uint32_t senders = (uint32_t)self->arg[1], receivers = (uint32_t)self->arg[2];
    const enum prt_chan_kind kind = (enum prt_chan_kind)self->arg[3];
    struct pipe pipe = { .items = self->items, .ledger = kit_ledger_new(self->items),
                         .ahead = kind == PRT_GROWING ? 100000 : 0 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const test = kit_chan(run, "test", kind, (uint64_t)self->arg[4]);
    struct prt_chan *const feed = sender == SOURCE ? test : kit_chan(run, "feed", kit_kind(1, senders), 64);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { feed } });
    if (sender != SOURCE)
        kit_add(run, &(struct kit_stage){
            .spec = { .name = "copy", .run = copy_run, .workers = senders, .leaf = sender == LEAF },
            .in = { feed }, .out = { test }, .most = { sender == LEAF } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .workers = receivers, .leaf = true }, .in = { test } });
    pipe.ledger->unordered = receivers > 1;
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    kit_ledger_close(pipe.ledger);
}

static const char *const sender_names[] = { "source", "leaf", "expander" };

/* Fewer where an item is dearer, since its sender waits for each. `channels CASE 20000000` is the full number. */
static uint64_t items_for(enum sender sender, int cap)
{
    if (cap == 1024 || cap < 0)
        return sender == EXPANDER ? 200000 : 2000000;
    return cap == 64 ? 200000 : 20000;
}

static size_t add_case(struct kit_case *cases, size_t n, enum sender sender, int senders, int receivers, int cap)
{
    static const char *const kind_names[] = { "1to1", "nto1", "1ton", "nton" };
    const enum prt_chan_kind ends = kit_kind((uint32_t)senders, (uint32_t)receivers);
    const enum prt_chan_kind kind = cap == 0 ? PRT_RENDEZVOUS : cap < 0 ? PRT_GROWING : ends;
    struct kit_case *const self = &cases[n];
    char number[16];

    snprintf(number, sizeof number, "%d", cap);
    snprintf(self->name, sizeof self->name, "%s-%s-%s", kind_names[ends], cap < 0 ? "growing" : number,
             sender_names[sender]);
    self->run = run_case;
    self->items = items_for(sender, cap);
    self->arg[0] = (int)sender;
    self->arg[1] = senders;
    self->arg[2] = receivers;
    self->arg[3] = (int)kind;
    self->arg[4] = cap;
    return n + 1;
}

int main(int argc, char **argv)
{
    static const int caps[] = { 1, 2, 3, 64, 1024, 0, -1 };
    static struct kit_case cases[100];
    size_t n = 0;

    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        for (int receivers = 1; receivers <= 4; receivers += 3)
            for (int sender = SOURCE; sender <= EXPANDER; sender++)
                for (int senders = 1; senders <= (sender == SOURCE ? 1 : 4); senders += 3)
                    n = add_case(cases, n, (enum sender)sender, senders, receivers, caps[i]);
    return kit_main(argc, argv, cases, n);
}
