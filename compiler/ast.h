/* The tree: a .pipe file as it was written. The parser builds it through the functions below; later passes read it and
 * fill in the members under "resolve".
 *
 * All of it, strings included, lives in one obstack of the `struct ast` and goes with it, so an error in the middle of
 * a file leaks nothing.
 */
#ifndef AST_H
#define AST_H

#include <obstack.h>

#include "source.h"

struct name {
    const char *text; /* NULL where the name is absent */
    struct span span;
};

/* A number, duration, size, rate, string or word, wherever the grammar wants one. */
enum value_kind { VALUE_NONE, VALUE_INT, VALUE_DOUBLE, VALUE_DURATION, VALUE_SIZE, VALUE_RATE, VALUE_STRING, VALUE_NAME };

struct value {
    enum value_kind kind;
    struct span span;
    int64_t i;        /* VALUE_INT; VALUE_DURATION in ns; VALUE_SIZE in bytes */
    double d;         /* VALUE_DOUBLE; VALUE_RATE per second */
    uint64_t per_ns;  /* VALUE_RATE: `i` permits each per_ns, exactly */
    const char *s;    /* VALUE_STRING, unescaped; VALUE_NAME */
    struct param *param; /* resolve: the param that a VALUE_NAME names; NULL where it is a rate or bound, or `true` */
};

/* C text: a body, a section, a prologue, an expression in ( ). The span excludes the braces or parentheses. */
struct code {
    bool present;
    struct span span;   /* of the text inside */
    const char *text;   /* in the source; not NUL-terminated */
    size_t len;
};

/* A C type: words and stars, as written, joined by single blanks ("const char *"). */
struct ctype {
    const char *text;
    struct span span;
    struct type_decl *decl; /* resolve: the `type` declaration of this name, or NULL */
};

enum decl_kind {
    DECL_INCLUDE, DECL_PROLOGUE, DECL_LINK, DECL_IMPORT, DECL_PARAM, DECL_TYPE, DECL_RECORD, DECL_CHANNEL, DECL_RATE,
    DECL_BOUND, DECL_STAGE, DECL_STATE, DECL_INIT, DECL_FINAL, DECL_TEST
};

/* Every declaration begins with this. The list of all is in the order of the file. */
struct decl {
    enum decl_kind kind;
    struct span span;   /* the whole declaration */
    struct name name;   /* absent for those without a name */
    const char *doc;    /* "doc" string or NULL */
    struct decl *next;
    bool used;          /* resolve: something names it */
};

struct include_decl { struct decl decl; const char *header; /* with its <> or "" */ };
struct prologue_decl { struct decl decl; struct code code; };  /* %{ %} */
struct link_decl { struct decl decl; const char *module; struct span at; };
struct import_decl { struct decl decl; const char *path; struct span at; };
struct section_decl { struct decl decl; struct code code; };   /* pipeline state, init, final */

enum param_type { PARAM_INT, PARAM_LONG, PARAM_DOUBLE, PARAM_BOOL, PARAM_STRING, PARAM_DURATION, PARAM_SIZE, PARAM_RATE, PARAM_UNKNOWN };

struct param {
    struct decl decl;
    struct name type_name;
    enum param_type type;   /* resolve: from type_name */
    bool operands;          /* NAME[] */
    struct value value;     /* default; VALUE_NONE: required */
    struct value low, high; /* `in LO..HI`; VALUE_NONE: none */
};

struct type_decl {
    struct decl decl;
    struct ctype c_type;
    struct name drop, clone;   /* functions */
};

struct field { struct ctype type; struct name name; struct value count; /* VALUE_NONE: no array */ struct field *next; };
struct record_decl { struct decl decl; struct field *fields; };

enum cap_kind { CAP_BOUNDED, CAP_RENDEZVOUS, CAP_GROWING };
enum drop_policy { DROP_NONE, DROP_NEWEST, DROP_OLDEST };

struct channel {
    struct decl decl;
    struct ctype type;
    bool is_input, is_output;   /* `input channel`, `output channel` */
    struct span port_span;      /* of that word */
    enum cap_kind cap_kind;
    struct value cap;           /* CAP_BOUNDED */
    enum drop_policy policy; struct span policy_span;
    bool broadcast; struct span broadcast_span;
    bool dead; struct span dead_span;
    const char *url; struct span url_span;   /* on "URL" */
};

struct rate_decl { struct decl decl; struct value rate; struct value burst; };
struct bound_decl { struct decl decl; struct value permits; };

enum choice { CHOICE_ONE, CHOICE_MERGE, CHOICE_PRIORITY };

/* One source channel of an input. */
struct source_ref { struct name name; struct channel *channel; /* resolve */ struct source_ref *next; };

struct input {
    struct name name;           /* what the body calls the item */
    enum choice choice;
    struct source_ref *sources;
    bool is_batch; struct value batch; struct value within; struct span batch_span;
    struct code batch_weight; struct value batch_limit; /* weight (E) 1M */
    struct code batch_per;                              /* per (E) */
    struct input *next;
};

struct output {
    struct name name;
    struct channel *channel;    /* resolve */
    bool counted; int64_t least, most; struct span count_span; /* [1], [0..1], [4] */
    struct output *next;
};

/* `rate` option: anonymous (value is a number or a param) or named (value is VALUE_NAME of a rate_decl). */
struct rate_option {
    bool present; struct span span;
    struct value rate; struct value burst; struct code per, cost; struct span per_span, cost_span;
    struct rate_decl *decl;     /* resolve: NULL where anonymous */
};

struct bound_option {
    struct span span;
    struct value permits; struct code per, weight; struct span per_span, weight_span;
    struct bound_decl *decl;    /* resolve: NULL where anonymous */
    struct bound_option *next;  /* a stage may have several bounds */
};

enum fail_then { THEN_DEFAULT, THEN_STOP, THEN_SKIP, THEN_CHANNEL };

struct fail_option {
    bool present; struct span span;
    bool retry; struct value retries, backoff_low, backoff_high; struct span retry_span;
    enum fail_then then; struct name channel;
};

struct stage {
    struct decl decl;
    struct span parens;         /* of the inputs; empty for a source */
    struct input *inputs;
    struct output *outputs;
    bool has_workers, workers_auto; struct value workers; struct span workers_span;
    struct rate_option rate;
    struct bound_option *bounds;
    bool ordered; struct span ordered_span;
    struct code by; struct span by_span;
    bool is_inline; struct span inline_span;
    bool blocking; struct span blocking_span;
    struct value every; struct span every_span;      /* VALUE_NONE: none */
    struct value timeout; struct span timeout_span;
    struct fail_option fail;
    struct code state, init, final, flush;
    struct value flush_every; struct span flush_span;
    struct code body;           /* absent where `= function` */
    struct name function;
};

struct ast {
    struct obstack memory;
    struct source *source;
    struct name pipeline;       /* absent: the file has no pipeline declaration */
    const char *doc;
    struct decl *decls;         /* all, in the order of the file */
    struct decl **last;
};

#endif
