/* Broadcasts: an output whose channel is one for each stage that receives, and an emit that sends to all of them.
 *
 * The outputs of one broadcast stand in an array of the worker structure. Each is an output like any other (prt/run.h), to a
 * channel with its own kind, room and counts; so nothing that receives knows that there are others.
 */
#ifndef PRT_CAST_H
#define PRT_CAST_H

#include <prt/fail.h>

#ifdef __cplusplus
extern "C" {
#endif

bool prt_emit_each_slow_(struct prt_out *outs, size_t n, const void *item);
bool prt_emit_more_(struct prt_out *out, const void *item);

static inline bool prt_emit_each_rarely_(struct prt_out *outs, size_t n, const void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));

    return prt_emit_each_slow_(outs, n, prt_copied_(copy, item, size));
}

/* One of several, all of which had room a moment ago. */
static inline bool prt_emit_one_(struct prt_out *out, const void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));
    unsigned char *next = prt_ptr(&out->next);

    if (next < prt_ptr(&out->limit))
        return prt_emit_here_(out, next, item, size);
    return prt_emit_more_(out, prt_copied_(copy, item, size));
}

/* prt_emit_each() sends the `size` bytes at `item` to each of the `n` outputs, from 1: first wherever there is room, then it
 * waits for the others. In all else it is prt_emit(): who calls it, when it waits, what it returns. A source takes one permit
 * of its rate for all of them. */
static inline bool prt_emit_each(struct prt_out *outs, size_t n, const void *item, size_t size)
{
    bool go_on = true;

    for (size_t i = 0; i < n; i++)
        if (prt_ptr(&outs[i].next) >= prt_ptr(&outs[i].limit))
            return prt_emit_each_rarely_(outs, n, item, size);
    for (size_t i = 0; i < n; i++)
        go_on = prt_emit_one_(&outs[i], item, size) && go_on;
    return go_on;
}

/* prt_emit_clones() does the same with an item that owns something: all outputs but one get a copy, which `clone` makes in
 * `copy`, the last one of those that are served the item itself. Both have the `size` bytes of the channels' items. Nothing is
 * copied for a channel that nobody receives from any more; an item of all zero bytes is empty, and its copies are. `clone` runs
 * on the thread of the body, and no lock is held. Where it leaves `copy` empty it has failed: that receiver does not get the
 * item, which counts as discarded there; the others do, and then the item has failed in the stage that sends, as by
 * prt_fail(). */
bool prt_emit_clones(struct prt_out *outs, size_t n, void *item, void *copy, size_t size,
                     void (*clone)(void *copy, const void *item));

/* The same in a stage with a timeout: false too where it has passed, and then nothing is sent. */
static inline bool prt_emit_each_in_time(struct prt_out *outs, size_t n, const void *item, size_t size)
{
    return prt_is_in_time_(outs, item) && prt_emit_each(outs, n, item, size);
}

static inline bool prt_emit_clones_in_time(struct prt_out *outs, size_t n, void *item, void *copy, size_t size,
                                           void (*clone)(void *copy, const void *item))
{
    return prt_is_in_time_(outs, item) && prt_emit_clones(outs, n, item, copy, size, clone);
}

#ifdef __cplusplus
}
#endif

#endif
