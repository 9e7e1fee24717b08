/* Inline stages: each runs within the stage that sends to it, and with that within its host: the stage at the beginning
 * of such a chain, which is a stage of its own.
 */
#ifndef INLINE_H
#define INLINE_H

#include "facts/count.h"
#include "facts/graph.h"

/* inline_link() finds who calls each inline stage. One that cannot be called (check/inline.c says why) is linked to
 * nobody. After ast_resolve(). */
void inline_link(const struct graph *graph);

/* Most inline stages of a chain: their bodies lie on one stack, which has room for 256 KiB of bodies (and for as much
 * again and more, which sanitizers may take). What a stage adds to it, its emit function with it, was measured with gcc
 * and clang for short bodies: at most 50 bytes where they optimize, 64 to 128 at -O0, up to 320 with -fsanitize=address
 * there. So a chain takes half of it at -O0; the other half is for the variables of its bodies. */
#define INLINE_CHAIN_MAX 1000

/* inline_count() counts the calls of each: after the bodies were scanned. */
void inline_count(const struct graph *graph);

/* The stage that `stage` runs in: itself, where it is not inline. */
const struct stage *inline_host(const struct stage *stage);

/* Whether an emit to the output is a call. */
bool inline_calls(const struct output *output);

/* Everything that bodies of a host, with what runs within them, send to channels that hold items:
 *
 *     for (struct inline_walk walk = inline_start(host); inline_next(&walk);) …
 */
struct inline_walk {
    const struct stage *stage;   /* that sends: the host, or one of the inline stages */
    const struct output *output;
    struct count count;          /* of one body of the host */
};

struct inline_walk inline_start(const struct stage *host);
bool inline_next(struct inline_walk *walk);

/* Whether there is any such output. */
bool inline_sends(const struct stage *host);

#endif
