/* The plan: everything that was decided, as plain data: names, numbers, C texts and places in the file, and nothing of
 * the tree. The emitter and `--dump=plan` read it and decide nothing.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdio.h>

#include "facts/body.h"
#include "facts/count.h"
#include "facts/field.h"
#include "facts/functions.h"
#include "text/shown.h"

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* A count or a time that may come from a param. */
enum amount_kind { AMOUNT_NONE, AMOUNT_NUMBER, AMOUNT_PARAM };

struct amount {
    enum amount_kind kind;
    int64_t n;           /* the number, a time in ns; of a param its default, 1 where it has none */
    const char *param;   /* AMOUNT_PARAM: its name */
    bool processors;     /* AMOUNT_PARAM: its default is their number */
    const char *written; /* a time: as it stands in the file, "250ms" */
};

/* Permits in a second, exactly: 1/3s is 1.0 / 3, and the C compiler rounds it once. */
struct fraction { double dividend; uint64_t divisor; };

/* What an option of the program may hold. */
enum planned_type {
    TYPE_INT, TYPE_LONG, TYPE_DOUBLE, TYPE_BOOL, TYPE_STRING, TYPE_DURATION, TYPE_SIZE, TYPE_RATE, TYPE_OPERANDS
};

/* A literal of such a type; which member holds it follows from the type. */
struct constant {
    bool present;
    bool b;               /* TYPE_BOOL */
    int64_t i;            /* TYPE_INT, TYPE_LONG, TYPE_SIZE; TYPE_DURATION in ns */
    double d;             /* TYPE_DOUBLE */
    const char *s;        /* TYPE_STRING */
    struct fraction rate; /* TYPE_RATE */
};

/* ---- declarations ------------------------------------------------------------------------------------------------ */

struct planned_param {
    const char *name, *doc;     /* doc: NULL where there is none */
    struct span span;           /* of the declaration */
    enum planned_type type;
    struct constant value;      /* the default; absent: the option is required */
    bool processors;            /* the default is their number, within the range */
    bool ranged;
    struct constant low, high;  /* where ranged; `high` absent: the greatest of the type */
    bool given;                 /* of an instance: no option; bodies see `from`, `list` or `value` */
    const char *from;           /* the program's param; NULL: none */
    const char **list; size_t nlist; /* TYPE_OPERANDS without `from` */
};

/* type NAME = …; */
struct planned_typedef {
    const char *name, *c_type;
    struct span span; /* of the declaration */
    const char *drop; /* the author's function that drops an item; NULL: there is none */
    bool carried;     /* by a channel, so that something must drop its items */
    const char *clone; /* the author's function that copies an item, where a broadcast does; NULL: none does */
};

/* How a field stands in the structure. */
enum planned_form { FORM_ONE, FORM_ARRAY, FORM_LIST /* a pointer, and NAME_len */ };

struct planned_field {
    const char *name;
    const char *key;                    /* in JSON and CSV */
    enum field_kind kind;
    const char *c_type;                 /* of an element */
    enum planned_form form;
    int64_t count;                      /* FORM_ARRAY: elements; FIELD_TEXT: bytes */
    const struct planned_record *record; /* FIELD_RECORD */
};

/* record NAME { … } */
struct planned_record {
    const char *name;
    struct span span;           /* of the declaration */
    struct planned_field *fields; size_t nfields;
    bool owns;
    bool flat;                  /* each field is a column of CSV */
    bool calls[RECORD_CALLS];   /* the table and the functions that something needs */
    bool carried, copied;       /* a channel carries it, so that something must drop its items; a broadcast copies them */
    bool shown;                 /* a stage shows one that fails */
};

enum limit_kind { LIMIT_RATE, LIMIT_BOUND };

/* Rates and bounds in the order in which the wiring adds them: shared ones as they stand in the file, then for each
 * stage its own, which are called like it. */
struct planned_limit {
    enum limit_kind kind;
    const char *name;
    const char *symbol;    /* in C */
    bool shared;
    const char *param;     /* of a rate that comes from one; NULL: it is `rate` */
    struct fraction rate;
    struct amount burst;   /* of a rate; AMOUNT_NONE: 1 */
    struct amount permits; /* of a bound */
};

/* ---- instances of parts ------------------------------------------------------------------------------------------ */

enum clone_kind { CLONE_PLAIN, CLONE_STRING, CLONE_BYTES, CLONE_RECORD, CLONE_FUNCTION };

/* A type of the part, and what it is here. */
struct planned_given_type {
    const char *name;            /* in the part */
    const char *c_type;
    bool wants_name;             /* the C of the instance calls it INSTANCE_NAME … */
    bool named;                  /* … and names it */
    bool drops, clones;          /* NAME_drop and NAME_clone stand in its text */
    const char *drop;            /* as in planned_channel */
    enum clone_kind clone_kind;
    const char *clone;           /* CLONE_FUNCTION: the author's; CLONE_RECORD: the record's */
};

struct planned_argument {
    const char *c_type, *name;
    bool by_address;             /* the expression calls it `name`, and its text has (*name) instead */
};

/* A param that stands for an expression. */
struct planned_expression {
    const char *name, *c_type;
    bool is_key;
    struct planned_argument *arguments;
    size_t narguments;
    const struct body *body;
    const struct planned_instance *scope; /* whose params it sees; NULL: the program's */
};

struct planned_instance {
    const char *name;            /* "check" */
    const char *symbol, *member; /* its C names begin so; and it is called so among others */
    const char *part;
    const struct planned_instance *outer; /* that it stands in; NULL: in the file */
    struct span span, part_span; /* of the stage that is made, and of the part */
    struct planned_param *params; size_t nparams;
    struct planned_given_type *types; size_t ntypes;
    struct planned_expression *expressions; size_t nexpressions;
    const struct body *state, *init, *final; /* NULL where absent */
};

/* ---- channels ---------------------------------------------------------------------------------------------------- */

enum channel_kind {
    KIND_ONE_TO_ONE, KIND_MANY_TO_ONE, KIND_ONE_TO_MANY, KIND_MANY_TO_MANY, KIND_RENDEZVOUS, KIND_GROWING,
    KIND_CALL, /* holds nothing: an emit calls the inline stage */
    KIND_BROADCAST /* each stage that receives has a channel of its own */
};

/* What becomes of an item that is sent to a full one. */
enum when_full { FULL_WAITS, FULL_DROPS_NEWEST, FULL_DROPS_OLDEST };

/* What an emit does around a call: it lets the body leave when the pipeline ends, and counts. */
enum call_guard {
    GUARD_NONE,   /* nothing: each body calls exactly once */
    GUARD_COUNT,  /* counts: the only emit of a body */
    GUARD_ENDING, /* also looks whether the pipeline is ending */
    GUARD_SOURCE, /* also marks that the code that runs is not the source's: it may wait in the kernel */
    GUARD_RATE    /* also takes a permit of the source's rate */
};

struct planned_channel {
    const char *name;
    const char *symbol;          /* in C */
    struct span span, name_span; /* of the declaration */
    enum channel_kind kind;
    enum when_full full;
    const char *why;             /* "one sender, many receivers": the end of a comment */
    struct amount cap;           /* AMOUNT_NONE where it grows or is a rendezvous */
    int cycle;                   /* the cycle whose stages receive from it, from 1; 0: none */
    const char *type;            /* of an item, as written: "string" */
    const char *c_type;          /* in C: "char *" for string, "struct prt_bytes" for bytes */
    const char *meaning;         /* what `type` is declared as, else `type` */
    size_t item_size;            /* in bytes; 0: only the C compiler knows */
    bool foreign;                /* the type is the author's C: the C compiler may not know it */
    struct span type_span;       /* where it is written */
    const char *drop;            /* C function `void f(void *)` that drops an item in memory; NULL: owns nothing */
    struct planned_channel *copies; /* KIND_BROADCAST: of the stages that receive, in their order; each has a kind of its own */
    size_t ncopies;
    const struct planned_channel *declared; /* of such a copy: the one in the plan's list; NULL: it is none */
    const char *clone;           /* and the C function `void f(void *copy, const void *item)` for all but one of them; NULL:
                                  * none is needed */
    struct planned_stage *sender, *called; /* KIND_CALL: who calls, and the stage that an emit calls */
    enum call_guard guard;       /* then what the emit does around the call */
    bool finishes;               /* and whether that stage may have finished */
    const char *sent_as;         /* and what its sender calls it */
    bool letters;                /* carries letters: `c_type` is a structure of ours, with */
    const char *lost_type, *lost_drop; /* the item's type, and its drop as above */
    enum field_kind lost_kind;         /* as a field of a record; FIELD_UNKNOWN: it can be none */
    const struct planned_record *lost_record; /* FIELD_RECORD */
    bool lost_json;                    /* C text writes such letters as JSON */
};

/* ---- stages ------------------------------------------------------------------------------------------------------ */

struct planned_output {
    const char *name;            /* what the body calls it */
    struct planned_channel *channel;
    struct count count;          /* of one body, written or seen */
    bool check;                  /* the count is written and was not seen: checked as the program runs */
    bool emitted;                /* by emit or emit_ok of body, final or flush */
    bool tried;                  /* by a try_emit there */
    bool passed;                 /* by an emit of the item itself, which a failure undoes */
    bool letters;                /* what fails for good goes here, and nothing else */
};

struct planned_input {
    const char *name;
    const char *length;          /* of a batch: what the body calls how many items it has; NULL: it gets one item */
    struct amount batch, within; /* then at most so many, for so long; `within` AMOUNT_NONE: no limit */
    const struct body *weigh;    /* of a batch: what an item weighs; NULL: they are counted */
    struct amount weight;        /* then what they weigh together at most */
    bool next, next_for;         /* of a stage that pulls: such a call of it stands there */
    struct planned_channel **sources;
    size_t nsources;
    bool preferred;              /* from one of them only while those before it are empty */
    const char *c_type;
    const char *drop;            /* as in planned_channel */
};

/* Some of a stage's inputs in an order, as a next_any names them. */
struct planned_any {
    size_t *inputs; /* by their places */
    size_t n;
    bool all;       /* all of them, in their order */
};

/* An expression over the item that waits. */
struct planned_term {
    const struct body *body;     /* NULL: there is none */
    const char *item;            /* what it calls that */
    bool one;                    /* of a batch: it sees one of its items, as an array of that */
    const struct planned_instance *scope; /* whose params it sees; NULL: the program's */
};

/* An expression by which options tell items apart. */
struct planned_key {
    struct planned_term term;
    const char *symbol;          /* of its function: "by" */
    const char *text;            /* as it is written, or "..." */
};

enum keyed_kind { KEYED_BATCH, KEYED_BY, KEYED_RATE, KEYED_BOUND };

/* An option that has one. */
struct planned_keyed {
    enum keyed_kind kind;
    const struct planned_key *key;
    struct planned_term weight;  /* permits of a rate or units of a bound that an item takes; absent: one */
    const char *weight_symbol;
    const char *param;           /* of a rate that comes from one; NULL: it is `rate` */
    struct fraction rate;
    struct amount burst;         /* of a rate; AMOUNT_NONE: 1 */
    struct amount permits;       /* of a bound */
    struct span span;
};

static inline bool keyed_is_limit(const struct planned_keyed *keyed)
{
    return keyed->kind == KEYED_RATE || keyed->kind == KEYED_BOUND;
}

struct planned_bound {
    const struct planned_limit *limit;
    struct planned_term weight;  /* how many permits an item holds; absent: one */
};

/* An output of a stage or of one that runs within it, to a channel that holds items; of a broadcast, to one of its. */
struct planned_sent {
    const struct planned_stage *by;
    const struct planned_output *output;
    const struct planned_channel *channel;
    size_t place;                /* of it among those of the broadcast, from 0 */
    bool in_cycle;               /* what is sent there while the pipeline drains would keep a cycle going */
    int64_t most;                /* items that one body sends, with what runs within it; COUNT_ANY */
};

/* How many items reach the stage in a second, as far as rates say. */
struct planned_flow {
    double per_second;           /* INFINITY: no limit */
    const char *limiter;         /* the stage whose rate or interval it comes from; NULL: none */
    bool others;                 /* it is the sum of what several such stages let through, of which that is the first */
    bool by_default;             /* it comes from a param */
};

struct planned_stage {
    const char *name;
    const char *symbol;          /* its C names are PIPELINE_SYMBOL */
    const struct planned_instance *instance; /* NULL: it stands in the file */
    struct span span;            /* of the declaration */
    const char *summary;         /* its first line: "twice (j <- todo) -> done, workers 3" */
    const char *head;            /* the same without the place of the part that it is made of */
    const char *options;         /* what that says behind the outputs: "workers 3", parted by ", " */
    struct planned_stage *host;  /* an inline stage: where it runs; NULL: it is a stage of its own */
    struct planned_stage **inlines; /* of a host: what runs within it, each behind the one that calls it */
    size_t ninlines;
    size_t place;                /* an inline stage: its place there, from 1 */
    size_t depth;                /* and how many calls deep it runs: one more than its sender */
    struct planned_sent *sent;   /* of a host */
    size_t nsent;
    struct planned_input *inputs;
    size_t ninputs;
    bool pulls;                  /* its body takes items from them itself: it runs once in each worker */
    struct planned_any *anys;    /* the lists of inputs from which its next_any calls take, each once */
    size_t nanys;
    struct planned_output *outputs;
    size_t noutputs;
    struct amount workers;       /* of `workers N`, of `bound N` where only that is written; AMOUNT_NONE: one */
    bool workers_auto;           /* `workers auto`: as many as processors; `workers` is AMOUNT_NONE then */
    bool fixed;                  /* --workers may not change it: `workers` is not written */
    bool ordered;                /* results leave in the order their inputs came */
    struct amount ahead;         /* ordered: items that may have begun and not left; AMOUNT_NONE: twice the workers */
    bool blocking;
    bool daemon;                 /* a source that keeps nothing running */
    enum item_shown shown;       /* how an item is shown that fails */
    const char *shown_type;      /* its C type, without names of the file; of a record its name */
    bool skip;                   /* an item that fails is left out, and the run goes on */
    bool attempts;               /* the end of each body decides what becomes of its item: retry, timeout, letters */
    bool holds;                  /* what a body sends is held until it returns */
    const struct planned_output *letters; /* where an item goes that fails for good; NULL: nowhere */
    struct amount retries, backoff_low, backoff_high, timeout; /* AMOUNT_NONE: none */
    bool leaf;
    bool sleeps;                 /* a leaf whose bodies wait in the kernel by wait_for */
    const char *why;             /* of `leaf` or not, a sentence without its full stop */
    bool may_wait;               /* a body may wait for room */
    int cycle;                   /* that it ends with, from 1; 0: it ends by itself (cycles.h) */
    const struct planned_limit *rate; /* NULL: none */
    struct planned_term cost;         /* how many permits of it an item takes; absent: one */
    struct planned_bound *bounds;     /* as they are written */
    size_t nbounds;
    const struct planned_bound **taken; /* the same in the order in which their limits were added */
    struct planned_key *keys;         /* each once */
    size_t nkeys;
    struct planned_keyed *keyed;      /* in the order of the file */
    size_t nkeyed;
    struct amount every, flush_every;
    struct planned_flow flow;
    const char *function;        /* the body is this C function; NULL: it is `body` */
    struct span function_span;
    const struct functions *functions; /* NULL where absent */
    const struct body *body, *state, *init, *final, *flush; /* NULL where absent */
};

/* ---- a test ------------------------------------------------------------------------------------------------------ */

struct planned_failure { const char *stage, *text; struct span span; };

/* What a program that is a test has besides. What is fed and looked at are stages like any other. */
struct planned_test {
    const char *title;
    struct span span;                /* of the declaration */
    const struct body *init, *final; /* before and after all others; NULL where absent */
    struct planned_failure *failures; size_t nfailures; /* that are to come */
    const char **operands; size_t noperands; /* instead of the command line's */
};

/* ---- all of it --------------------------------------------------------------------------------------------------- */

/* What stands in the emitted file where it stands in the .pipe file, in its order. */
enum piece_kind { PIECE_INCLUDE, PIECE_PROLOGUE, PIECE_TYPE, PIECE_RECORD, PIECE_STAGE, PIECE_INSTANCE /* before its stages */ };

struct planned_piece {
    enum piece_kind kind;
    bool joined;            /* stands right behind one of its kind */
    const char *header;     /* PIECE_INCLUDE: with its <> or "" */
    struct span span;       /* PIECE_INCLUDE: of the declaration */
    struct span code;       /* PIECE_PROLOGUE */
    const struct planned_typedef *type;
    const struct planned_record *record;
    const struct planned_stage *stage;
    const struct planned_instance *instance;
    const struct planned_stage *declares; /* PIECE_STAGE, the first of those that run within one: that one; else NULL */
};

struct plan {
    const struct source *source;   /* the .pipe file */
    const struct sources *sources; /* that the places are in */
    struct obstack *memory;      /* that all of it lives in */
    const char *name, *doc;      /* of the pipeline; doc: NULL where there is none */
    struct span name_span;
    struct amount drain;         /* most that a drain may take; AMOUNT_NONE: no limit */
    const char **modules; size_t nmodules; /* libraries to link */
    struct planned_param *params; size_t nparams;
    bool wiring_reads_params;    /* a number of the wiring comes from one */
    struct planned_typedef *types; size_t ntypes;
    struct planned_record *records; size_t nrecords;
    bool forms;                  /* something reads or writes records as text */
    struct planned_piece *pieces; size_t npieces;
    struct planned_limit *limits; size_t nlimits;
    struct planned_instance *instances; size_t ninstances;
    bool several_sections;       /* an instance or a test has an init or a final besides the pipeline's */
    struct planned_channel *channels; size_t nchannels;
    struct planned_stage *stages; size_t nstages;
    const struct body *state, *init, *final; /* of the pipeline; NULL where absent */
    const struct planned_test *test; /* NULL: it is none */
    const char *drawing;         /* lines of the picture of the whole pipeline, without comment marks */
};

/* Whether anything runs before all stages, or after them: of the pipeline or of an instance. */
bool plan_has_init(const struct plan *plan);
bool plan_has_final(const struct plan *plan);

/* Whether nothing bounds the memory of its items. */
bool plan_grows(const struct planned_channel *channel);

struct facts;

/* plan_make() decides. Called only where there was no error. The result lives in the memory of the facts. */
struct plan *plan_make(const struct facts *facts);

/* plan_print() writes the plan as a table a person reads: `pipec check --plan` and `--dump=plan`. */
void plan_print(const struct plan *plan, FILE *to);

#endif
