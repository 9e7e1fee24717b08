/* Emitted by pipec 0.1.0 from inline_functions.pipe: what C files beside the pipeline see of it. */
#ifndef INLINE_FUNCTIONS_PIPE_H
#define INLINE_FUNCTIONS_PIPE_H

#include <prt/prt.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "inline_functions.pipe"
struct parts {
#line 16 "inline_functions.h"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* inline_functions.pipe:16: three (n <- c), inline
 * Runs within 'two': an item comes by a function call. */
#line 16 "inline_functions.pipe"
struct parts_three {
#line 26 "inline_functions.h"
    struct prt_worker base;
    int worker;
    struct parts *pipe;
};

#define parts_three_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 16 "inline_functions.pipe"
enum prt_result count(struct parts_three *self, long *n);
#line 36 "inline_functions.h"

/* inline_functions.pipe:12: two (n <- b) -> c[1], inline
 * Runs within 'one': an item comes by a function call; sends exactly one item for each. */
#line 12 "inline_functions.pipe"
struct parts_two {
#line 42 "inline_functions.h"
    struct prt_worker base;
    int worker;
    struct parts *pipe;
    struct parts_three to_c; /* inline: sending to c runs three */
};

bool parts_two_emit_c(struct parts_two *self, long value);

/* inline_functions.pipe:10: one (x <- a) -> b, inline
 * Runs within 'from': an item comes by a function call; sends any number of items for each. */
#line 10 "inline_functions.pipe"
struct parts_one {
#line 55 "inline_functions.h"
    struct prt_worker base;
    int worker;
    struct parts *pipe;
    struct prt_call call_b;
    struct parts_two to_b; /* inline: sending to b runs two */
};

bool parts_one_emit_b(struct parts_one *self, long value);

#define parts_one_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 10 "inline_functions.pipe"
enum prt_result measure(struct parts_one *self, char **x);
#line 69 "inline_functions.h"

/* inline_functions.pipe:8: from -> a
 * A source; what it sends stays within it. */
#line 8 "inline_functions.pipe"
struct parts_from {
#line 75 "inline_functions.h"
    struct prt_worker base;
    int worker;
    struct parts *pipe;
    struct prt_call call_a;
    struct parts_one to_a; /* inline: sending to a runs one */
};

bool parts_from_emit_a(struct parts_from *self, char *value);

#define parts_from_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 8 "inline_functions.pipe"
enum prt_result read_all(struct parts_from *self);
#line 89 "inline_functions.h"

#ifdef __cplusplus
}
#endif

#endif
