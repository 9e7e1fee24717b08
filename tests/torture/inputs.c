/* Inputs that take several items, or choose: batches by number, time and weight, zips, priorities, bodies that take their items
 * themselves; each of two channels. Every item comes once, those of a sender on a channel in order, at the capacities where rings go
 * wrong and across the end of the counters.
 *
 *     senders xS (sender_kit.h) --two channels--> sink xR
 */
#include "sender_kit.h"

enum form { BATCH, WEIGHT, ZIP, PRIORITY, PULL, FORMS };

enum { MOST = 7, HEAVY = 20, SECOND = KIT_SENDERS / 2 }; /* SECOND and above: who sent it, to the second channel */

struct pipe {
    struct kit_sending sending;
    enum form form;
    struct kit_ledger *ledger;
};

/* ---- senders ----------------------------------------------------------------------------------------------------- */

static bool emit_at(struct kit_worker *self, int at, struct kit_item item)
{
    item.sender += at ? SECOND : 0;
    return prt_emit(&self->out[at], &item, sizeof item);
}

/* Both halves of a pair; what is urgent and, behind it, what is not; else to each channel in turn. */
static bool send_item(struct kit_worker *self, struct kit_item *item)
{
    const struct pipe *const pipe = self->pipe;
    const int at = (int)(self->n[3]++ % 2);

    if (pipe->form == ZIP || pipe->form == PRIORITY)
        return emit_at(self, 0, (struct kit_item){ 2 * item->id, item->sender, item->seq }) &&
               emit_at(self, 1, (struct kit_item){ 2 * item->id + 1, item->sender, item->seq });
    return emit_at(self, at, (struct kit_item){ item->id, item->sender, (uint32_t)self->n[1 + at]++ });
}

/* ---- receivers --------------------------------------------------------------------------------------------------- */

/* -1 to 14: what weighs less than nothing counts as nothing. */
static int64_t weigh(void *pipe, const void *item)
{
    (void)pipe;
    return (int64_t)(((const struct kit_item *)item)->id * 2654435761u % 16) - 1;
}

static void batch_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    int64_t load = 0;
    size_t n;
    const struct kit_item *const items = prt_receive_batch(&self->in[0], &n);

    KIT_CHECK(n > 0 && n <= MOST, "a batch of %zu", n);
    for (size_t i = 0; i < n; i++) {
        const int64_t weight = weigh(NULL, &items[i]);

        load += weight > 0 ? weight : 0;
        kit_ledger_note(pipe->ledger, self->worker, &items[i]);
    }
    KIT_CHECK(pipe->form != WEIGHT || load <= HEAVY || n == 1, "%zu items weigh %jd", n, (intmax_t)load);
}

static void zip_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item left, right;

    while (prt_receive(&self->in[0], &left, sizeof left)) {
        prt_receive_also(&self->in[1], &right, sizeof right);
        KIT_CHECK(left.id + 1 == right.id, "%ju beside %ju", (uintmax_t)left.id, (uintmax_t)right.id);
        kit_ledger_note(pipe->ledger, 0, &left);
        kit_ledger_note(pipe->ledger, 0, &right);
    }
}

/* Where the source itself sends, an urgent item was queued or has begun before what was sent behind it could be taken. A leaf's may
 * lie in an outbox, which is no place from where it could begin. */
static void prefer_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.sender >= SECOND && pipe->sending.sender == KIT_SOURCE && !pipe->ledger->unordered)
            KIT_CHECK(pipe->ledger->next[self->worker][item.sender - SECOND] > item.seq, "item %u came before the urgent one",
                      item.seq);
        kit_ledger_note(pipe->ledger, self->worker, &item);
    }
}

static void pull_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct prt_in *const ins[] = { &self->in[0], &self->in[1] };
    struct kit_item first, second;
    void *const items[] = { &first, &second };

    memset(&first, 0, sizeof first); /* empty: there is none to drop yet */
    memset(&second, 0, sizeof second);
    for (int which; (which = prt_next_any(ins, items, 2)) >= 0;) {
        kit_ledger_note(pipe->ledger, self->worker, which ? &second : &first);
        if (self->n[0]++ % 3 == 0 && prt_next_for(ins[0], &first, 1000) > 0)
            kit_ledger_note(pipe->ledger, self->worker, &first);
    }
}

/* ---- cases ------------------------------------------------------------------------------------------------------- */

static struct kit_stage sink_of(enum form form, uint32_t workers, struct prt_chan *const *test)
{
    struct kit_stage sink = { .spec = { .name = "sink", .workers = workers, .leaf = form != PULL } };

    sink.spec.run = form == ZIP ? zip_run : form == PRIORITY ? prefer_run : form == PULL ? pull_run : batch_run;
    if (form == BATCH || form == WEIGHT) {
        sink.spec.collect = MOST;
        sink.spec.within = form == BATCH ? 200000 : 0;
    }
    if (form == WEIGHT) {
        sink.spec.weight = HEAVY;
        sink.spec.weigh = weigh;
    }
    sink.prefers = form == PRIORITY;
    for (int i = 0; i < 2; i++)
        (form == ZIP ? sink.in : form == PULL ? sink.pull : sink.merge)[i] = test[i];
    return sink;
}

/* arg: form, sender, senders, receivers, cap, whether the counters go round */
static void run_case(const struct kit_case *self)
{
    const enum form form = (enum form)self->arg[0];
    const uint32_t senders = (uint32_t)self->arg[2], receivers = (uint32_t)self->arg[3];
    const bool both = form == ZIP || form == PRIORITY;
    struct pipe pipe = { .sending = { self->items, (enum kit_sender)self->arg[1], senders, send_item, NULL }, .form = form,
                         .ledger = kit_ledger_new(both ? 2 * self->items : self->items) };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *test[2];
    struct kit_stage sink;

    if (self->arg[5])
        prt_chan_start_ = UINT64_MAX - self->items / 4;
    for (int i = 0; i < 2; i++)
        test[i] = kit_chan(run, "test", kit_kind(senders, receivers), (uint64_t)self->arg[4]);
    kit_add_senders(run, &pipe.sending, test, 2);
    sink = sink_of(form, receivers, test);
    kit_add(run, &sink);
    pipe.ledger->unordered = receivers > 1;
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    kit_ledger_close(pipe.ledger);
}

static size_t add_case(struct kit_case *cases, size_t n, enum form form, enum kit_sender sender, int senders, int receivers,
                       int cap)
{
    static const char *const form_names[FORMS] = { "batch", "weight", "zip", "priority", "pull" };
    struct kit_case *const self = &cases[n];

    self->arg[5] = (int)(n % 2);
    snprintf(self->name, sizeof self->name, "%s-%s-%d-%d-%d%s", form_names[form], kit_sender_names[sender], senders, receivers,
             cap, n % 2 ? "-wraps" : "");
    self->run = run_case;
    self->items = 20000;
    self->arg[0] = (int)form;
    self->arg[1] = (int)sender;
    self->arg[2] = senders;
    self->arg[3] = receivers;
    self->arg[4] = cap;
    return n + 1;
}

/* Workers that send to both channels do so in an order of their own: a zip has one before it. */
int main(int argc, char **argv)
{
    static const int caps[] = { 1, 3, 64 };
    static struct kit_case cases[160];
    size_t n = 0;

    for (int form = 0; form < FORMS; form++)
        for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
            for (int receivers = 1; receivers <= (form == ZIP ? 1 : 4); receivers += 3)
                for (int sender = KIT_SOURCE; sender <= KIT_EXPANDER; sender++)
                    for (int senders = 1; senders <= (sender == KIT_SOURCE || form == ZIP ? 1 : 4); senders += 3)
                        n = add_case(cases, n, (enum form)form, (enum kit_sender)sender, senders, receivers, caps[i]);
    return kit_main(argc, argv, cases, n);
}
