/* What a stage that is made of a part has become: declarations of its own, each a copy of the part's, with what the part
 * leaves open put in. They stand in the list of the whole program like any others; what comes after reads there what is
 * different about them: whose params their C text sees, and what some words of it stand for.
 *
 * A copy's places lie in a view of the part (text/source.h), so that a place tells the instance too.
 */
#ifndef INSTANCE_H
#define INSTANCE_H

#include "tree/part.h"

/* What a param of the part is here. */
struct instance_param {
    const struct param *param;     /* of the part */
    enum given_kind kind;
    bool is_default;               /* what the part says, since nothing is given */
    struct value value;            /* a literal, or a param of the program */
    struct text *list;
    struct code code;
    const struct instance_end **ends; /* of an expression, in its order */
    size_t nends;
    struct instance_param *next;
};

/* What a type of the part is here. */
struct instance_type {
    const char *name;              /* in the part */
    bool is_record;                /* `record R;` */
    struct ctype type;
    struct instance_type *next;
};

/* What an end of the part is here. */
struct instance_end {
    const struct channel *end;     /* of the part */
    struct source_ref *sources;    /* an input's channels … */
    enum choice choice;
    struct name to;                /* … or the one of an output */
    struct name item;              /* how the place of use calls an item of it */
    struct ctype type;             /* of its items */
    struct instance_end *next;
};

/* What a rate or bound of the part is here. */
struct instance_limit {
    const char *name;              /* in the part */
    struct value value;
    bool own;                      /* a number: the stages of the instance share a limit of their own */
    struct instance_limit *next;
};

struct instance {
    struct decl decl;              /* called like the stage that is made; in an instance: INSTANCE.NAME */
    const struct part *part;
    const struct instance *outer;  /* in which the stage stands; NULL: in the file */
    struct instance_param *params; /* in the order of the part */
    struct instance_type *types;
    struct instance_limit *limits; /* given ones */
    struct instance_end *ends;
    struct code state, init, final;
};

/* The C name that belongs to the name of a declaration: INSTANCE_NAME for INSTANCE.NAME. */
const char *name_symbol(struct obstack *memory, const char *name);

/* The C type of a channel's letters: "struct PIPELINE_CHANNEL". */
const char *name_letter(const struct ast *ast, const char *channel);

/* Whether the value is a word that a param of that type knows: true, false. */
bool param_takes_word(const struct param *param, const struct value *value);

/* How its expression calls the item of that end. */
const struct name *param_item(const struct instance_param *param, size_t end);

const struct instance_param *instance_param(const struct instance *instance, const char *name);

#endif
