/* The plan: everything that was decided, as plain data. The emitter and `--dump=plan` read it and decide nothing.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdio.h>

#include "facts/body.h"
#include "facts/decl.h"
#include "facts/facts.h"

enum channel_kind {
    KIND_ONE_TO_ONE, KIND_MANY_TO_ONE, KIND_ONE_TO_MANY, KIND_MANY_TO_MANY, KIND_RENDEZVOUS, KIND_GROWING,
    KIND_CALL /* holds nothing: an emit calls the inline stage */
};

/* What an emit does around a call: it lets the body leave when the pipeline ends, and counts. */
enum call_guard {
    GUARD_NONE,   /* nothing: each body calls exactly once */
    GUARD_COUNT,  /* counts: the only emit of a body */
    GUARD_ENDING, /* also looks whether the pipeline is ending */
    GUARD_SOURCE, /* also marks that the code that runs is not the source's: it may wait in the kernel */
    GUARD_RATE    /* also takes a permit of the source's rate */
};

struct planned_channel {
    const struct channel *channel;
    enum channel_kind kind;
    const char *why;             /* "one sender, many receivers": the end of a comment */
    int cycle;                   /* the cycle whose stages receive from it, from 1; 0: none */
    const char *c_type;          /* of an item in C: "char *" for string, "struct prt_bytes" for bytes */
    const char *drop;            /* C function `void f(void *)` that drops an item in memory; NULL: owns nothing */
    size_t nsenders, nreceivers; /* stages */
    struct planned_stage *sender, *called; /* KIND_CALL: who calls, and the stage that an emit calls */
};

struct planned_output {
    const struct output *output;
    struct planned_channel *channel;
    struct count count;          /* of one body, written or seen */
    bool check;                  /* the count is written and was not seen: checked as the program runs */
    bool in_cycle;
    enum call_guard guard;       /* where the channel is a call */
    bool emitted_to[4];          /* by body, init (never), final, flush: which emit helpers are needed is their union */
};

struct planned_input {
    const struct input *input;
    struct planned_channel **sources;
    size_t nsources;
    bool owned;                  /* the item owns something */
    const char *c_type;
    const char *drop;            /* as in planned_channel */
};

/* An output of a stage or of one that runs within it, to a channel that holds items. */
struct planned_sent {
    const struct planned_stage *by;
    const struct planned_output *output;
    int64_t most;                /* items that one body sends, with what runs within it; COUNT_ANY */
};

struct planned_stage {
    const struct stage *stage;
    struct planned_stage *host;  /* an inline stage: where it runs; NULL: it is a stage of its own */
    struct planned_stage **inlines; /* of a host: what runs within it, each behind the one that calls it */
    size_t ninlines;
    size_t place;                /* an inline stage: its place there, from 1 */
    size_t depth;                /* and how many calls deep it runs: one more than its sender */
    enum call_guard guard;       /* and what its sender does around a call */
    struct planned_sent *sent;   /* of a host */
    size_t nsent;
    struct planned_input *inputs;
    size_t ninputs;
    struct planned_output *outputs;
    size_t noutputs;
    struct value workers;        /* of `workers N`, of `bound N` where only that is written; VALUE_NONE: one */
    bool workers_auto;           /* `workers auto`: as many as processors; `workers` is VALUE_NONE then */
    bool fixed;                  /* --workers may not change it: `workers` is not written */
    bool ordered;                /* results leave in the order their inputs came */
    bool leaf;
    const char *why;             /* of `leaf` or not, a sentence without its full stop */
    bool may_wait;               /* a body may wait for room */
    int cycle;                   /* that it ends with, from 1; 0: it ends by itself (cycles.h) */
    const struct body *body, *init, *final, *flush; /* NULL where absent */
};

struct plan {
    const struct ast *ast;
    const struct facts *facts;
    struct obstack *memory;
    struct planned_channel *channels; size_t nchannels;
    struct planned_stage *stages; size_t nstages;
    const struct body *init, *final; /* of the pipeline */
    int ncycles;
    const char *drawing;         /* lines of the picture of the whole pipeline, without comment marks */
};

/* plan_make() decides. Called only when nothing was reported. The result lives in the tree's memory. */
struct plan *plan_make(const struct facts *facts);

/* plan_print() writes the plan as a table a person reads: `pipec check --plan` and `--dump=plan`. */
void plan_print(const struct plan *plan, FILE *to);

#endif
