/* What the compiler learns from the tokens of a C body: which of the language's calls stand in it, where, and what that
 * promises. The text itself stays as the author wrote it.
 */
#ifndef BODY_H
#define BODY_H

#include <obstack.h>

#include "facts/mention.h"
#include "text/source.h"

enum call_kind {
    CALL_EMIT, CALL_EMIT_OK, CALL_TRY_EMIT, CALL_FAIL, CALL_STOP, CALL_FINISH, CALL_STOPPING, CALL_FAILED, CALL_TAKE,
    CALL_REMAINING, CALL_STATUS, CALL_INTERRUPTED, CALL_WAIT_FOR, CALL_FAIL_AFTER, CALL_TOTAL,
    CALL_NEXT, CALL_NEXT_FOR, CALL_NEXT_ANY, CALL_LAST = CALL_NEXT_ANY
};

/* Where a call stands. emit and fail are statements; anywhere else they are errors. */
enum call_place { PLACE_STATEMENT, PLACE_UNENDED /* no `;` after it */, PLACE_EXPRESSION };

/* Whether the call sends. */
static inline bool call_sends(enum call_kind kind)
{
    return kind == CALL_EMIT || kind == CALL_EMIT_OK || kind == CALL_TRY_EMIT;
}

static inline bool call_fails(enum call_kind kind)
{
    return kind == CALL_FAIL || kind == CALL_FAIL_AFTER;
}

#define WAIT_FOR_ARGUMENTS 3 /* the descriptor, the events, the time */
#define NEXT_FOR_ARGUMENTS 2 /* the input, the time */

static inline bool call_pulls(enum call_kind kind)
{
    return kind == CALL_NEXT || kind == CALL_NEXT_FOR || kind == CALL_NEXT_ANY;
}

/* Stages in which calls mean something that elsewhere are any words of the author's: those whose bodies take their items
 * themselves, and sources. */
enum call_home { HOME_PULL = 1, HOME_SOURCE = 2, HOME_ANY = HOME_PULL | HOME_SOURCE };

/* Whether the call means something in a stage that is all of these, of enum call_home. */
static inline bool call_is_at_home(enum call_kind kind, unsigned homes)
{
    return call_pulls(kind) ? homes & HOME_PULL : kind == CALL_TOTAL ? homes & HOME_SOURCE : true;
}

#define NO_PLACE SIZE_MAX
#define ANY_PLACE (SIZE_MAX - 1)

struct argument { struct span span; struct argument *next; };

/* One call, found by token: the word before `(`, not after `.` or `->`, not inside a preprocessor line. */
struct call {
    enum call_kind kind;
    enum call_place place;
    struct span span;        /* from the word to `)`; for a PLACE_STATEMENT, to the `;` after it */
    struct span word;
    struct span arguments;   /* between the parentheses */
    struct argument *list;   /* split at top-level commas, blanks and comments around each cut off */
    size_t count;
    size_t output;           /* where an emit goes, by its place among the outputs; NO_PLACE: nowhere (calls.h) */
    struct span value;       /* then the text of what it emits */
    struct argument *time;   /* of a wait_for, a fail_after, a next_for: the argument that is a duration with its unit (time.h);
                              * NULL: C says it */
    int64_t ns;              /* then what it is */
    bool in_loop;            /* stands in a loop, or where nobody can say so */
    bool conditional;        /* stands behind a condition or in a loop */
    bool passes;             /* emits the item itself, taken, in a stage that holds what it sends */
    bool keeps;              /* a take in such a stage that no failure undoes */
    bool dangling;           /* a following `else` would bind to an `if` put in its place: the emitter sets braces */
    struct call *next;       /* in the order of the text; a call inside an argument follows its outer call */
};

/* A static variable. */
struct variable {
    const char *name;
    struct span span;
    bool plain; /* a number or a pointer: who takes its address changes it */
    struct variable *next;
};

/* A bare `self`. */
struct handed {
    const char *to; /* the function or macro whose argument it is; NULL: it stands elsewhere */
    struct handed *next;
};

struct body {
    struct span span;        /* of the text */
    struct call *calls;
    bool uses_self;          /* a bare `self` anywhere, that may be passed on to what sends */
    struct handed *handed;   /* all of those */
    bool calls_out;          /* calls a function, fails or says wait_for, so that it may wait in the kernel */
    bool leaves_early;       /* return, goto, fail, a label, a preprocessor line, a macro that may hide one */
    bool has_lines;          /* preprocessor lines, which may define macros for what follows */
    bool may_loop;           /* goto, a label, a preprocessor line, such a macro: any call may stand in a loop */
    struct span mutable_static; /* the first `static` that is not const; empty where there is none */
    struct variable *statics; /* those outside of functions that are variables and neither const nor atomic */
    struct span locked_emit; /* the first emit between a lock and its unlock; empty where there is none */
    struct span mismatch;    /* the first bracket that closes one of another kind; empty where there is none */
    struct mentions mentions; /* its identifiers */
    struct swap *swaps;      /* of a part, what stands for them in this instance (words.h), in the order of the text */
    const struct body *above; /* the C of the file that stands above it and belongs to no stage; NULL: none */
};

/* Other text stands in the place of a word, or of a word and the sign behind it. */
struct swap { struct span span; const char *text; struct swap *next; };

struct macros;

/* body_scan() reads the tokens of a piece of C of a file, which defines `macros` (facts/macro.h; NULL:
 * none) and declares in `above` what no stage has for itself, and only tells what stands there; check/bodies.c judges it.
 * `homes`: what its stage is, of enum call_home. The result lives in `memory`. */
struct body *body_scan(struct obstack *memory, const struct sources *sources, struct span span, const struct macros *macros,
                       const struct body *above, unsigned homes);

/* A text that only declares; body_declare() adds a name to it. */
struct body *body_new(struct obstack *memory, const struct body *above);
void body_declare(struct obstack *memory, struct body *body, const char *name);

/* body_names() tells whether an identifier stands in the body, outside strings, comments and member names, or in the text
 * of a macro of the file that does; body_mentions() how it does, of enum mention. */
bool body_names(const struct body *body, const char *name);
unsigned body_mentions(const struct body *body, const char *name);

#endif
