/* What a program that is a test has besides.
 */
#ifndef EMIT_TEST_H
#define EMIT_TEST_H

#include "emit/printer.h"

/* Its line of the pipeline's structure; what it expects, above main; statements of main, and words in it. Nothing, or `otherwise`,
 * where the program is no test. */
void emit_test_member(struct emit *emit);
void emit_test_failures(struct emit *emit);
void emit_test_begin(struct emit *emit);
const char *emit_test_run(struct emit *emit, const char *otherwise);
const char *emit_test_arguments(struct emit *emit, const char *otherwise);

#endif
