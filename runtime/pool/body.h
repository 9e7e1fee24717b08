/* What bodies call, beside prt/worker.h. */
#ifndef PRT_BODY_H
#define PRT_BODY_H

#include <stdbool.h>
#include <stdint.h>

struct prt_out;
struct prt_slot;
struct prt_worker;

/* A source's emit to an inline stage takes a permit of its rate. False: it must leave. */
bool prt_source_paced_(struct prt_worker *worker);

/* Whether a body of this slot has sent to `chan` as many items as it promised; else tears down, with a message. */
bool prt_promise_kept_(struct prt_slot *slot, const char *chan, uint64_t sent, uint64_t least, uint64_t most);

/* The parts of an emit, for broadcasts (cast.c), which are several under one permit. All but the last are for bodies that
 * may wait, and for sections.
 *
 * Whether the emit sends at all: a source leaves while the pipeline drains, else takes a permit of its rate. */
bool prt_emit_begins_(struct prt_out *out);

/* Whether prt_emit_put_() would find room now; a guess where others send there too. */
bool prt_emit_has_room_(const struct prt_out *out);

/* Puts the item, waiting for the turn and for room; `*meets` becomes true where it has not begun yet, which
 * prt_emit_meet_() waits for. The item is consumed. False: the body must leave. */
bool prt_emit_put_(struct prt_out *out, const void *item, bool *meets);
void prt_emit_meet_(struct prt_out *out);

/* The emit of a leaf. */
bool prt_emit_leaf_(struct prt_out *out, const void *item);

/* Whether what is sent now is not discarded: somebody receives there, and no drain empties its cycle. */
bool prt_emit_reaches_(const struct prt_out *out);

/* One item that nobody copied is counted as sent and discarded. */
void prt_emit_lose_(struct prt_out *out);

/* What runs in this slot is made to leave by a tear-down: its item is cut. A section has none, nor has a source, which
 * received nothing. */
void prt_body_cut_(struct prt_slot *slot);

#endif
