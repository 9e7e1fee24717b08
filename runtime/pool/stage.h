/* A stage: its slots, when it is ready, when it is finished.
 *
 * `word` packs, in one atomic: the stack of free slots (index of the top + 1 and a tag against ABA), how many slots are
 * not free, and FIN. A slot that is held counts as not free, so FIN (set by compare and swap from "none active") means
 * that nothing is in hand.
 */
#ifndef PRT_STAGE_H
#define PRT_STAGE_H

#include "limit/rate.h"
#include "pool/policy.h"
#include "pool/slot.h"
#include "pool/store.h"

/* Which sources lead to a stage (daemon.h). */
enum prt_led { PRT_LED_BY_OTHERS = 1, PRT_LED_BY_DAEMONS = 2 /* by channels that only daemons send to */ };

struct prt_stage {
    /* Everybody's: who claims, releases or finishes. */
    _Alignas(128) prt_atomic_u64 word;

    /* Set before any thread starts. */
    _Alignas(128) struct prt_stage_spec spec;
    struct prt_run *run;
    struct prt_stage *next; /* in the run's list, in the order of the .pipe file */
    uint32_t index;
    uint32_t place;         /* in the run's order */
    struct prt_slot *slots;
    uint32_t nslots;
    size_t item_size;       /* of what its bodies receive; 0: a source */
    void (*drop)(void *item); /* of that; NULL: it owns nothing */
    bool may_wait;          /* a body may wait: each runs on a stack of its own */
    bool final_waits;       /* its final may */
    struct prt_collect *collect; /* its bodies get several items at once (collect.h); NULL: one */
    struct prt_store *store; /* items wait in it for their keys (store.h); NULL: no option has one */
    bool picks;             /* its bodies get no item just because it is there: it collects them, or has a store */
    bool by_name;           /* which slot is claimed is not open: it is told by what there is to do */
    bool timed;             /* when its bodies begin and return counts: for a rate */
    bool limits;            /* a body that has returned gives back something beside bounds: to a rate, or to keys */
    bool settles;           /* a slot that is let go has something else to do: for a rate, or a store */
    bool tells_begin;       /* its bodies' beginnings are told: to turns, or a store */
    bool batches;           /* may take more than one item at once */
    bool shows;             /* what its bodies begin with shows at once: a channel that it receives from drops when full */
    bool begins_in_turn;    /* ordered: permits are taken in the order of the turns */
    struct prt_turns *turns; /* ordered; NULL: no order is to be kept */
    struct prt_in_spec *ins; /* copies */
    struct prt_in_spec *pulls;
    size_t npulls;
    struct prt_out_spec *outs;
    struct prt_bound_use *bounds;
    struct prt_keyed_spec *keyed;
    struct prt_inline_spec *inlines;
    struct prt_stage *inner; /* the stages that run within it, never scheduled (inline.h) */
    uint64_t start;

    /* Everybody's, seldom: what time or the end brings. */
    struct prt_asker asker; /* for permits of its rate; under that one's lock */
    struct prt_payers payers;   /* where its items have a cost: who waits for these permits */
    prt_atomic_u64 odd_units[2][2]; /* whether it was told that a weight, a cost was below 0, above all that is counted */
    prt_atomic_u64 started; /* a source: its body was started */
    prt_atomic_u64 ended;   /* a source: no body will start; one whose bodies pull: how many have returned */
    prt_atomic_u64 asked;   /* to finish (finish.h) */
    prt_atomic_u64 live;    /* outputs with receivers, and inline stages that it calls: at 0 it is asked */
    struct prt_stage *next_asked; /* of who asks */
    struct prt_stage *caller; /* of an inline stage: who calls it */
    unsigned led;           /* enum prt_led, any of them */
    prt_atomic_u64 due;     /* `every`: the next tick */
    prt_atomic_u64 ticks;   /* `flush every`: ticks so far */
    prt_atomic_u64 missed;  /* `every`: ticks that found the body running; `flush every`: that were over before they came */
    struct prt_timer timer; /* the rate's next permit, or the next tick */
    struct prt_timer flush_timer;
    struct prt_bell bell;   /* a source: its body is to end, and so do its waits in the kernel */
    prt_atomic_u64 total;   /* a source: items that it will send, and one; 0: nobody knows */
    prt_atomic_u64 told;    /* failures told on standard error */
    struct prt_stack *reserve; /* for a slot that gets no other stack; */
    bool reserve_in;           /* whether no slot has it; under the stacks' lock */

    /* Whoever ran a batch: estimates, of which an update may be lost. */
    prt_atomic_u64 claims;  /* how often a slot began a batch: whether anybody serves the stage */
    prt_atomic_u64 cost;    /* ns an item, decaying maximum; 0 unknown */
    prt_atomic_u64 mean;    /* ns an item, moving average; 0 unknown */

    /* The monitor's; read by whoever takes. */
    prt_atomic_u64 shows_until; /* prt_now() time until which its batches hide nothing; 0: they may */
    prt_atomic_u64 wary_until;  /* with keys: until which its bodies are expected to be slow; 0: they are not */

    /* The monitor's. */
    uint64_t seen_claims;
    uint32_t unserved;      /* ticks in a row that found it ready and unclaimed */
    uint32_t behind;        /* the same: ready although it was claimed, while nobody could be woken */

    /* Of a blocking stage, its threads': those that wait for input, under the lock. */
    struct prt_mutex lot_lock;
    struct prt_thread *parked;
    prt_atomic_u64 nparked;
    prt_atomic_u64 finals;  /* threads that have not run their final */
};

/* Its bodies receive nothing. (A worker of an inline stage's is called, and receives that.) */
static inline bool prt_stage_is_source_(const struct prt_stage *stage)
{
    return stage->spec.nins == 0 && stage->npulls == 0;
}

/* An item tells which of its slots is to have it: none is free to anybody. */
static inline bool prt_stage_is_by_(const struct prt_stage *stage)
{
    return stage->store && stage->store->by;
}

#define PRT_WORD_FIN ((uint64_t)1 << 63)

/* Takes a free slot off the stack, RUNNING; NULL where there is none. Puts one back, FREE. */
struct prt_slot *prt_stage_claim_(struct prt_stage *stage);
void prt_stage_release_(struct prt_stage *stage, struct prt_slot *slot);

/* For those that are claimed by name: one more is active, and one less. False: the stage has ended. */
bool prt_stage_enter_(struct prt_stage *stage);
void prt_stage_leave_(struct prt_stage *stage);
uint32_t prt_stage_active_(const struct prt_stage *stage); /* how many are; a snapshot */

void prt_stage_retire_(struct prt_stage *stage, struct prt_slot *slot); /* no longer active, and never free again */
bool prt_stage_has_free_(const struct prt_stage *stage);
void prt_stage_push_all_(struct prt_stage *stage); /* at the start: every slot is free */

enum prt_ready {
    PRT_READY_NOT,
    PRT_READY_WORK,    /* input and permit and a free slot */
    PRT_READY_FINISH   /* nothing will come, nobody is active */
};

/* The level that everything is decided by; it may be out of date when it returns, in either direction. Sets a timer
 * where only time is missing. */
enum prt_ready prt_stage_ready_(struct prt_stage *stage);

/* Whether every output has room now. */
bool prt_stage_has_room_(const struct prt_stage *stage);

/* The slot that is to run what a stage is ready for; NULL: there is none any more. */
struct prt_slot *prt_stage_claim_ready_(struct prt_stage *stage);

/* Whether every input has an item now. */
bool prt_stage_has_items_(struct prt_stage *stage);

/* The same where a stage collects: whether a body could begin with what is there. */
bool prt_stage_has_body_(struct prt_stage *stage);

/* Permits of its rate come due more often than it pays to wake somebody for each: one thread takes several, and no other
 * need look after the stage meanwhile. */
bool prt_stage_is_paced_(const struct prt_stage *stage);

/* By what its bodies cost: whether a batch of them lasts microseconds, and whether what it does may stay hidden until it
 * is done. False while nothing was measured. */
bool prt_stage_is_quick_(const struct prt_stage *stage);
bool prt_stage_hides_(const struct prt_stage *stage);

/* If the input is empty, permits that come due from now on find nobody, unless another stage shares the rate. */
void prt_stage_rest_rate_(const struct prt_stage *stage);

/* The tick of `flush every` has come: every free worker is sent to run its section, and one that is busy finds the tick when
 * its batch is done. The monitor. */
void prt_stage_flush_(struct prt_stage *stage);

/* Whether no further body will start: inputs closed and empty, the source ended, or torn down. */
bool prt_stage_over_(struct prt_stage *stage);

/* Finishes the stage, if nothing is active and nothing will come, and no other thread does: its finals, then its outputs
 * close. At base level. Returns whether it did, or has begun to: a final that waits is held like a body, and who goes on
 * with it calls prt_stage_finals_() for the rest, from that slot on. */
bool prt_stage_finish_(struct prt_thread *thread, struct prt_stage *stage);
void prt_stage_finals_(struct prt_thread *thread, struct prt_stage *stage, uint32_t from);
void prt_stage_closed_(struct prt_stage *stage); /* after the last final */

bool prt_stage_make_(struct prt_stage *stage); /* slots and their memory; false: no memory */

#endif
