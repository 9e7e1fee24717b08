/* The stages at the edge of what a test runs: sources that send what it feeds, and sinks that look at what comes out. They are
 * written as text of the language, and read like the author's.
 */
#ifndef TEST_STAGES_H
#define TEST_STAGES_H

#include "parts/scope.h"
#include "tree/test.h"

/* A channel of the test, and what its lines say about it. */
struct test_channel {
    const struct channel *channel;
    const char *stage;              /* how the stage is to be called */
    struct test_line **lines;       /* those of one direction, in the order of the file */
    size_t nlines;
    const struct scope *types;      /* records and types in sight */
};

/* Each returns the text of a file in which a line of items has the number that it has in the author's, or NULL after a report.
 * To be freed. */
char *test_source_text(struct ast *ast, const struct test_channel *channel);
char *test_sink_text(struct ast *ast, const struct test_channel *channel); /* without lines: it takes what comes */

#endif
