/* Each test of a file becomes a program of its own: the stages that it runs, and at the edge of those a source for each
 * channel that it feeds and a sink for each channel that they send to. That is a tree like any other, so that names, proofs,
 * plan and emitted C are those of every program.
 */
#ifndef TESTS_H
#define TESTS_H

#include "tree/test.h"

struct sources;

/* The tests of the file itself, in its order: tests_next() returns the one behind `test`, or the first for NULL; NULL: there
 * is no further one. `whole` is the tree of the file and what it imports (join.h). */
struct test *tests_next(const struct ast *whole, const struct test *test);

/* test_program() returns the program of the test. Declarations of `whole` are moved into it, which is good for nothing else
 * after that. What the test says wrongly is reported; then the result is not to be compiled. */
struct ast *test_program(struct ast *whole, struct sources *sources, struct test *test);

#endif
