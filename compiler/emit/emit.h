/* The plan as C: what a careful engineer would have written by hand. The emitter decides nothing; what it writes is in
 * the plan, and the same plan gives the same bytes.
 *
 * source.c has the order of the sections; each section is a file of its own too.
 */
#ifndef EMIT_H
#define EMIT_H

#include "plan/plan.h"

struct emit_options {
    const char *path;   /* what the text calls itself in #line: the base name of the file */
    const char *header; /* base name of the header that holds the declarations; NULL: they stand in the source */
    bool shared;        /* C files of the author's see the declarations in a header, and call what is declared there */
    bool standalone;    /* the runtime's own text stands in the file instead of an #include */
};

/* Both return malloc'ed text of `*len` bytes and a NUL, or NULL where memory is short. */
char *emit_source(const struct plan *plan, const struct emit_options *options, size_t *len);
char *emit_header(const struct plan *plan, const struct emit_options *options, size_t *len);

#endif
