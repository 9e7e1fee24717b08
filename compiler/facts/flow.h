/* How fast items can flow, as far as rates, intervals and promised counts say: upper limits, at the rates that are
 * written (a param's or an option's may be others).
 */
#ifndef FLOW_H
#define FLOW_H

#include "facts/graph.h"

struct flow {
    double per_second;           /* INFINITY: no limit */
    const struct stage *limiter; /* the stage whose rate or interval it comes from; NULL where there is no limit */
    bool others;                 /* it is the sum of what several such stages let through, of which that is the first */
    bool adjustable;             /* it comes from a param, so it may be another */
};

struct flows {
    struct flow *bodies;   /* of each stage: bodies begun; of a source without interval: items sent */
    struct flow *received; /* of each stage: items that can reach it; not meaningful for sources */
    struct flow *items;    /* of each channel: items that can come through */
};

const struct flows *flows_new(const struct graph *graph);

/* The rate written at the stage, or at the rate that it names; and whether a param decides it. */
double flow_rate(const struct stage *stage, bool *adjustable);

#endif
