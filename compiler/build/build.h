/* From a plan to a program: its C, and the C compiler.
 */
#ifndef BUILD_H
#define BUILD_H

#include "build/cc.h"
#include "build/output.h"
#include "plan/plan.h"

struct build {
    const struct plan *plan;
    const struct cc_options *options;
    struct output_folder folder; /* the header for bodies in .c files */
    const char *header_name;
    char *text;
    struct cc_job job;
};

/* build_start() emits the C and finds out how to compile it; `stem` is how messages call it, without its ".c".
 * build_finish() compiles it, to `output`. False after a message. build_free() is due in any case, also of a build that
 * is all zero. */
bool build_start(struct build *build, const struct plan *plan, const struct cc_options *options, const char *stem);
bool build_finish(struct build *build, const char *output);

/* The part of build_finish() between the begin and the end of the file; cc_run() says what `told` gets. */
bool build_compile(struct build *build, const struct output_file *file, FILE *told);

void build_free(struct build *build);

#endif
