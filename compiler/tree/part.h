/* Parts: stages that are written once and used with other types, channels and settings. What a declaration leaves open in
 * a part is given where a stage is made of it.
 */
#ifndef PART_H
#define PART_H

#include "tree/ast.h"

struct part {
    struct decl decl;
    struct ast *body;    /* its declarations, as of a file; the file's memory, sources and diags */
    struct ast *outer;   /* where it stands */
    bool broken;         /* an error is in it, so that no stage can be made of it */
    bool used;           /* a stage of the program is made of it */
    bool checked, open;  /* parts/uses.c: looked through for circles; on the way at hand */
    size_t height;       /* how deep parts go that it is made of, itself included */
    const struct body *words;  /* facts: words that mean something in its C text */
    struct part *next;   /* parts/uses.h: behind those of which it is made */
    const struct scope *names; /* parts/uses.c: what it declares */
};

/* What a stage gives for a param, rate or bound of the part that it is made of. */
enum given_kind { GIVEN_VALUE, GIVEN_CODE, GIVEN_LIST };

struct text { const char *s; struct span span; struct text *next; };

struct given {
    struct name name;
    enum given_kind kind;
    struct span span;       /* of what is given */
    struct value value;
    struct code code;       /* without its ( ) */
    struct text *list;
    struct given *next;
};

/* How a stage is made of a part, or what a stage was that is made of one. */
struct made {
    struct name part;
    struct span span;       /* from the name to the `)` */
    struct given *given;
};

/* The channels that a part is given are declared with []. */
struct ast *ast_part_open(struct ast *ast, struct span at, struct name name, struct value doc);
/* Returns what the part stands in. */
struct ast *ast_part_close(struct ast *ast, struct span end, bool whole);

void ast_param_function(struct ast *ast, struct span at, struct name type, struct name name, struct word *ends,
                        struct code code, struct value doc);
struct type_decl *ast_type_given(struct ast *ast, struct span at, struct name name);
void ast_record_given(struct ast *ast, struct span at, struct name name);
void ast_rate_given(struct ast *ast, struct span at, struct name name);
void ast_bound_given(struct ast *ast, struct span at, struct name name);

/* Reports a list where a param has its default; returns none. */
struct value value_list(struct ast *ast, struct span at);
struct text *text_add(struct ast *ast, struct text *last, struct value text);
struct given *given_value(struct ast *ast, struct name name, struct value value);
struct given *given_code(struct ast *ast, struct name name, struct span at, struct code code);
struct given *given_list(struct ast *ast, struct name name, struct span at, struct text *list);
struct given *given_add(struct given *last, struct given *given);
struct input *input_end(struct input *input, struct name end);
struct output *output_end(struct output *output, struct name channel);
struct stage *stage_made(struct stage *stage, struct ast *ast, struct name part, struct span at, struct given *given);

#endif
