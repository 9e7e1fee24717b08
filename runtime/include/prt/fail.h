/* What bodies call where an item fails, and what the runtime may show of it. */
#ifndef PRT_FAIL_H
#define PRT_FAIL_H

#include <prt/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How an item is shown in a line of --failures. With the bytes that it has, the first of these say which C type it is. */
enum prt_shown {
    PRT_SHOWN_NOT,
    PRT_SHOWN_SIGNED,   /* int8_t to int64_t */
    PRT_SHOWN_UNSIGNED, /* uint8_t to uint64_t */
    PRT_SHOWN_CHAR,     /* char, as a number */
    PRT_SHOWN_BOOL,
    PRT_SHOWN_FLOAT,    /* float, double */
    PRT_SHOWN_TEXT,     /* char *, up to its NUL; NULL is null */
    PRT_SHOWN_RECORD    /* as its stage's `show` writes it */
};

/* prt_fail() says that the current item failed, with a printf-like reason, of which 1,023 bytes are kept. What follows is
 * the stage's `on fail`. From any body, init, final or flush; the body must return next. prt_fail_item() also hands over
 * where the item lies, which is read before it returns and only if the stage says how it is shown. Both may write a line
 * to standard error and to the file of --failures, and take no lock of the caller's. errno is kept. Return PRT_FAILED, for
 * bodies that are C functions. */
enum prt_result { PRT_DONE, PRT_FAILED };
enum prt_result prt_fail(struct prt_worker *worker, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum prt_result prt_fail_item(struct prt_worker *worker, const void *item, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* prt_fail_after() is prt_fail(), and where `on fail retry` stands the next attempt begins `delay` ns later at least, whatever
 * the backoff says. 0 says nothing, nor does what is below, such as a time that has passed; but with -1 there is no next attempt: it would
 * fail as well. */
enum prt_result prt_fail_after(struct prt_worker *worker, int64_t delay, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- stages with retry, a timeout or dead letters ---- */

/* What a body leaves of its item is where it came from, when the body has returned: for the next attempt, for a letter, to
 * be dropped. The cleanup of a local of the body's. */
struct prt_kept {
    void *to;
    const void *from;
    size_t size;
};

static inline void prt_keep(const struct prt_kept *kept)
{
    memcpy(kept->to, kept->from, kept->size);
}

/* What a letter says beside its item. */
struct prt_loss {
    char *reason;      /* from malloc; NULL: there was no memory for it */
    int attempts;      /* from 1 */
    const char *stage; /* lives as long as the run */
};

/* prt_attempt() is prt_receive() for such a stage: the next item, or the one that is to be tried again. The size is the
 * channel's. prt_attempt_here() begins an attempt without receiving: in a source, in an inline stage. Neither blocks. */
bool prt_attempt(struct prt_in *in, void *item);
void prt_attempt_here(struct prt_worker *worker);

/* The same of the further inputs of a body that gets an item of each, after prt_attempt() of the first; and prt_receive_batch()
 * for such a stage: the same array again, as the body left it. Neither blocks. */
void prt_attempt_also(struct prt_in *in, void *item);
void *prt_attempt_batch(struct prt_in *in, size_t *n);

/* prt_settle() ends an attempt, when the body has returned and `item` holds what it left: the array of a batch; NULL in a
 * source. What a failed one has sent is undone. Returns true iff the item is lost, and `*loss` says why: then it is the
 * caller's, who sends it as a letter. Else it was dropped, or waits for its next attempt. `loss` may be NULL where there are
 * no letters. prt_settle_all() is the same for a body that got an item of each input: where each of them lies, in their
 * order. Never block. */
bool prt_settle(struct prt_worker *worker, void *item, struct prt_loss *loss);
void prt_settle_all(struct prt_worker *worker, void *const *items);

/* The reason for one letter of several about one loss, from malloc, which the letter owns: a copy while `more` follow. NULL:
 * there was no memory for it. */
char *prt_reason(const struct prt_loss *loss, bool more);

/* The body has taken its item, or a part of it, to where no failure can fetch it back: a failure after this is final. */
void prt_taken(struct prt_worker *worker);

/* prt_pass() is prt_emit() of the item itself that came from `in`, of the size of both channels: should the body fail, it
 * comes back. prt_pass_of() is that of one item of a batch, where it lies, which is all zero bytes then. */
bool prt_passes_(struct prt_out *out, const struct prt_in *in, const void *item);
bool prt_pass_of(struct prt_out *out, void *at, size_t size);

static inline bool prt_pass(struct prt_out *out, const struct prt_in *in, const void *item, size_t size)
{
    return prt_passes_(out, in, item) && prt_emit(out, item, size);
}

/* prt_emit_in_time() and prt_try_emit_in_time() are prt_emit() and prt_try_emit() where a timeout stands: false too where
 * it has passed. */
bool prt_is_in_time_(struct prt_out *out, const void *item);

static inline bool prt_emit_in_time(struct prt_out *out, const void *item, size_t size)
{
    return prt_is_in_time_(out, item) && prt_emit(out, item, size);
}

static inline bool prt_try_emit_in_time(struct prt_out *out, const void *item, size_t size)
{
    return prt_is_in_time_(out, NULL) && prt_try_emit(out, item, size);
}

/* ns until the timeout of this attempt, 0 where it has passed. In a section, which has none, INT64_MAX. Any thread that runs
 * code of this worker. */
int64_t prt_remaining(const struct prt_worker *worker);

/* prt_in_time() is for a body that is about to do what cannot be undone, such as to commit: true iff the attempt is not late, and
 * then it does not become late by what follows, however long that takes. It may be called again, which looks again; waits end with
 * the timeout as before. Called as prt_remaining() is; never blocks. */
bool prt_in_time(struct prt_worker *worker);

#ifdef __cplusplus
}
#endif

#endif
