/* The author's text.
 */
#ifndef EMIT_CODE_H
#define EMIT_CODE_H

#include "emit/printer.h"

/* Text from a section or a prologue, under #line, which holds on; where it begins on the line of its brace, `indent` goes
 * before it. `end` follows on the line of its last brace: that it comes too early is told there. A state is indented. */
void emit_text(struct emit *emit, struct span code, int indent, const char *end);
void emit_state(struct emit *emit, const struct body *state, const char *end);

/* Without blanks around it, of text that is not blank; where it begins on a line of its own, with those before it. */
struct span code_trimmed(const struct emit *emit, struct span code);

/* The text of a stage from one offset to another, its calls replaced, `struct self` and its functions named as they are in
 * the emitted file. `body`: what stands there. */
void emit_stage_text(struct emit *emit, const struct planned_stage *stage, const struct body *body, uint32_t from,
                     uint32_t to);

/* A body or section of `stage`, or of the pipeline (NULL), under #line, with its calls replaced by plain C, and the end
 * of its function. */
void emit_body(struct emit *emit, const struct body *body, const struct planned_stage *stage);

/* A statement with an expression of the author's, under #line, with its calls replaced, between what stands before it and
 * behind it up to the semicolon. */
void emit_expression(struct emit *emit, const struct body *body, const char *before, const char *behind);

/* Whether what stands for the body says `self`. */
bool code_needs_self(struct emit *emit, const struct body *body);

/* Whether it goes by way of the program, as params do. */
bool code_needs_pipe(struct emit *emit, const struct body *body);

/* Whether what stands for the body's failures names its item, which a failure can show. */
bool code_shows_item(const struct body *body, const struct planned_stage *stage);

#endif
