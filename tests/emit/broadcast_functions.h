/* Emitted by pipec 0.1.0 from broadcast_functions.pipe: what C files beside the pipeline see of it. */
#ifndef BROADCAST_FUNCTIONS_PIPE_H
#define BROADCAST_FUNCTIONS_PIPE_H

#include <prt/prt.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "broadcast_functions.pipe"
struct broadcast_functions {
#line 16 "broadcast_functions.h"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* broadcast_functions.pipe:7: count -> numbers, lines
 * A source; sends any number of items, so its emit may wait for room. */
#line 7 "broadcast_functions.pipe"
struct broadcast_functions_count {
#line 26 "broadcast_functions.h"
    struct prt_worker base;
    int worker;
    struct broadcast_functions *pipe;
    struct prt_out to_numbers[2]; /* a broadcast: to each stage that receives from numbers */
    struct prt_out to_lines[2]; /* a broadcast: to each stage that receives from lines */
};

static inline bool broadcast_functions_count_emit_numbers(struct broadcast_functions_count *self, int value)
{
    return prt_emit_each(self->to_numbers, 2, &value, sizeof value);
}

bool broadcast_functions_count_emit_lines(struct broadcast_functions_count *self, char *value);

#define broadcast_functions_count_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 7 "broadcast_functions.pipe"
enum prt_result count_all(struct broadcast_functions_count *self);
#line 45 "broadcast_functions.h"

/* broadcast_functions.pipe:8: add (n <- numbers)
 * A sink; it never waits for room. */
#line 8 "broadcast_functions.pipe"
struct broadcast_functions_add {
#line 51 "broadcast_functions.h"
    struct prt_worker base;
    int worker;
    struct broadcast_functions *pipe;
    struct prt_in in_n;
};

/* broadcast_functions.pipe:9: show (n <- numbers)
 * A sink; it never waits for room. */
#line 9 "broadcast_functions.pipe"
struct broadcast_functions_show {
#line 62 "broadcast_functions.h"
    struct prt_worker base;
    int worker;
    struct broadcast_functions *pipe;
    struct prt_in in_n;
};

/* broadcast_functions.pipe:10: read (line <- lines)
 * A sink; it never waits for room. */
#line 10 "broadcast_functions.pipe"
struct broadcast_functions_read {
#line 73 "broadcast_functions.h"
    struct prt_worker base;
    int worker;
    struct broadcast_functions *pipe;
    struct prt_in in_line;
};

/* broadcast_functions.pipe:11: keep (line <- lines)
 * A sink; it never waits for room. */
#line 11 "broadcast_functions.pipe"
struct broadcast_functions_keep {
#line 84 "broadcast_functions.h"
    struct prt_worker base;
    int worker;
    struct broadcast_functions *pipe;
    struct prt_in in_line;
};

#ifdef __cplusplus
}
#endif

#endif
