/* Who sends to the channel under test: a source itself, or behind it a `copy`, which is a leaf (its items wait in an outbox)
 * or an expander (it waits on its own stack).
 *
 *     source --feed--> copy xS --test--> what the program adds
 */
#ifndef SENDER_KIT_H
#define SENDER_KIT_H

#include "stage_kit.h"

enum kit_sender { KIT_SOURCE, KIT_LEAF, KIT_EXPANDER };

static const char *const kit_sender_names[] = { "source", "leaf", "expander" };

/* The first member of what the run's `pipe` is. */
struct kit_sending {
    uint64_t items;
    enum kit_sender sender;
    uint32_t senders; /* workers that send to the channel under test; of a source 1 */
    bool (*send)(struct kit_worker *self, struct kit_item *item); /* sends there; false: the pipeline ends */
    void (*pace)(void *pipe, uint64_t id); /* what the source waits for before that item; NULL: nothing */
};

static inline void kit_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_sending *const sending = self->pipe;

    for (uint64_t id = 0; id < sending->items; id++) {
        struct kit_item item = { .id = id, .sender = 0, .seq = (uint32_t)id };

        if (sending->pace)
            sending->pace(self->pipe, id);
        if (!(sending->sender == KIT_SOURCE ? sending->send(self, &item) : prt_emit(&self->out[0], &item, sizeof item)))
            return;
    }
}

static inline void kit_copy_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_sending *const sending = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        item.sender = (uint32_t)self->worker;
        item.seq = (uint32_t)self->n[0]++;
        if (!sending->send(self, &item))
            return;
    }
}

/* Adds them; `test`: the n channels that `send` sends to. */
static inline void kit_add_senders(struct prt_run *run, const struct kit_sending *sending, struct prt_chan *const *test,
                                   size_t n)
{
    const bool leaf = sending->sender == KIT_LEAF;
    struct kit_stage source = { .spec = { .name = "source", .run = kit_source_run } };
    struct kit_stage copy = { .spec = { .name = "copy", .run = kit_copy_run, .workers = sending->senders, .leaf = leaf } };
    struct kit_stage *const last = sending->sender == KIT_SOURCE ? &source : &copy;

    for (size_t i = 0; i < n; i++) {
        last->out[i] = test[i];
        last->most[i] = leaf;
    }
    if (last == &copy)
        source.out[0] = copy.in[0] = kit_chan(run, "feed", kit_kind(1, sending->senders), 64);
    kit_add(run, &source);
    if (last == &copy)
        kit_add(run, &copy);
}

#endif
