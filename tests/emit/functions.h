/* Emitted by pipec 0.1.0 from functions.pipe: what C files beside the pipeline see of it. */
#ifndef FUNCTIONS_PIPE_H
#define FUNCTIONS_PIPE_H

#include <prt/prt.h>

#line 4 "functions.pipe"
#include <stdlib.h>

typedef char *name; /* owns something: free() drops it */
#include <prt/words.h>
#line 13 "functions.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- params ------------------------------------------------------------------------ */

struct functions_params {
#line 8 "functions.pipe"
    int many; /* how many names */
#line 24 "functions.h"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "functions.pipe"
struct functions {
#line 31 "functions.h"
    struct functions_params params;
    struct prt_settings settings;
#line 11 "functions.pipe"
    int seen;
};
#line 37 "functions.h"

/* ---- stages ------------------------------------------------------------------------ */

/* functions.pipe:17: make -> names
 * A source; sends any number of items, so its emit may wait for room. */
#line 17 "functions.pipe"
struct functions_make {
#line 45 "functions.h"
    struct prt_worker base;
    int worker;
    struct functions *pipe;
    struct prt_out to_names;
};

static inline bool functions_make_emit_names(struct functions_make *self, name value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

#define functions_make_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 17 "functions.pipe"
enum prt_result make_names(struct functions_make *self);
#line 61 "functions.h"

/* functions.pipe:19: measure (name_in <- names) -> lengths[1]
 * Sends exactly one item for each that it receives, so it never waits. */
#line 19 "functions.pipe"
struct functions_measure {
#line 67 "functions.h"
    struct prt_worker base;
    int worker;
    struct functions *pipe;
    struct prt_in in_name_in;
    struct prt_out to_lengths;
#line 20 "functions.pipe"
        size_t longest;
#line 20 "functions.pipe"
};
#line 77 "functions.h"

static inline bool functions_measure_emit_lengths(struct functions_measure *self, int value)
{
    return prt_emit(&self->to_lengths, &value, sizeof value);
}

#define functions_measure_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 22 "functions.pipe"
enum prt_result measure_name(struct functions_measure *self, name *name_in);
#line 88 "functions.h"

/* functions.pipe:24: add (length <- lengths), workers 2, on fail then skip
 * A sink; it never waits for room. */
#line 24 "functions.pipe"
struct functions_add {
#line 94 "functions.h"
    struct prt_worker base;
    int worker;
    struct functions *pipe;
    struct prt_in in_length;
};

#define functions_add_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 24 "functions.pipe"
enum prt_result add_length(struct functions_add *self, int *length);
#line 105 "functions.h"

#ifdef __cplusplus
}
#endif

#endif
