/* Emitted by pipec 0.1.0 from part_header.pipe: what C files beside the pipeline see of it. */
#ifndef PART_HEADER_PIPE_H
#define PART_HEADER_PIPE_H

#include <prt/prt.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the pipeline ------------------------------------------------------------------ */

#line 34 "part_header.pipe"
typedef char *keep_word_T;
#line 16 "part_header.h"

/* What the stages of word share, of the part kept. */
struct keep_state_word_ {
#line 9 "part_header.pipe"
        keep_word_T kept;
};
#line 23 "part_header.h"

/* What the stages of number share, of the part kept. */
struct keep_state_number_ {
#line 9 "part_header.pipe"
        int kept;
};
#line 30 "part_header.h"

#line 2 "part_header.pipe"
struct keep {
#line 34 "part_header.h"
    struct prt_settings settings;
    struct keep_state_word_ word;
    struct keep_state_number_ number;
};

/* ---- stages ------------------------------------------------------------------------ */

/* part_header.pipe:32: read -> words, more
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 32 "part_header.pipe"
struct keep_read {
#line 46 "part_header.h"
    struct prt_worker base;
    int worker;
    struct keep *pipe;
    struct prt_out to_words;
    struct prt_out to_more;
};

static inline bool keep_read_emit_words(struct keep_read *self, char *value)
{
    return prt_emit(&self->to_words, &value, sizeof value);
}

static inline bool keep_read_emit_more(struct keep_read *self, char *value)
{
    return prt_emit(&self->to_more, &value, sizeof value);
}

/* part_header.pipe:33: pass (word <- more) -> numbers
 * Sends any number of items, so its emit may wait for room. */
#line 33 "part_header.pipe"
struct keep_pass {
#line 68 "part_header.h"
    struct prt_worker base;
    int worker;
    struct keep *pipe;
    struct prt_in in_word;
    struct prt_out to_numbers;
};

static inline bool keep_pass_emit_numbers(struct keep_pass *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#define keep_pass_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 33 "part_header.pipe"
enum prt_result numbered(struct keep_pass *self, char **word);
#line 85 "part_header.h"

/* part_header.pipe:34: word (x <- words): kept, part_header.pipe:4
 * A sink; it never waits for room. */
#line 34 "part_header.pipe"
struct keep_word {
#line 91 "part_header.h"
    struct prt_worker base;
    int worker;
    struct keep *pipe;
    struct prt_in in_x;
#line 17 "part_header.pipe"
        keep_word_T before;
};
#line 99 "part_header.h"

/* part_header.pipe:35: number (x <- numbers): kept, part_header.pipe:4
 * A sink; it never waits for room. */
#line 35 "part_header.pipe"
struct keep_number {
#line 105 "part_header.h"
    struct prt_worker base;
    int worker;
    struct keep *pipe;
    struct prt_in in_x;
#line 17 "part_header.pipe"
        int before;
};
#line 113 "part_header.h"

#ifdef __cplusplus
}
#endif

#endif
