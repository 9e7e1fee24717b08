/* The C functions of a stage: what stands in its `functions { }`, one by one.
 */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "facts/body.h"

/* One definition. Its name is emitted behind the stage's. */
struct function {
    const char *name;
    struct span name_span;
    struct span parameters;  /* between the parentheses */
    bool has_self;           /* `struct self *self` is one of them */
    struct span code;        /* between the braces */
    const struct body *body; /* what stands there */
    struct function *next;   /* in the order of the text */
};

struct functions {
    struct function *first;
    struct span other;       /* the first declaration that is none of a function; empty where there is none */
    const char **names;      /* of all, those that are only declared too; NULL ends the list */
    const struct body *text; /* all of it, without calls */
    bool send;               /* one of them sends, or hands its `self` on to what may */
};

/* functions_read() finds the functions in the text of a file; the result lives in `memory`, without bodies. */
struct functions *functions_read(struct obstack *memory, const struct sources *sources, struct span span);

/* Whether the stage has a function of that name. */
bool functions_have(const struct functions *functions, const char *name);

/* Whether all that the body hands its `self` to are functions of the stage. */
bool functions_keep_self(const struct functions *functions, const struct body *body);

#endif
