/* What bodies call, beside prt/worker.h. */
#ifndef PRT_BODY_H
#define PRT_BODY_H

#include <stdbool.h>
#include <stdint.h>

struct prt_slot;
struct prt_worker;

/* A source's emit to an inline stage takes a permit of its rate. False: it must leave. */
bool prt_source_paced_(struct prt_worker *worker);

/* Whether a body of this slot has sent to `chan` as many items as it promised; else tears down, with a message. */
bool prt_promise_kept_(struct prt_slot *slot, const char *chan, uint64_t sent, uint64_t least, uint64_t most);

#endif
