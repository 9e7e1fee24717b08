/* What a stage's worker holds and the two calls that its loop consists of: receive an item, emit an item.
 *
 * A worker is a slot, not a thread: its state, its place in the stage and the right to run the stage's body. One thread
 * at a time holds it; which one changes from batch to batch. All of a worker's fields belong to the thread that holds it,
 * except where a comment says otherwise.
 *
 * Both calls are inline and touch only memory that the runtime prepared when the thread claimed the worker: a window on
 * the channel's ring where this worker is the only one at that end, or memory of the worker's own. The out-of-line
 * functions do everything that is rare: no room, nobody awake to see a new item, a sender that waits, stopping.
 */
#ifndef PRT_WORKER_H
#define PRT_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <prt/platform.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prt_port;
struct prt_run;
struct prt_slot;
struct prt_stage;
struct prt_take;

/* Bits of the word that tells every thread of a run what it must notice (`prt_pool.word`). The rest of the word is the
 * pool's own (pool.h). */
#define PRT_NEEDY ((uint64_t)1)    /* whoever publishes an item must see to it that a thread finds it */
#define PRT_DRAINING ((uint64_t)2) /* sources leave at their next emit */
#define PRT_ABORTED ((uint64_t)4)  /* torn down: no further body begins, every emit leaves */

/* Where the items that a body receives from one input lie: a window that costs an item one look and one step. Where each
 * item's beginning must show at once there is no window, and the runtime hands out the items one by one. */
struct prt_in {
    prt_atomic_ptr next;  /* the next item in the window; the monitor may look, should a body not return */
    prt_atomic_ptr limit; /* the window's end; not after next: the runtime is asked. The monitor may bring it nearer */
    struct prt_worker *worker;
    struct prt_take *take; /* the runtime's part */
};

/* Where the items that a body sends to one channel go. */
struct prt_out {
    prt_atomic_ptr next;  /* where the next item goes */
    prt_atomic_ptr limit; /* the window's end; not after next: no room is known. The monitor may end a window early */
    prt_atomic_u64 *tail; /* the ring's tail, published with each item; NULL: when the batch is done */
    uint64_t count;       /* what *tail becomes with each item */
    prt_atomic_u64 *word; /* the pool's word */
    struct prt_worker *worker;
    struct prt_port *port; /* the runtime's part */
    uint64_t begun;       /* items sent when the body began */
};

/* The first member of every worker structure that emitted code declares. */
struct prt_worker {
    struct prt_slot *slot; /* the runtime's part of this worker */
    struct prt_stage *stage;
    struct prt_run *run;
};

bool prt_receive_slow_(struct prt_in *in, void *item);
void prt_receive_also_slow_(struct prt_in *in, void *item);
bool prt_emit_slow_(struct prt_out *out, const void *item);
bool prt_try_emit_slow_(struct prt_out *out, const void *item);
bool prt_emitted_(struct prt_out *out);

/* The slow sides get a small item's address by way of a copy: an item whose own address left the body could not stay in
 * a register. It is aligned for any item, since drop functions are called with it. */
#define PRT_COPIED 64

/* An item without bytes takes a place like any other: a byte. */
static inline size_t prt_step_(size_t size)
{
    return size > 0 ? size : 1;
}

static inline bool prt_receive_rarely_(struct prt_in *in, void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));

    if (size > sizeof copy)
        return prt_receive_slow_(in, item);
    if (!prt_receive_slow_(in, copy))
        return false;
    memcpy(item, copy, size);
    return true;
}

/* What a slow side is given: the item itself if it is larger than `copy`, of PRT_COPIED bytes. */
static inline const void *prt_copied_(unsigned char *copy, const void *item, size_t size)
{
    if (size > PRT_COPIED)
        return item;
    if (size == 0)
        copy[0] = 0;
    return memcpy(copy, item, size);
}

static inline bool prt_emit_rarely_(struct prt_out *out, const void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));

    return prt_emit_slow_(out, prt_copied_(copy, item, size));
}

/* prt_receive() takes the next item of the batch that the worker was given into `*item`, which has `size` bytes (the
 * channel's item size). The item has then begun. Called by a stage's `run` function alone, in a loop until it returns
 * false: the batch is done, or the pipeline is being torn down. Never blocks. */
static inline bool prt_receive(struct prt_in *in, void *item, size_t size)
{
    unsigned char *next = prt_ptr(&in->next);

    if (next >= prt_ptr(&in->limit))
        return prt_receive_rarely_(in, item, size);
    memcpy(item, next, size);
    prt_ptr_publish(&in->next, next + prt_step_(size)); /* handshake: cut */
    return true;
}

/* prt_receive_also() takes the item of a further input of the pair (zip) that prt_receive() of the stage's first input has
 * begun: right behind it, once for each input in the order of the stage's `ins`. It has come whatever happened meanwhile,
 * so nothing of a pair is lost. Never blocks. */
static inline void prt_receive_also(struct prt_in *in, void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));
    unsigned char *next = prt_ptr(&in->next);

    if (next < prt_ptr(&in->limit)) {
        memcpy(item, next, size);
        prt_ptr_publish(&in->next, next + prt_step_(size));
    } else if (size > sizeof copy) {
        prt_receive_also_slow_(in, item);
    } else {
        prt_receive_also_slow_(in, copy);
        memcpy(item, copy, size);
    }
}

/* prt_receive_batch() gives a body that gets several items at once those of its batch: an array of `*n` items of the channel,
 * which is the body's until it returns. All of them have begun. Called by a stage's `run` function once, first of all. NULL:
 * the pipeline is being torn down, and there is no body. Never blocks. */
void *prt_receive_batch(struct prt_in *in, size_t *n);

/* prt_waiting() is where the item lies that the worker was given and has not begun with: for functions that weigh it. */
const void *prt_waiting(const struct prt_in *in);

/* How many of them lie there: one, or of a stage that gets several at once, all of those. */
size_t prt_waiting_n(const struct prt_in *in);

/* prt_next() takes the next item of a channel that the body pulls from into `*item`, of the channel's item size, and drops
 * what lay there before, unless it is all zero bytes: an item that was taken is, and so is `*item` at first. From a body
 * alone, on any thread that runs one. Waits for an item without a thread, and may return in another one; in a `blocking`
 * stage its thread sleeps. errno is kept. False: the channel is closed and empty, or the pipeline is torn down; `*item` is
 * all zero bytes then. In a section, where nothing can be waited for, it is false too. */
bool prt_next(struct prt_in *in, void *item);

/* prt_next_for() waits for `ns` nanoseconds at most, below 0 for ever: 1 an item, 0 none came in time, -1 where prt_next()
 * is false. What lay in `*item` is dropped whatever comes. */
int prt_next_for(struct prt_in *in, void *item, int64_t ns);

/* prt_next_any() takes from whichever of `n` inputs, at least one, has an item first, and where several have from each in
 * turn: the index of that one, whose `*items[index]` alone is dropped and taken anew; -1 where prt_next() of each of them
 * would be false. */
int prt_next_any(struct prt_in *const *ins, void *const *items, int n);

/* Writes into the window, which has room at `next`. False: the body must leave. */
static inline bool prt_emit_here_(struct prt_out *out, unsigned char *next, const void *item, size_t size)
{
    memcpy(next, item, size);
    prt_ptr_publish(&out->next, next + prt_step_(size));
    if (out->tail) {
        prt_publish(out->tail, ++out->count);
        if (prt_load_relaxed(out->word) & (PRT_NEEDY | PRT_DRAINING | PRT_ABORTED)) /* handshake: park, end */
            return prt_emitted_(out);
    }
    return true;
}

/* prt_emit() sends the `size` bytes (the channel's item size) at `item`. Called from a body, on any thread that runs
 * one. The item is consumed whatever the result. A leaf's emit never blocks; another body's waits for room, and its
 * thread may run leaves of other stages meanwhile. errno is kept. Returns false iff the body must leave: the pipeline is
 * stopping, or this body's promise is broken. */
static inline bool prt_emit(struct prt_out *out, const void *item, size_t size)
{
    unsigned char *next = prt_ptr(&out->next);

    if (next >= prt_ptr(&out->limit))
        return prt_emit_rarely_(out, item, size);
    return prt_emit_here_(out, next, item, size);
}

/* prt_try_emit() sends the `size` bytes at `item` if there is room in the channel now: where others send there too, it may
 * be gone before the item of a leaf's is there, which then waits as one of prt_emit()'s does. Called as prt_emit() is, by
 * stages whose channel is no rendezvous. Never blocks. errno is kept. The item is consumed iff it returns true; false:
 * there is no room, a source's rate has no permit now, the worker of an ordered stage has not its turn, or prt_emit()
 * would be false. */
static inline bool prt_try_emit(struct prt_out *out, const void *item, size_t size)
{
    unsigned char copy[PRT_COPIED] __attribute__((__aligned__));
    unsigned char *next = prt_ptr(&out->next);

    if (out->tail && next < prt_ptr(&out->limit)) {
        prt_emit_here_(out, next, item, size); /* which tells whether to leave: the next one asks */
        return true;
    }
    return prt_try_emit_slow_(out, prt_copied_(copy, item, size));
}

/* An edge without a queue: an emit that calls the body of an inline stage, whose worker is a member of the sender's. */
struct prt_call {
    uint64_t sent;              /* calls */
    const prt_atomic_u64 *word; /* the pool's word */
    const prt_atomic_u64 *asked; /* of the stage that is called: it has finished */
    prt_atomic_u64 inside;      /* a source: a call is on its way */
    struct prt_worker *sender;
    const char *name;           /* of the channel */
    uint64_t begun;             /* sent when the body began */
};

/* Counts a call that needs no look, since it is the only one of its body. */
static inline void prt_call_count(struct prt_call *call)
{
    call->sent++;
}

bool prt_call_goes_on_(const struct prt_call *call);

/* prt_call_finished() says whether the stage that would be called has finished, which comes before all else where it may: the
 * item is not wanted, and prt_call_after() says whether the body goes on. */
static inline bool prt_call_finished(const struct prt_call *call)
{
    return prt_load_relaxed(call->asked) != 0;
}

static inline bool prt_call_after(const struct prt_call *call)
{
    return prt_call_goes_on_(call);
}

/* prt_call_check() comes before such a call, and counts it. Returns false iff there must be none, and the body must leave:
 * the pipeline is stopping. In a source prt_call_begin() does, where the source has a rate prt_call_begin_paced(), and
 * prt_call_end() when the call is over: a signal that ends a source which waits in the kernel meets no other body. */
static inline bool prt_call_check(struct prt_call *call)
{
    if ((prt_load_relaxed(call->word) & (PRT_DRAINING | PRT_ABORTED)) && !prt_call_goes_on_(call))
        return false;
    call->sent++;
    return true;
}

static inline bool prt_call_begin(struct prt_call *call)
{
    /* The mark first: the monitor asks all for a drain, then looks at the marks, then interrupts who has none. */
    if (prt_have_barrier_)
        prt_publish(&call->inside, 1);
    else
        prt_swap(&call->inside, 1);
    if (prt_call_check(call))
        return true;
    prt_store_relaxed(&call->inside, 0);
    return false;
}

static inline void prt_call_end(struct prt_call *call)
{
    prt_store_relaxed(&call->inside, 0);
}

bool prt_call_begin_paced(struct prt_call *call);

/* prt_begin() marks where a body's emits to `out` start; prt_kept() then tells, when the body has returned, whether it
 * sent between `least` and `most` items. A broken promise tears the pipeline down, with a message that names stage and
 * channel. Only stages whose count is written, and could not be proved, call them. */
void prt_begin(struct prt_out *out);
bool prt_kept(struct prt_out *out, uint64_t least, uint64_t most);

/* The same for calls. */
void prt_call_mark(struct prt_call *call);
bool prt_call_kept(struct prt_call *call, uint64_t least, uint64_t most);

void prt_stop(struct prt_worker *worker);           /* asks the whole pipeline to drain; any number of times */
/* prt_finish(): the stage takes no more, and nobody waits to send to it: from any body or section of it, any number of times.
 * This worker begins with nothing that it has claimed, others may. A source ends when its body returns. */
void prt_finish(struct prt_worker *worker);
bool prt_stopping(const struct prt_worker *worker); /* draining has begun, or a source was asked to finish */
bool prt_failed(const struct prt_worker *worker);   /* the pipeline is being torn down */
bool prt_interrupted(const struct prt_worker *worker); /* SIGINT or SIGTERM has asked for the end */

/* prt_wait_for() waits in the kernel until `fd` is ready for `events` (as poll() has them; also where it is broken, which the
 * caller's next call on it tells): 1; for `ns`, below 0 for ever: 0; or until there is nothing more to wait for: -1. In the
 * body of a source that is when it is to end (the pipeline drains), elsewhere when the pipeline is torn down, or in the
 * pipeline's `final` when the limit of the drain is over; no end is missed, whenever it comes. A negative `fd` is never ready. From
 * any body or section, on any thread; blocks, and holds its thread. errno is kept. */
int prt_wait_for(struct prt_worker *worker, int fd, int events, int64_t ns);

/* prt_total(): a source will send so many items in all, or so many more or fewer than it thought: what --progress counts against.
 * Below 0 it does not know. From its body, `init` or functions, on any thread; never blocks. */
void prt_total(struct prt_worker *worker, int64_t items);

/* prt_status(): prt_run() returns at least `status`, which counts as 0 below and as 255 above what an exit status can
 * be. Nothing else changes. From any body or section, on any thread; never blocks. */
void prt_status(struct prt_worker *worker, int status);

#ifdef __cplusplus
}
#endif

#endif
