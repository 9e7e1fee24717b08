/* Broadcasts: the slow side of an emit to several channels, and copies of what owns something.
 *
 * Whether a source sends at all is asked once: either all channels get the item, or none does. Then the item goes first
 * wherever there is room, and the emit waits for one of the others after the other. So a channel that is full holds up
 * nobody but its sender, which an emit to it alone would too: in what waits for whom a broadcast is so many edges. To all
 * rendezvous the item is put before the emit waits until a body begins with it there.
 */
#include <prt/cast.h>
#include <prt/errno.h>

#include "pool/body.h"
#include "pool/run_state.h"

/* One emit. */
struct cast {
    struct prt_out *outs;
    size_t n;
    void *item, *copy;
    size_t size;
    void (*clone)(void *copy, const void *item); /* NULL: the bytes are all there is */
    size_t left;        /* outputs that are still to be served */
    struct prt_out *failed; /* a copy for it could not be made */
    bool go_on;
};

static bool is_leaf(const struct cast *cast)
{
    return cast->outs->worker->slot->mode == PRT_MODE_LEAF;
}

/* Nobody gets the item. */
static bool lose_all(struct cast *cast)
{
    for (size_t i = 0; i < cast->n; i++)
        prt_emit_lose_(&cast->outs[i]);
    prt_chan_drop_(cast->outs->port->chan, cast->item, 1);
    return false;
}

/* Who is to be served. */
static void owe_all(struct cast *cast)
{
    for (size_t i = 0; i < cast->n; i++) {
        struct prt_port *port = cast->outs[i].port;

        port->owed = prt_emit_reaches_(&cast->outs[i]);
        port->met_later = false;
        if (port->owed)
            cast->left++;
        else
            prt_emit_lose_(&cast->outs[i]);
    }
    if (cast->left == 0)
        prt_chan_drop_(cast->outs->port->chan, cast->item, 1);
}

/* What the next output gets: a copy, but for the last one. NULL: there is none. */
static void *value_of(struct cast *cast)
{
    if (cast->left == 1 || !cast->clone || prt_item_is_empty_(cast->item, cast->size))
        return cast->item;
    memset(cast->copy, 0, cast->size); /* what a C compiler need not write, between the members, must not look like a copy */
    cast->clone(cast->copy, cast->item);
    return prt_item_is_empty_(cast->copy, cast->size) ? NULL : cast->copy;
}

static bool put(const struct cast *cast, struct prt_out *out, const void *value)
{
    unsigned char *next = prt_ptr(&out->next);

    if (is_leaf(cast))
        return prt_emit_leaf_(out, value);
    if (next < prt_ptr(&out->limit))
        return prt_emit_here_(out, next, value, cast->size);
    return prt_emit_put_(out, value, &out->port->met_later);
}

static void serve(struct cast *cast, struct prt_out *out)
{
    void *const value = value_of(cast);

    out->port->owed = false;
    cast->left--;
    if (value) {
        cast->go_on = put(cast, out, value) && cast->go_on;
        return;
    }
    out->port->refused++;
    out->port->uncopied++;
    prt_add(&out->port->chan->uncopied, 1);
    cast->failed = out;
}

static void serve_all(struct cast *cast)
{
    for (size_t i = 0; i < cast->n; i++)
        if (cast->outs[i].port->owed && (is_leaf(cast) || prt_emit_has_room_(&cast->outs[i])))
            serve(cast, &cast->outs[i]);
    for (size_t i = 0; i < cast->n && cast->left > 0; i++)
        if (cast->outs[i].port->owed)
            serve(cast, &cast->outs[i]);
    for (size_t i = 0; i < cast->n; i++)
        if (cast->outs[i].port->met_later)
            prt_emit_meet_(&cast->outs[i]);
}

static bool cast_run(struct cast *cast)
{
    const int saved = errno;

    cast->go_on = true;
    if (prt_run_aborted_(cast->outs->worker->run)) {
        prt_body_cut_(cast->outs->port->sender);
        cast->go_on = lose_all(cast);
    } else if (!is_leaf(cast) && !prt_emit_begins_(cast->outs)) {
        cast->go_on = lose_all(cast);
    } else {
        owe_all(cast);
        serve_all(cast);
    }
    if (cast->failed) {
        prt_fail(cast->failed->port->sender->worker, "an item could not be copied for %s",
                 cast->failed->port->chan->spec.name);
        cast->go_on = false;
    }
    errno = saved;
    return cast->go_on;
}

bool prt_emit_each_slow_(struct prt_out *outs, size_t n, const void *item)
{
    struct cast cast = { .outs = outs, .n = n, .item = (void *)item, .size = outs->port->chan->spec.item_size };

    return cast_run(&cast);
}

/* The item has gone to others already, so that no drain ends this one. */
bool prt_emit_more_(struct prt_out *out, const void *item)
{
    struct cast cast = { .outs = out, .n = 1, .item = (void *)item, .size = out->port->chan->spec.item_size };
    const int saved = errno;

    cast.go_on = true;
    owe_all(&cast);
    serve_all(&cast);
    errno = saved;
    return cast.go_on;
}

bool prt_emit_clones(struct prt_out *outs, size_t n, void *item, void *copy, size_t size,
                     void (*clone)(void *copy, const void *item))
{
    struct cast cast = { .outs = outs, .n = n, .item = item, .copy = copy, .size = size, .clone = clone };

    return cast_run(&cast);
}
