/* The tree: a .pipe file as it was written. The parser builds it through the functions below; whatever comes later reads
 * it. A member under "facts" is one pointer to what follows from its node: facts/ sets it, and nothing after that.
 *
 * All of it, strings included, lives in the obstack that it is made with, so an error in the middle of a file leaks
 * nothing.
 */
#ifndef AST_H
#define AST_H

#include <obstack.h>

#include "text/diag.h"

/* Of parts and tests: part.h, parts/expand.h, test.h. */
struct part;
struct made;
struct instance;
struct test;

struct name {
    const char *text; /* NULL where the name is absent */
    struct span span;
};

/* A number, duration, size, rate, string or word, wherever the grammar wants one. */
enum value_kind {
    VALUE_NONE, VALUE_INT, VALUE_DOUBLE, VALUE_DURATION, VALUE_SIZE, VALUE_RATE, VALUE_STRING, VALUE_NAME,
    VALUE_AUTO /* the number of processors: a param's default */
};

struct value {
    enum value_kind kind;
    struct span span;
    int64_t i;        /* VALUE_INT; VALUE_DURATION in ns; VALUE_SIZE in bytes; VALUE_AUTO: 1, the least it is */
    double d;         /* VALUE_DOUBLE; VALUE_RATE per second */
    uint64_t per_ns;  /* VALUE_RATE: `i` permits each per_ns, exactly */
    const char *s;    /* VALUE_STRING, unescaped; VALUE_NAME */
    const struct param *param; /* facts: what a VALUE_NAME names; NULL where that is a rate or bound, or `true` */
};

/* C text: a body, a section, a prologue, an expression in ( ). The span excludes the braces or parentheses. */
struct code {
    bool present;
    struct span span;   /* of the text inside */
    size_t len;
    const struct body *body; /* facts: what its tokens tell (facts/body.h); NULL where absent */
};

/* A C type: words and stars, as written, joined by single blanks ("const char *"). */
struct ctype {
    const char *text;
    struct span span;
    const struct type_decl *decl; /* facts: the `type` declaration of this name, or NULL */
    const struct channel *letter; /* facts: the dead channel whose letters these are, or NULL */
    const struct record_decl *record; /* facts: the record of this name, or NULL */
};

enum decl_kind {
    DECL_INCLUDE, DECL_PROLOGUE, DECL_LINK, DECL_IMPORT, DECL_PARAM, DECL_TYPE, DECL_RECORD, DECL_CHANNEL, DECL_RATE,
    DECL_BOUND, DECL_STAGE, DECL_STATE, DECL_INIT, DECL_FINAL, DECL_TEST, DECL_PART,
    DECL_INSTANCE, /* a stage that is made of a part, or its group of stages: parts/expand.h */
    DECL_KINDS
};

/* Every declaration begins with this. The list of all is in the order of the file. */
struct decl {
    enum decl_kind kind;
    struct span span;   /* the whole declaration */
    struct name name;   /* absent for those without a name */
    const char *doc;    /* "doc" string or NULL */
    struct decl *next;
    struct decl *alike; /* the next one of its kind */
    size_t index;       /* its place among the declarations of its kind, from 0 */
    const struct decl_facts *facts; /* facts: of its kind (facts/decl.h) */
};

struct include_decl { struct decl decl; const char *header; /* with its <> or "" */ };
struct prologue_decl { struct decl decl; struct code code; };  /* %{ %} */
struct link_decl { struct decl decl; const char *module; struct span at; };
struct import_decl {
    struct decl decl;
    const char *path;  /* without its <> or "" */
    bool installed;    /* in <> */
    struct span at;
    struct ast *file;  /* parts/import.h: its tree; NULL where it could not be read */
};
/* state, init or final of the pipeline, or of the test whose program this is */
struct section_decl { struct decl decl; struct code code; bool of_test; };

enum param_type {
    PARAM_INT, PARAM_LONG, PARAM_DOUBLE, PARAM_BOOL, PARAM_STRING, PARAM_DURATION, PARAM_SIZE, PARAM_RATE, PARAM_UNKNOWN
};

struct param {
    struct decl decl;
    struct name type_name;
    enum param_type type;   /* that type_name says */
    bool operands;          /* NAME[] */
    bool not_given;         /* parts/tests.h: it has no value here */
    struct value value;     /* default; VALUE_NONE: required */
    struct value low, high; /* `in LO..HI`; VALUE_NONE: none */
    struct word *ends;      /* NAME(END, …): an expression, of a part (part.h); NULL: it is none */
    struct code code;       /* its default */
};

struct type_decl {
    struct decl decl;
    struct ctype c_type;
    struct name drop, clone;   /* functions */
    bool given;                /* `type T;` of a part; then `c_type` is its name */
    bool given_record;         /* `record R;` of a part */
};

enum field_form { FIELD_ONE, FIELD_ARRAY /* x[N] */, FIELD_LIST /* x[] */ };

struct field {
    struct ctype type;
    struct name name;
    enum field_form form; struct value count; struct span form_span; /* count: of an array */
    struct value key;   /* VALUE_STRING: how it is called in JSON and CSV; VALUE_NONE: as it is */
    struct field *next;
};
struct record_decl {
    struct decl decl;
    const char *c_type;        /* "struct NAME_": no variable hides a tag, and no header has one of ours */
    struct field *fields;
    size_t nfields;
};

enum cap_kind { CAP_BOUNDED, CAP_RENDEZVOUS, CAP_GROWING, CAP_GIVEN /* [], of a part */ };
enum drop_policy { DROP_NONE, DROP_NEWEST, DROP_OLDEST };

struct channel {
    struct decl decl;
    struct ctype type;          /* of what it carries; facts: of a dead one, its letters */
    struct ctype item;          /* facts: of a dead one, what is written: the item in a letter */
    bool is_input, is_output;   /* `input channel`, `output channel` */
    struct span port_span;      /* of that word */
    enum cap_kind cap_kind;
    struct value cap;           /* CAP_BOUNDED */
    enum drop_policy policy; struct span policy_span;
    bool broadcast; struct span broadcast_span;
    bool dead; struct span dead_span;
    const char *url; struct span url_span;   /* on "URL" */
};

/* VALUE_NONE: it is given, to a part. */
struct rate_decl { struct decl decl; struct value rate; struct value burst; };
struct bound_decl { struct decl decl; struct value permits; };

enum choice { CHOICE_ONE, CHOICE_MERGE, CHOICE_PRIORITY };

/* One source channel of an input. */
struct source_ref { struct name name; const struct channel *channel; /* facts */ struct source_ref *next; };

/* An expression of C over the item that an option is about: a key, a cost, a weight. */
struct term {
    struct code code;
    struct span span; /* with the word before it */
    bool given; const struct instance *scope; struct name item; /* parts/expand.h: it stands where the stage is made of a
                         part; what it sees there (NULL: the program), and calls the item */
};

struct input {
    struct name name;           /* what the body calls the item */
    struct name end;            /* `END: CHANNEL`, of the part that the stage is made of; absent: its only one */
    enum choice choice;
    struct source_ref *sources;
    bool pull; struct span pull_span;                   /* the body takes its items itself */
    bool is_batch; struct value batch; struct value within; struct span batch_span;
    struct code batch_weight; struct value batch_limit; /* weight (E) 1M */
    struct term batch_per;                              /* per (E) */
    struct input *next;
};

struct output {
    struct name name;               /* what the body calls it */
    struct name to;                 /* the channel: the same, but for `END: CHANNEL` and stages made of parts */
    bool is_end;                    /* `END: CHANNEL` */
    bool is_letter;                 /* facts: `on fail then -> CHANNEL`; the last one */
    size_t place;                   /* among the outputs of its stage, from 0 */
    const struct channel *channel;  /* facts */
    bool counted; int64_t least, most; struct span count_span; /* [1], [0..1], [4] */
    struct output *next;
};

/* `rate` option: anonymous (value is a number or a param) or named (value is VALUE_NAME of a rate_decl). */
struct rate_option {
    bool present; struct span span;
    struct value rate; struct value burst; struct term per, cost;
    const struct rate_decl *decl; /* facts: NULL where anonymous */
};

struct bound_option {
    struct span span;
    struct value permits; struct term per, weight;
    const struct bound_decl *decl; /* facts: NULL where anonymous */
    bool given;                 /* parts/expand.h: it stands where the stage is made of a part */
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
    struct bound_option *bounds, **last_bound;
    bool ordered; struct span ordered_span; struct value ahead; /* `ordered[N]`; VALUE_NONE: no N */
    struct term by;
    bool is_inline; struct span inline_span;
    bool blocking; struct span blocking_span;
    bool daemon; struct span daemon_span;
    struct value every; struct span every_span;      /* VALUE_NONE: none */
    struct value timeout; struct span timeout_span;
    struct fail_option fail;
    struct code functions, state, init, final, flush;
    struct value flush_every; struct span flush_span;
    struct code body;           /* absent where `= function` */
    struct name function;
    const struct made *made;    /* `= PART(…)`: what it is made of (part.h); NULL: it has a body of its own */
    bool left_out;              /* parts/uses.h: it cannot be made, which is told */
    bool feeds;                 /* parts/tests.h: it sends what a test feeds */
    const struct instance *instance; /* that it stands in (parts/expand.h); NULL: it stands in the file */
};

struct ast {
    struct obstack *memory;
    const struct sources *sources; /* that all spans lie in */
    struct source *source;         /* the file */
    const char *installed;         /* the directory of the library; NULL: there is none, or it is not known yet */
    struct diags *diags;        /* where the builders report */
    struct name pipeline;       /* absent: the file has no pipeline declaration */
    const char *doc;
    struct value drain;         /* its limit to a drain; VALUE_NONE: none */
    struct decl *decls;         /* all, in the order of the file */
    struct decl **last;
    size_t ndecls;
    size_t counts[DECL_KINDS];  /* of each kind */
    struct decl *of_kind[DECL_KINDS], **last_of_kind[DECL_KINDS]; /* those of each, linked by `alike` */
    const struct scope *parts;  /* parts/uses.h: those in sight */
    const struct scope *types;  /* facts: those in sight (parts/scope.h) */
    struct macros *macros;      /* facts, while parts are looked at: what they see of C (calls.h) */
    const struct body *above;   /* … and what it declares */
    struct part *part;          /* whose declarations these are (part.h); NULL: a file's */
    struct test *test;          /* whose own declarations these are (test.h), or whose program this is (parts/tests.h) */
    const struct ast *around;   /* of a part: the whole program, whose types and C text it sees */
    bool library;               /* parts/uses.h: the file can only be imported */
    bool *part_files;           /* parts/uses.h: by number, of which files its parts and tests name a type or part */
    bool complete;              /* parts/uses.h: all that was meant is in the tree */
    bool joined;                /* they stand in the tree of the whole program (parts/join.h) */
};

/* Declarations of one kind, in the order of the file: AST_EACH(ast, DECL_STAGE, struct stage, stage) { … } */
#define AST_EACH(ast, wanted, type, name) \
    for (type *name = (type *)(ast)->of_kind[wanted]; name; name = (type *)((const struct decl *)name)->alike)

#define DECLS_MAX 100000 /* the rest of a file with more is not read */

/* Whether a file may have such declarations though it has no pipeline, and is imported. */
bool decl_is_shared(enum decl_kind kind);

/* Whether the file can only be imported: it has no pipeline, and nothing that one needs. */
bool ast_is_library(const struct ast *ast);

/* What a declaration is, for messages: "a channel". */
const char *decl_noun(enum decl_kind kind);

/* An empty tree of a file of `sources`. It lives in `memory`; all of them are kept, and must outlive it. */
struct ast *ast_new(const struct sources *sources, struct source *source, struct diags *diags, struct obstack *memory);

/* An empty tree of what `ast` is one of: its file, its pipeline. */
struct ast *ast_new_like(const struct ast *ast);

/* Takes the declaration out of the list in which it stands, which is lost with that, to the end of this one. */
void ast_move(struct ast *ast, struct decl *decl);

/* `size` zero bytes that live as long as the tree. */
void *ast_alloc(struct ast *ast, size_t size);
const char *ast_copy(struct ast *ast, const char *text, size_t len);

/* ---- builders: what the grammar's actions call ----
 *
 * A list under construction is known by its last member, whose `next` is the first; whatever takes a finished list
 * opens the ring. An option that stands twice is reported, and the first one stays.
 */

struct word { struct name name; struct word *next; }; /* of a type: a name, or "*"; or an end's name, in NAME(END, …) */
struct range { struct value low, high; };
struct owning { struct name drop, clone; };

/* The outputs that a body sends to: all but that of its letters. NULL: there is none, or no further one. */
const struct output *output_first(const struct stage *stage);
const struct output *output_next(const struct output *output);

struct span span_join(struct span first, struct span last);

struct value value_auto(struct span at);
struct value value_name(struct name name);
struct value value_count(struct value value); /* a size where a number is wanted is that number: 1K is 1024 */

void ast_pipeline(struct ast *ast, struct name name, struct value doc, struct value drain);
void ast_include(struct ast *ast, struct span at, struct name header);
void ast_prologue(struct ast *ast, struct span at, struct code code);
void ast_link(struct ast *ast, struct span at, struct value module);
void ast_import(struct ast *ast, struct span at, struct name path);
struct param *ast_param(struct ast *ast, struct span at, struct name type, struct name name, bool operands, struct value value,
               struct range range, struct value doc);
struct type_decl *ast_type_new(struct ast *ast, struct span at, struct name name);
void ast_type(struct ast *ast, struct span at, struct name name, struct word *words, struct owning owning);
void ast_record(struct ast *ast, struct span at, struct name name, struct field *fields);
void ast_rate(struct ast *ast, struct span at, struct name name, struct value rate, struct value burst);
void ast_bound(struct ast *ast, struct span at, struct name name, struct value permits);
void ast_section(struct ast *ast, struct span at, enum decl_kind kind, struct code code);

struct word *word_add(struct ast *ast, struct word *last, struct name name);
struct owning owning_drop(struct ast *ast, struct owning owning, struct name name);
struct owning owning_clone(struct ast *ast, struct owning owning, struct name name);
struct field *field_new(struct ast *ast, struct word *words);
struct field *field_array(struct field *field, struct span at, struct value count);
struct field *field_list(struct field *field, struct span at);
struct field *field_key(struct field *field, struct value key);
struct field *field_add(struct field *last, struct field *field);

/* A channel that holds nothing is a rendezvous: [0], and in an instance, [N] where 0 is given. */
enum cap_kind cap_kind_of(enum cap_kind kind, const struct value *cap);
struct channel *channel_new(struct ast *ast, struct word *words, enum cap_kind kind, struct value cap);
struct channel *channel_drop(struct channel *channel, struct ast *ast, struct span at, enum drop_policy policy);
struct channel *channel_broadcast(struct channel *channel, struct ast *ast, struct span at);
struct channel *channel_dead(struct channel *channel, struct ast *ast, struct span at);
struct channel *channel_on(struct channel *channel, struct ast *ast, struct span at, struct value url);
struct channel *channel_input(struct channel *channel, struct span at);
struct channel *channel_output(struct channel *channel, struct span at);
void ast_channel(struct ast *ast, struct span at, struct channel *channel);

struct source_ref *source_add(struct ast *ast, struct source_ref *last, struct name name);
struct input *input_new(struct ast *ast, struct source_ref *sources, enum choice choice);
struct input *input_name(struct input *input, struct name name);
struct input *input_pull(struct input *input, struct span at);
struct input *input_batch(struct input *input, struct value size, struct span at);
struct input *input_within(struct input *input, struct ast *ast, struct span at, struct value time);
struct input *input_weight(struct input *input, struct ast *ast, struct span at, struct code code, struct value limit);
struct input *input_per(struct input *input, struct ast *ast, struct span at, struct code code);
struct input *input_add(struct input *last, struct input *input);
struct output *output_new(struct ast *ast, struct name name);
struct output *output_count(struct output *output, struct ast *ast, struct span at, int64_t least, int64_t most);
struct output *output_add(struct output *last, struct output *output);

struct stage *stage_new(struct ast *ast, struct name name, struct input *inputs, struct span parens,
                        struct output *outputs);
struct stage *stage_workers(struct stage *stage, struct ast *ast, struct span at, struct value workers);
struct stage *stage_rate(struct stage *stage, struct ast *ast, const struct rate_option *rate);
struct stage *stage_bound(struct stage *stage, struct bound_option *bound);
struct stage *stage_ordered(struct stage *stage, struct ast *ast, struct span at, struct value ahead);
struct stage *stage_by(struct stage *stage, struct ast *ast, struct span at, struct code code);
struct stage *stage_inline(struct stage *stage, struct ast *ast, struct span at);
struct stage *stage_blocking(struct stage *stage, struct ast *ast, struct span at);
struct stage *stage_daemon(struct stage *stage, struct ast *ast, struct span at);
struct stage *stage_every(struct stage *stage, struct ast *ast, struct span at, struct value time);
struct stage *stage_timeout(struct stage *stage, struct ast *ast, struct span at, struct value time);
struct stage *stage_fail(struct stage *stage, struct ast *ast, struct fail_option *fail, struct span at);
struct stage *stage_state(struct stage *stage, struct ast *ast, struct span at, struct code code);
struct stage *stage_functions(struct stage *stage, struct ast *ast, struct span at, struct code code);
struct stage *stage_init(struct stage *stage, struct ast *ast, struct span at, struct code code);
struct stage *stage_final(struct stage *stage, struct ast *ast, struct span at, struct code code);
struct stage *stage_flush(struct stage *stage, struct ast *ast, struct span at, struct value time, struct code code);
struct stage *stage_body(struct stage *stage, struct code code);
struct stage *stage_function(struct stage *stage, struct name function);
void ast_stage(struct ast *ast, struct span at, struct stage *stage);

struct rate_option *rate_new(struct ast *ast, struct span at, struct value rate);
struct rate_option *rate_burst(struct rate_option *rate, struct ast *ast, struct span at, struct value burst);
struct rate_option *rate_per(struct rate_option *rate, struct ast *ast, struct span at, struct code code);
struct rate_option *rate_cost(struct rate_option *rate, struct ast *ast, struct span at, struct code code);
struct bound_option *bound_new(struct ast *ast, struct span at, struct value permits);
struct bound_option *bound_per(struct bound_option *bound, struct ast *ast, struct span at, struct code code);
struct bound_option *bound_weight(struct bound_option *bound, struct ast *ast, struct span at, struct code code);
struct fail_option *fail_new(struct ast *ast);
struct fail_option *fail_retry(struct fail_option *fail, struct span at, struct value retries);
/* `at` is where the option ends. */
struct fail_option *fail_backoff(struct fail_option *fail, struct span at, struct value low, struct value high);
struct fail_option *fail_outcome(struct fail_option *fail, enum fail_then then, struct name channel);

#endif
