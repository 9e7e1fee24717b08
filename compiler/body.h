/* What the compiler learns from the tokens of a C body: which of the language's calls stand in it, where, and what that
 * promises. The text itself stays as the author wrote it.
 */
#ifndef BODY_H
#define BODY_H

#include "ast.h"
#include "diag.h"

enum call_kind { CALL_EMIT, CALL_TRY_EMIT, CALL_FAIL, CALL_STOP, CALL_FINISH, CALL_STOPPING, CALL_FAILED, CALL_TAKE, CALL_REMAINING };

struct argument { struct span span; struct argument *next; };

/* One call, found by token: the word before `(`, not after `.` or `->`, not inside a preprocessor line. */
struct call {
    enum call_kind kind;
    struct span span;        /* from the word to `)`; for the statements emit and fail, to the `;` after it */
    struct span word;
    struct span arguments;   /* between the parentheses */
    struct argument *list;   /* split at top-level commas */
    size_t count;
    struct output *output;   /* emit: where to; NULL where that is an error already reported */
    struct span value;       /* emit: the value's text */
    bool dangling;           /* stands where a following `else` would bind to an `if` in its place: wrap in do … while (0) */
    struct call *next;       /* in the order of the text; calls inside an argument (take in emit) follow their outer call */
};

/* How many items one run of a body can send to an output. */
struct count { int64_t least, most; /* COUNT_ANY: no bound */ };
#define COUNT_ANY INT64_MAX

struct body {
    const struct code *code;
    struct call *calls;
    bool uses_self;          /* a bare `self` anywhere: it may pass it on */
    bool leaves_early;       /* return, goto, fail, a label, a preprocessor line */
};

/* body_scan() reads the tokens of `code`, a section or body of `stage` (NULL for the pipeline's own), and reports what
 * is wrong with its calls: E04xx. The result lives in the tree's memory. */
struct body *body_scan(struct ast *ast, struct diags *diags, struct stage *stage, const struct code *code);

/* body_count() tells how many items one run sends to `output`, as far as the tokens show. */
struct count body_count(const struct body *body, const struct output *output);

/* body_names() tells whether an identifier stands in the body, outside strings, comments and member names. */
bool body_names(const struct body *body, const char *name);

#endif
