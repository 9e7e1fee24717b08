/* Numbers, strings and names as written, and their values.
 */
#ifndef LITERAL_H
#define LITERAL_H

#include "tree/ast.h"

#define NAME_MAX_LETTERS 63 /* C promises that so many letters of a name count */

/* Each reads the token at `at` and reports what is wrong with it, once. */

/* The kind is VALUE_NONE where the text is no number. A number too large, or no whole one, is reported too, keeps its kind and
 * is 1, which is within what places allow. */
struct value literal_number(struct ast *ast, struct span at);

/* The same of a number in C text, where the language's are told by their units; reports nothing. The kind is VALUE_NONE
 * where it is none of them. */
struct value literal_in_c(const char *text, const char *end);

/* With its quotes. */
struct value literal_string(struct ast *ast, struct span at);

/* Without a text where a letter cannot stand in a name. */
struct name literal_name(struct ast *ast, struct span at);

/* What follows `include`, with its quotes or angle brackets. Without a text where it cannot be included. */
struct name literal_header(struct ast *ast, struct span at, bool import);

/* The greatest; of 0 and b it is b. */
uint64_t common_divisor(uint64_t a, uint64_t b);

#endif
