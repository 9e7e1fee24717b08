/* What scanner and parser share: the tree being built, and what the scanner must remember between tokens.
 */
#ifndef SCAN_H
#define SCAN_H

#include "ast.h"

#define NEST_MAX 200      /* braces within braces, outside C */
#define C_NEST_MAX 10000  /* brackets of all kinds within each other, in C */
#define NUL_MAX 8         /* a file with more NUL bytes is not text */
#define RESUME_MAX 8      /* times that reading starts again inside C text that is never closed */

struct scan {
    struct ast *ast;
    int history[4];        /* the tokens before this one, the last one first; 0 where there are none */
    bool after_tag;        /* the last one was struct, union or enum */
    uint32_t record;       /* where the `{` of an open record stands; 0: none is open */
    bool recovering;       /* the parser skips tokens: what is wrong with their letters is not told */

    /* C text and tests that are open. */
    char opener;           /* { ( or %, and t for a test */
    uint32_t open;         /* where it stands */
    size_t braces, parens, brackets;
    bool line_start;       /* only blanks and comments before this on its line */
    bool told_depth, told_return;
    bool broken;           /* what its tokens seem to tell is not to be trusted */
    struct span misplaced; /* a ; or } in an expression; empty: none */
    struct span resume;    /* the first word in it that begins a line as a declaration does; empty: none */
    unsigned resumes;

    /* A comment that is open, and where the scanner was before it. */
    uint32_t comment;
    int outside;
};

/* A scanner that begins at byte `start`; NULL where memory is short. scan_lex() reads with it. */
void *scan_open(struct scan *scan, size_t start);
void scan_close(void *scanner);

/* Tells whether a token is one with which a declaration begins. */
bool scan_is_declaration(int token);

/* Tells whether the place is at the very start of a line. */
bool scan_is_line_start(const struct scan *scan, uint32_t offset);

#endif
