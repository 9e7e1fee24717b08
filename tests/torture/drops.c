/* Channels that drop when they are full, from every kind of sender, at the capacities where rings go wrong: nothing twice,
 * each sender's items in order, what is dropped released once, and the counts add up (an exit status of 0 says so).
 *
 *     senders xS (sender_kit.h) --test--> sink xR
 *
 * Items own something: whoever has one last releases it. Those called plain own nothing: then a sole sender writes over the
 * oldest, which nobody can count here.
 */
#include "sender_kit.h"

struct pipe {
    struct kit_sending sending;
    struct kit_ledger *ledger;
    uint64_t pause; /* after each so many items the source sleeps, so that the channel is empty now and then */
    uint64_t slow;  /* the same for the sink, so that it is full */
};

static _Atomic int64_t owned; /* items that nobody has released */
static _Atomic uint64_t released;

static void item_drop(void *item)
{
    (void)item;
    atomic_fetch_sub_explicit(&owned, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&released, 1, memory_order_relaxed);
}

static bool send_item(struct kit_worker *self, struct kit_item *item)
{
    atomic_fetch_add_explicit(&owned, 1, memory_order_relaxed);
    return prt_emit(&self->out[0], item, sizeof *item);
}

static void pause_source(void *of, uint64_t id)
{
    const struct pipe *const pipe = of;

    if (pipe->pause && id % pipe->pause == 0)
        kit_sleep(20000);
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        kit_ledger_note(pipe->ledger, self->worker, &item);
        if (pipe->slow && item.id % pipe->slow == 0)
            kit_sleep(20000);
        atomic_fetch_sub_explicit(&owned, 1, memory_order_relaxed);
    }
}

/* arg: sender, senders, receivers, when full, cap, pace, whether items own something */
static void run_case(const struct kit_case *self)
{
    const uint32_t senders = (uint32_t)self->arg[1], receivers = (uint32_t)self->arg[2];
    struct pipe pipe = { .sending = { self->items, (enum kit_sender)self->arg[0], senders, send_item, pause_source },
                         .ledger = kit_ledger_new(self->items),
                         .pause = self->arg[5] == 1 ? 50 : 0, .slow = self->arg[5] == 2 ? 50 : 0 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const test = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "test", .kind = kit_kind(senders, receivers), .full = (enum prt_when_full)self->arg[3],
        .item_size = sizeof(struct kit_item), .cap = (uint64_t)self->arg[4],
        .drop = self->arg[6] ? item_drop : NULL });

    kit_add_senders(run, &pipe.sending, &test, 1);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .workers = receivers, .leaf = true }, .in = { test } });
    pipe.ledger->unordered = receivers > 1;
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(!self->arg[6] || owned == 0, "%jd items are left", (intmax_t)owned);
    KIT_CHECK(pipe.ledger->received > 0, "nothing came");
    KIT_CHECK(!self->arg[6] || pipe.ledger->received + released == self->items, "%ju came and %ju were dropped of %ju",
              (uintmax_t)pipe.ledger->received, (uintmax_t)released, (uintmax_t)self->items);
    kit_ledger_free(pipe.ledger);
}

static size_t add_case(struct kit_case *cases, size_t n, enum kit_sender sender, int senders, int receivers, int cap,
                       enum prt_when_full full, bool owns)
{
    static const char *const kind_names[] = { "1to1", "nto1", "1ton", "nton" };
    static const char *const paces[] = { "", "-paused", "-slow" };
    struct kit_case *const self = &cases[n];

    self->arg[5] = (int)(n % 3);
    snprintf(self->name, sizeof self->name, "%s%s-%s-%d-%s%s", owns ? "" : "plain-", full == PRT_DROPS_NEWEST ? "newest" : "oldest",
             kind_names[kit_kind((uint32_t)senders, (uint32_t)receivers)], cap, kit_sender_names[sender], paces[n % 3]);
    self->run = run_case;
    self->items = 100000;
    self->arg[0] = (int)sender;
    self->arg[1] = senders;
    self->arg[2] = receivers;
    self->arg[3] = (int)full;
    self->arg[4] = cap;
    self->arg[6] = owns;
    return n + 1;
}

int main(int argc, char **argv)
{
    static const int caps[] = { 1, 2, 3, 64 };
    static struct kit_case cases[150];
    size_t n = 0;

    for (int full = PRT_DROPS_NEWEST; full <= PRT_DROPS_OLDEST; full++)
        for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
            for (int receivers = 1; receivers <= 4; receivers += 3)
                for (int sender = KIT_SOURCE; sender <= KIT_EXPANDER; sender++)
                    for (int senders = 1; senders <= (sender == KIT_SOURCE ? 1 : 4); senders += 3)
                        n = add_case(cases, n, (enum kit_sender)sender, senders, receivers, caps[i], (enum prt_when_full)full, true);
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        for (int receivers = 1; receivers <= 4; receivers += 3)
            for (int sender = KIT_SOURCE; sender <= KIT_EXPANDER; sender++)
                n = add_case(cases, n, (enum kit_sender)sender, 1, receivers, caps[i], PRT_DROPS_OLDEST, false);
    return kit_main(argc, argv, cases, n);
}
