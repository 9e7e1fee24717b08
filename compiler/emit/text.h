/* Small pieces of C. They live as long as the emitter.
 */
#ifndef EMIT_TEXT_H
#define EMIT_TEXT_H

#include "emit/printer.h"

const char *text_format(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *text_string(struct emit *emit, const char *text);  /* a C string literal, with its quotes */
const char *text_comment(struct emit *emit, const char *text); /* what may stand in a comment, on one line */
const char *text_place(struct emit *emit, struct span span);   /* "words.pipe:7": the file, and the line where it begins */
const char *text_declare(struct emit *emit, const char *type, const char *name); /* "char *line", "int j" */
const char *text_double(struct emit *emit, double value);
const char *text_int(struct emit *emit, int64_t value);
const char *text_rate(struct emit *emit, const struct fraction *rate);
const char *text_shown(enum item_shown shown);           /* the runtime's word for it */

#endif
