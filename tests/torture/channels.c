/* Every kind of channel, from every kind of sender, at the capacities where rings go wrong: nothing lost, nothing
 * twice, each sender's items in order.
 *
 *     senders xS (sender_kit.h) --test--> sink xR
 */
#include "sender_kit.h"

struct pipe {
    struct kit_sending sending;
    struct kit_ledger *ledger;
    uint64_t ahead; /* how far the source may run ahead of the sink; 0: no limit */
};

static bool send_item(struct kit_worker *self, struct kit_item *item)
{
    return prt_emit(&self->out[0], item, sizeof *item);
}

static void wait_for_sink(void *of, uint64_t id)
{
    const struct pipe *const pipe = of;

    while (pipe->ahead && id - atomic_load(&pipe->ledger->received) > pipe->ahead)
        kit_sleep(20000);
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
    const uint32_t senders = (uint32_t)self->arg[1], receivers = (uint32_t)self->arg[2];
    const enum prt_chan_kind kind = (enum prt_chan_kind)self->arg[3];
    struct pipe pipe = { .sending = { self->items, (enum kit_sender)self->arg[0], senders, send_item, wait_for_sink },
                         .ledger = kit_ledger_new(self->items), .ahead = kind == PRT_GROWING ? 100000 : 0 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const test = kit_chan(run, "test", kind, (uint64_t)self->arg[4]);

    kit_add_senders(run, &pipe.sending, &test, 1);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .workers = receivers, .leaf = true }, .in = { test } });
    pipe.ledger->unordered = receivers > 1;
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    kit_ledger_close(pipe.ledger);
}

/* Fewer where an item is dearer, since its sender waits for each. `channels CASE 20000000` is the full number. */
static uint64_t items_for(enum kit_sender sender, int cap)
{
    if (cap == 1024 || cap < 0)
        return sender == KIT_EXPANDER ? 200000 : 2000000;
    return cap == 64 ? 200000 : 20000;
}

static size_t add_case(struct kit_case *cases, size_t n, enum kit_sender sender, int senders, int receivers, int cap)
{
    static const char *const kind_names[] = { "1to1", "nto1", "1ton", "nton" };
    const enum prt_chan_kind ends = kit_kind((uint32_t)senders, (uint32_t)receivers);
    const enum prt_chan_kind kind = cap == 0 ? PRT_RENDEZVOUS : cap < 0 ? PRT_GROWING : ends;
    struct kit_case *const self = &cases[n];
    char number[16];

    snprintf(number, sizeof number, "%d", cap);
    snprintf(self->name, sizeof self->name, "%s-%s-%s", kind_names[ends], cap < 0 ? "growing" : number,
             kit_sender_names[sender]);
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
            for (int sender = KIT_SOURCE; sender <= KIT_EXPANDER; sender++)
                for (int senders = 1; senders <= (sender == KIT_SOURCE ? 1 : 4); senders += 3)
                    n = add_case(cases, n, (enum kit_sender)sender, senders, receivers, caps[i]);
    return kit_main(argc, argv, cases, n);
}
