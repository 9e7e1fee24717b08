/* Whether branches of a fork keep step, so that a zip in which they meet never waits for ever: what counts show.
 *
 * Let every body there take one item of each input and send n items to an output, in order, and let r be how often a stage
 * runs for each time that another does: the receiver's is n times the sender's, or more where somebody may wait for room in
 * that channel, or less where somebody may wait for an item of it.
 * Of waits that stand, compare how far the stages are, each in bodies begun divided by its r. Who waits for an item
 * finds the sender no further than itself, or by one body at most, 1/r, if that body waits elsewhere meanwhile (a leaf's
 * never does). Who waits for room in a channel of capacity C is ahead of the receiver by at least (1 + C)/r of that. So
 * along a cycle it goes down and never comes back to where it began, if on each way from a body that waits to the next
 * zip the sum of (1 + C)/r is above its own 1/r: then there is no such cycle.
 *
 * Of a stage that takes part by what it sends to one broadcast alone, each emit counts as a body: it gives every branch an
 * item, however many a real body sends.
 */
#ifndef STEPS_H
#define STEPS_H

#include "check/check.h"

/* A channel, as one receiver sees it: a broadcast is one for each. */
struct edge {
    const struct channel *channel;
    const struct stage *only;   /* of a broadcast: the receiver */
    const struct stage *sender; /* the only one; NULL: there are several, or none */
    const struct output *output;
    const struct stage *receiver; /* the same */
    const struct input *input;
};

/* The graph of waits (meet.c). */
struct meet {
    struct check *check;
    const struct graph *graph;
    struct edge *edges;         /* by number: room for it is node n, an item of it node nedges + n */
    size_t nedges;
    size_t *first;              /* of each channel */
    const struct digraph *waits;
    size_t *component;
    const struct output **sends; /* of each stage of the component at hand: the only output that it has there; */
    bool *apart;                /* it has others, or receives there */
};

/* Why nothing shows that branches keep step. */
enum doubt {
    DOUBT_NONE,
    DOUBT_SENDERS, DOUBT_RECEIVERS, DOUBT_DROPS, /* of a channel */
    DOUBT_COUNT, DOUBT_SKIP, DOUBT_SECTION, DOUBT_ORDER, /* of its sender */
    DOUBT_MERGE, DOUBT_BATCH, /* of its receiver */
    DOUBT_RATIO, /* of a stage: by one way it gets more than by another */
    DOUBT_ROOM   /* of a channel: a body may send more to another one than fits there, before it sends here */
};

struct verdict {
    enum doubt doubt;
    const struct edge *edge;
    const struct stage *fork; /* DOUBT_ROOM */
    int64_t room;             /* that the channel would need then */
};

/* Of a component of the graph in which both kinds of waits stand. DOUBT_NONE: its waits are never closed. */
struct verdict steps_judge(struct meet *meet, size_t component);

#endif
