/* What a sender may rely on while the body that has its item still runs: a rendezvous goes on only when a body has begun
 * with the item, and then at once; a place is free as soon as a body begins, not when it ends; what a `final` sends
 * arrives, also where the bodies before it sent many items at a time.
 */
#include "stage_kit.h"

#include <semaphore.h>

struct pipe {
    uint64_t items;
    bool rendezvous;
    _Atomic uint64_t begun; /* bodies */
    _Atomic uint64_t ended;
    uint64_t workers;
    uint64_t late;          /* emits that returned before a body can have begun with their item */
    sem_t sent;             /* one for each emit that has returned */
};

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        /* For this item to begin, all but the other workers' bodies must have ended. */
        if (pipe->rendezvous && atomic_load(&pipe->ended) + pipe->workers < id + 1)
            pipe->late++;
        sem_post(&pipe->sent);
    }
}

/* Ends when its sender has sent the next item: with a channel of one place, that one goes into the place that this body
 * freed when it began. It naps first, so that the sender sleeps by the time the next body begins. */
static void body_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe->begun, 1);
        while (sem_wait(&pipe->sent) != 0)
            ;
        if (!pipe->rendezvous && item.id + 1 < pipe->items) {
            while (sem_wait(&pipe->sent) != 0)
                ;
            sem_post(&pipe->sent);
        }
        if (item.id % 8 == 0)
            kit_sleep(2000000);
        atomic_fetch_add(&pipe->ended, 1);
    }
}

/* arg: whether a rendezvous, workers. The stage is no leaf: the sender that helped would wait for itself. */
static void senders(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items, .rendezvous = self->arg[0],
                         .workers = (uint64_t)self->arg[1] };
    struct prt_run *const run = kit_run_new(&pipe);
    const enum prt_chan_kind kind = self->arg[0] ? PRT_RENDEZVOUS : kit_kind(1, (uint32_t)self->arg[1]);
    struct prt_chan *const chan = kit_chan(run, "chan", kind, 1);

    sem_init(&pipe.sent, 0, 0);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { chan } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "body", .run = body_run, .workers = (uint32_t)self->arg[1] },
                                      .in = { chan } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.begun == pipe.items, "%ju bodies began", (uintmax_t)pipe.begun);
    KIT_CHECK(pipe.late == 0, "%ju emits returned too early", (uintmax_t)pipe.late);
    sem_destroy(&pipe.sent);
}

enum { BURST = 200, LAST = 3 }; /* items of a source's body, of its final */

struct finals {
    struct kit_ledger *ledger;
    _Atomic uint64_t next; /* id */
};

static void send_some(struct prt_worker *base, uint32_t from, uint32_t n)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct finals *const pipe = self->pipe;

    for (uint32_t i = 0; i < n; i++) {
        const struct kit_item item = { .id = atomic_fetch_add(&pipe->next, 1), .seq = from + i,
                                       .sender = (uint32_t)self->n[0] };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void burst_init(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    static _Atomic uint64_t senders;

    self->n[0] = atomic_fetch_add(&senders, 1) % 2;
}

static void burst_run(struct prt_worker *base)
{
    send_some(base, 0, BURST);
}

static void burst_final(struct prt_worker *base)
{
    send_some(base, BURST, LAST);
}

static void note_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct finals *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        kit_ledger_note(pipe->ledger, self->worker, &item);
}

/* Two sources that send at once to one channel; the final of each comes right after its body. */
static void finals(const struct kit_case *self)
{
    for (uint64_t i = 0; i < self->items / (2 * (BURST + LAST)); i++) {
        struct finals pipe = { .ledger = kit_ledger_new(2 * (BURST + LAST)) };
        struct prt_run *const run = kit_run_new(&pipe);
        struct prt_chan *const chan = kit_chan(run, "chan", PRT_MANY_TO_ONE, 1024);
        const struct prt_stage_spec source = { .name = "burst", .init = burst_init, .run = burst_run,
                                               .final = burst_final };

        kit_add(run, &(struct kit_stage){ .spec = source, .out = { chan } });
        kit_add(run, &(struct kit_stage){ .spec = source, .out = { chan } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "note", .run = note_run, .leaf = true }, .in = { chan } });
        KIT_CHECK(prt_run(run) == 0, "the run failed");
        kit_ledger_close(pipe.ledger);
    }
}

static const struct kit_case cases[] = {
    { "finals", finals, 40600, { 0 } },
    { "place-freed", senders, 400, { 0, 1 } },
    { "rendezvous", senders, 400, { 1, 1 } },
    { "rendezvous-pool", senders, 400, { 1, 3 } },
};

int main(int argc, char **argv)
{
    return kit_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
