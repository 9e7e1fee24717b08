/* The plan: everything that was decided, as plain data. The emitter and `--dump=plan` read it and decide nothing.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdio.h>

#include "body.h"

enum channel_kind {
    KIND_ONE_TO_ONE, KIND_MANY_TO_ONE, KIND_ONE_TO_MANY, KIND_MANY_TO_MANY, KIND_RENDEZVOUS, KIND_GROWING
};

struct planned_channel {
    struct channel *channel;
    enum channel_kind kind;
    const char *why;             /* "one sender, many receivers": the end of a comment */
    int cycle;                   /* the cycle whose stages receive from it, from 1; 0: none */
    const char *c_type;          /* of an item in C: "char *" for string, "struct prt_bytes" for bytes */
    const char *drop;            /* C function `void f(void *)` that drops an item in memory; NULL: owns nothing */
    size_t nsenders, nreceivers; /* stages */
};

struct planned_output {
    struct output *output;
    struct planned_channel *channel;
    struct count count;          /* of one body, written or seen */
    bool check;                  /* the count is written and was not seen: checked as the program runs */
    bool in_cycle;
    bool emitted_to[4];          /* by body, init (never), final, flush: which emit helpers are needed is their union */
};

struct planned_input {
    struct input *input;
    struct planned_channel **sources;
    size_t nsources;
    bool owned;                  /* the item owns something */
    const char *c_type;
    const char *drop;            /* as in planned_channel */
};

struct planned_stage {
    struct stage *stage;
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
    int cycle;
    struct body *body, *init, *final, *flush; /* NULL where absent */
};

struct plan {
    struct ast *ast;
    struct planned_channel *channels; size_t nchannels;
    struct planned_stage *stages; size_t nstages;
    struct body *init, *final;   /* of the pipeline */
    int ncycles;
    const char *drawing;         /* lines of the picture of the whole pipeline, without comment marks */
};

/* plan_make() decides. Called only when nothing was reported. The result lives in the tree's memory. */
struct plan *plan_make(struct ast *ast);

/* plan_print() writes the plan as a table a person reads: `pipec check --plan` and `--dump=plan`. */
void plan_print(const struct plan *plan, FILE *to);

#endif
