/* From a .pipe file to its plan: the list of passes. */
#ifndef DRIVER_H
#define DRIVER_H

#include "build/words.h"
#include "plan/plan.h"

enum dump { DUMP_NONE, DUMP_TREE, DUMP_PLAN };

struct compilation {
    struct source *source;   /* the file */
    struct sources *sources; /* it, and what it imports */
    struct obstack *memory;  /* of the tree and of the plan */
    struct diags *diags;
    struct ast *ast;
    struct plan *plan; /* NULL where there was an error, and of a library */
};

/* What a command wants of a compilation. */
struct request {
    const char *path;
    const struct words *dirs; /* -I: where imports are looked for; NULL: nowhere else */
    enum dump dump;           /* what is printed to standard output on the way */
    bool strict;              /* what is not proven is an error */
    bool library;             /* a file that can only be imported will do: then there is no plan */
    size_t test;              /* from 1: that test of the file, as a program; 0: the file's own */
    const char *title;        /* the test of that title, or the only one with that in its title; NULL: as `test` says */
};

/* driver_compile() runs the passes on the file and prints what they report. False where there is an error, or no plan;
 * driver_free() is due in any case. */
bool driver_compile(struct compilation *compilation, const struct request *request);
void driver_free(struct compilation *compilation);

/* The word after --dump=; false where there is no such dump. */
bool dump_from_name(const char *name, enum dump *dump);

/* How the program, the C file and the header are called where nobody says: the file's name without ".pipe", or the
 * pipeline's name for standard input and for a file that is only ".pipe". Lives as long as the plan. */
const char *driver_stem(const struct compilation *compilation);

#endif
