/* Inline stages: each runs in calls of the stage that sends to it, so in the slots of its host. The runtime keeps a
 * stage of its own for each, with a slot for each worker of the host, which no thread ever claims: they tell whose body
 * runs, what follows when it fails, and what it counted.
 */
#ifndef PRT_INLINE_H
#define PRT_INLINE_H

#include "pool/stage.h"

/* Makes the stages that run within `stage`. False: no memory. */
bool prt_inline_make_(struct prt_stage *stage);

/* Readies their workers within the worker of the host's `slot`. */
bool prt_inline_ready_(struct prt_slot *slot);

/* The slot of who sends: `slot` itself (0), or the place-th stage within it. */
struct prt_slot *prt_inline_slot_(struct prt_slot *slot, size_t place);

/* Their `init`s, each before its sender's; their `final`s, each after its sender's. */
void prt_inline_init_(struct prt_slot *slot);
void prt_inline_final_(struct prt_slot *slot);

/* Whether a call made by a source's own body is on its way: what runs is not the source's own code. */
bool prt_inline_runs_(const struct prt_slot *slot);

/* Whether the stage or one within it has a `final`. */
bool prt_inline_has_final_(const struct prt_stage *stage);

#endif
