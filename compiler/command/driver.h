/* From a .pipe file to its plan: the list of passes. */
#ifndef DRIVER_H
#define DRIVER_H

#include "plan/plan.h"

enum dump { DUMP_NONE, DUMP_TREE, DUMP_PLAN };

struct compilation {
    struct source *source;   /* the file */
    struct sources *sources; /* it, and what it imports */
    struct obstack *memory;  /* of the tree and of the plan */
    struct diags *diags;
    struct ast *ast;
    struct plan *plan; /* NULL where there was an error */
};

/* driver_compile() runs the passes on the file and prints what they report. `dump` names what is printed to standard
 * output on the way. False where there is no plan; driver_free() is due in any case. */
bool driver_compile(struct compilation *compilation, const char *path, enum dump dump);
void driver_free(struct compilation *compilation);

/* The word after --dump=; false where there is no such dump. */
bool dump_from_name(const char *name, enum dump *dump);

/* How the program, the C file and the header are called where nobody says: the file's name without ".pipe", or the
 * pipeline's name for standard input and for a file that is only ".pipe". Lives as long as the plan. */
const char *driver_stem(const struct compilation *compilation);

#endif
