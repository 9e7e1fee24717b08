/* What the sections of the emitter share: the printer, and text made safe for where it stands. */
#ifndef PARTS_H
#define PARTS_H

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
    struct obstack memory; /* of the strings below */
    struct param_words *param_words; /* param.c: NULL until they are needed */
    const char **types;    /* code.c: the names of the file's types, NULL ends them; NULL until they are needed */
};

/* emit_put() writes C. In the format $N stands for the pipeline's name, $S for the symbol of the stage at hand, and
 * what printf knows for itself, so that a call looks like the lines that it writes. */
void emit_put(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
void emit_bytes(struct emit *emit, const char *text, size_t len);

/* emit_at() makes `stage` the one that $S stands for. */
void emit_at(struct emit *emit, const struct stage *stage);

/* A heading between sections. */
void emit_heading(struct emit *emit, const char *title);

/* ---- text.c: strings that live as long as the emitter ------------------------------------------------------- */

const char *text_format(struct emit *emit, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *text_string(struct emit *emit, const char *text);  /* a C string literal, with its quotes */
const char *text_comment(struct emit *emit, const char *text); /* what may stand in a comment, on one line */
const char *text_declare(struct emit *emit, const char *type, const char *name); /* "char *line", "int j" */
/* "char *const line", "const int j" */
const char *text_declare_const(struct emit *emit, const char *type, const char *name);
const char *text_double(struct emit *emit, double value);
const char *text_int(struct emit *emit, int64_t value);
const char *text_rate(struct emit *emit, const struct value *rate); /* permits in a second, exactly */
const char *text_base_name(const char *path);

/* ---- code.c: the author's text ------------------------------------------------------------------------------ */

/* Text from a section or a prologue, under #line; where it begins on the line of its brace, `indent` goes before it. */
void emit_text(struct emit *emit, const struct code *code, int indent);

/* A body or section of `stage`, or of the pipeline (NULL), under #line, with its calls replaced by plain C. */
void emit_body(struct emit *emit, const struct body *body, const struct planned_stage *stage);

/* An expression of the author's, as it stands. */
void emit_expression(struct emit *emit, const struct code *code);

bool code_needs_self(struct emit *emit, const struct body *body);

/* A name for a local of ours that neither the author's text nor an input of `stage` or its type uses (both may be NULL):
 * `name`, else with an underscore. */
const char *code_free_name(struct emit *emit, const struct planned_stage *stage, const struct body *body,
                           const char *name);

/* ---- the sections, in their order -------------------------------------------------------------------------------- */

void emit_typedef(struct emit *emit, const struct type_decl *type);
void emit_items(struct emit *emit); /* the functions that drop and take items */

/* The input of `stage` that `take` takes as a whole, or NULL where it takes a part, and how its type is called. */
const struct planned_input *take_input(const struct emit *emit, const struct call *take,
                                       const struct planned_stage *stage);
const char *take_word(const struct planned_input *input);

bool params_exist(const struct emit *emit);
size_t params_count(const struct emit *emit);
bool params_named(struct emit *emit, const struct body *body); /* the body names at least one */
void emit_param_locals(struct emit *emit, const struct body *body);  /* those that the body names, as const locals */
void emit_params_struct(struct emit *emit);
void emit_options(struct emit *emit);

void emit_pipeline_struct(struct emit *emit);
void emit_pipeline_sections(struct emit *emit);

void emit_stage_structs(struct emit *emit, const struct planned_stage *stage);
void emit_stage(struct emit *emit, const struct planned_stage *stage);
const char *weight_name(struct emit *emit, const struct bound_option *bound); /* of the stage at hand */

const char *stage_symbol(struct emit *emit, const struct planned_stage *stage); /* "NAME_STAGE" */
bool stage_has_block(const struct planned_stage *stage); /* more than the call of the body stands around it */
const char *call_symbol(struct emit *emit, const struct planned_stage *inner);  /* what an emit to it calls */
void emit_call_members(struct emit *emit, const struct planned_output *output);
void emit_call_helper(struct emit *emit, const struct planned_output *output, bool called);
void emit_calls(struct emit *emit, const struct planned_stage *stage); /* beside a header: what it only declares */
void emit_inlines(struct emit *emit, const struct planned_stage *host);

void emit_sizes(struct emit *emit); /* asserts that items are small enough */
bool wiring_reads_params(const struct plan *plan);
void emit_wiring(struct emit *emit);
void emit_program(struct emit *emit);
void emit_main(struct emit *emit);

#endif
