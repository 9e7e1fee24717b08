/* What every section writes through: formats with $N and $S, and lines that are counted.
 */
#ifndef EMIT_PRINTER_H
#define EMIT_PRINTER_H

#include "emit/emit.h"

struct emit {
    const struct plan *plan;
    const struct emit_options *options;
    const char *path;      /* of the file being written, for #line */
    const char *pipe_path; /* of the .pipe file, as the user named it */
    const char *name;      /* $N: the pipeline's */
    const char *stage;     /* $S: the symbol of the stage at hand, "NAME_STAGE" */
    FILE *to;
    size_t line;           /* that the next byte stands on, from 1 */
    const struct source *pipe; /* the .pipe file in which what follows stands for the C compiler; NULL: in none … */
    size_t pipe_line;      /* … on this line, from 1 */
    struct obstack memory; /* of the strings that sections make */
    const struct planned_instance *scope; /* whose params the text at hand sees; NULL: the program's */
    const char *way;       /* how it gets to the program: "self->pipe" */
    struct param_words *param_words; /* param.c: NULL until they are needed … */
    const struct planned_instance *words_scope; /* … and of which of them they are */
};

/* emit_put() writes C. In the format $N stands for the pipeline's name, $S for the symbol of the stage at hand, and
 * what printf knows for itself, so that a call looks like the lines that it writes. */
void emit_put(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_bytes(struct emit *emit, const char *text, size_t len);

/* emit_at() makes `stage` the one that $S stands for. */
void emit_at(struct emit *emit, const struct planned_stage *stage);

/* A heading between sections. */
void emit_heading(struct emit *emit, const char *title);

/* What follows stands in a .pipe file, from the line of `offset`; or in the emitted file again. Both write a #line
 * only where the C compiler does not count so already. The next byte begins a line. */
void emit_line_of(struct emit *emit, uint32_t offset);
void emit_line_here(struct emit *emit);

/* So many blanks that what follows has the column of `offset` in the .pipe file, of which the line must be set. */
void emit_column_of(struct emit *emit, uint32_t offset);

#endif
