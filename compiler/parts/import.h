/* The files of a program: what its file imports, what those import, each once. */
#ifndef IMPORT_H
#define IMPORT_H

#include "tree/ast.h"

#define IMPORTS_MAX 4096 /* files of one program */

/* Where imports are looked for: those in "" first beside the file that imports them, then all in `dirs`, those in <> in
 * `installed` at last (NULL: there is none). `open` opens a file: NULL, and why in `why`, where it cannot; with errno
 * ENOENT where it is not there, so that the next place is looked at. */
struct places {
    const char *const *dirs;
    size_t ndirs;
    const char *installed;
    struct source *(*open)(void *data, const char *path, const char **why);
    void *data;
};

/* imports_read() reads and parses what the tree's file imports, and makes each import point to its file's tree. Reports
 * what cannot be read, and what a file cannot have that is imported. False where memory is short. */
bool imports_read(struct ast *ast, struct sources *sources, const struct places *places);

#endif
