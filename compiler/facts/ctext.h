/* All C text of a program. */
#ifndef CTEXT_H
#define CTEXT_H

#include "tree/ast.h"

/* Where a piece of it stands. */
struct ctext {
    const struct stage *stage;       /* NULL: it is none of a stage's */
    const struct instance *scope;    /* whose params it sees; NULL: the program's */
    bool expression;                 /* it is given to a part, or what a part gives itself, or weighs an item of a batch: no
                                      * worker runs it */
    bool outside;                    /* it stands between %{ and %} */
    const struct instance_param *given; /* it is what stands for this param of a part; else NULL */
};

/* ctext_each() tells each piece of it in the order of the file. */
void ctext_each(const struct ast *ast, void (*tell)(void *data, const struct ctext *place, struct code *code), void *data);

#endif
