/* Builds the tree. One builder for each thing that a grammar action adds; nothing here knows about tokens.
 */
#include "ast.h"

#include <stdlib.h>
#include <string.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

#define NEW(ast, type) ((type *)ast_alloc(ast, sizeof(type)))

/* Makes `item` the last member of a ring. */
#define RING_ADD(last, item) \
    ((item)->next = (last) ? (last)->next : (item), (last) ? (void)((last)->next = (item)) : (void)0, (item))

/* Opens a ring (or NULL) at its end and puts its first member into `first`. */
#define RING_OPEN(last, first) \
    do { \
        (first) = (last) ? (last)->next : NULL; \
        if (last) \
            (last)->next = NULL; \
    } while (0)

static const struct name no_name;

struct ast *ast_new(struct source *source, struct diags *diags)
{
    struct ast *ast = calloc(1, sizeof *ast);

    if (!ast)
        return NULL;
    obstack_init(&ast->memory);
    ast->source = source;
    ast->diags = diags;
    ast->last = &ast->decls;
    return ast;
}

void ast_free(struct ast *ast)
{
    if (!ast)
        return;
    obstack_free(&ast->memory, NULL);
    free(ast);
}

void *ast_alloc(struct ast *ast, size_t size)
{
    return memset(obstack_alloc(&ast->memory, (int)size), 0, size);
}

const char *ast_copy(struct ast *ast, const char *text, size_t len)
{
    return obstack_copy0(&ast->memory, text, (int)len);
}

struct span span_join(struct span first, struct span last)
{
    return (struct span){ first.start, last.end };
}

struct value value_name(struct name name)
{
    return (struct value){ .kind = VALUE_NAME, .span = name.span, .s = name.text };
}

struct value value_count(struct value value)
{
    if (value.kind == VALUE_SIZE)
        value.kind = VALUE_INT;
    return value;
}

/* Reports an option that stands at `first` already. */
static bool is_twice(struct ast *ast, bool present, const char *what, struct span first, struct span again)
{
    if (!present)
        return false;
    diag_report(ast->diags, "E0012", again, "'%s' stands twice", what);
    diag_note(ast->diags, first, "it stands here already");
    diag_hint(ast->diags, "write each option once");
    return true;
}

/* ---- declarations ---- */

static void decl_add(struct ast *ast, struct decl *decl, enum decl_kind kind, struct span at, struct name name)
{
    decl->kind = kind;
    decl->span = at;
    decl->name = name;
    *ast->last = decl;
    ast->last = &decl->next;
    if (++ast->ndecls == DECLS_MAX + 1)
        diag_report(ast->diags, "E0605", at, "a file has at most %d declarations", DECLS_MAX);
}

void ast_pipeline(struct ast *ast, struct name name, struct value doc)
{
    if (ast->pipeline.text) {
        diag_report(ast->diags, "E0014", name.span, "'%s' is a second pipeline in this file", name.text);
        diag_note(ast->diags, ast->pipeline.span, "'%s' is declared here", ast->pipeline.text);
        diag_hint(ast->diags, "a file holds one pipeline; move the other into a file of its own");
        return;
    }
    ast->pipeline = name;
    ast->doc = doc.s;
}

void ast_include(struct ast *ast, struct span at, struct name header)
{
    struct include_decl *include = NEW(ast, struct include_decl);

    include->header = header.text;
    decl_add(ast, &include->decl, DECL_INCLUDE, at, no_name);
}

void ast_prologue(struct ast *ast, struct span at, struct code code)
{
    struct prologue_decl *prologue = NEW(ast, struct prologue_decl);

    prologue->code = code;
    decl_add(ast, &prologue->decl, DECL_PROLOGUE, at, no_name);
}

/* The name goes to pkg-config and the linker, so it must not look like one of their options. */
static bool is_module(const char *name)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

    return *name && *name != '-' && strspn(name, letters) == strlen(name);
}

void ast_link(struct ast *ast, struct span at, struct value module)
{
    struct link_decl *link = NEW(ast, struct link_decl);

    if (!is_module(module.s)) {
        diag_report(ast->diags, "E0016", module.span, "'%s' is not the name of a library", module.s);
        diag_hint(ast->diags, "write the pkg-config module, or what follows -l: \"libcrypto\", \"m\"");
    }
    link->module = module.s;
    link->at = module.span;
    decl_add(ast, &link->decl, DECL_LINK, at, no_name);
}

void ast_import(struct ast *ast, struct span at, struct value path)
{
    struct import_decl *import = NEW(ast, struct import_decl);

    import->path = path.s;
    import->at = path.span;
    decl_add(ast, &import->decl, DECL_IMPORT, at, no_name);
}

void ast_param(struct ast *ast, struct span at, struct name type, struct name name, bool operands, struct value value,
               struct range range, struct value doc)
{
    struct param *param = NEW(ast, struct param);

    param->type_name = type;
    param->type = PARAM_UNKNOWN;
    param->operands = operands;
    param->value = value;
    param->low = range.low;
    param->high = range.high;
    param->decl.doc = doc.s;
    decl_add(ast, &param->decl, DECL_PARAM, at, name);
}

void ast_rate(struct ast *ast, struct span at, struct name name, struct value rate, struct value burst)
{
    struct rate_decl *decl = NEW(ast, struct rate_decl);

    decl->rate = rate;
    decl->burst = burst;
    decl_add(ast, &decl->decl, DECL_RATE, at, name);
}

void ast_bound(struct ast *ast, struct span at, struct name name, struct value permits)
{
    struct bound_decl *decl = NEW(ast, struct bound_decl);

    decl->permits = permits;
    decl_add(ast, &decl->decl, DECL_BOUND, at, name);
}

void ast_section(struct ast *ast, struct span at, enum decl_kind kind, struct code code)
{
    struct section_decl *section = NEW(ast, struct section_decl);

    section->code = code;
    decl_add(ast, &section->decl, kind, at, no_name);
}

void ast_test(struct ast *ast, struct span at, struct value title)
{
    struct decl *test = NEW(ast, struct decl);

    test->doc = title.s;
    decl_add(ast, test, DECL_TEST, at, no_name);
}

/* ---- types ---- */

struct word *word_add(struct ast *ast, struct word *last, struct name name)
{
    struct word *word = NEW(ast, struct word);

    word->name = name;
    return RING_ADD(last, word);
}

static bool is_star(const struct word *word)
{
    return !strcmp(word->name.text, "*");
}

/* The text of the words from `first` to before `end`: a blank between two words, none between two stars. */
static struct ctype ctype_new(struct ast *ast, const struct word *first, const struct word *end)
{
    struct obstack *memory = &ast->memory;
    struct span span = first->name.span;

    for (const struct word *word = first; word != end; word = word->next) {
        obstack_grow(memory, word->name.text, (int)strlen(word->name.text));
        if (word->next != end && !(is_star(word) && is_star(word->next)))
            obstack_1grow(memory, ' ');
        span.end = word->name.span.end;
    }
    obstack_1grow(memory, '\0');
    return (struct ctype){ .text = obstack_finish(memory), .span = span };
}

/* Splits `int *x` into the type and the name, which is the last word. The name stays absent where one of the two is
 * missing. */
static struct ctype split_words(struct ast *ast, struct word *last, struct name *name)
{
    struct word *first;

    RING_OPEN(last, first);
    *name = no_name;
    if (is_star(last)) {
        diag_report(ast->diags, "E0017", last->name.span, "the name is missing after '*'");
    } else if (first == last) {
        diag_report(ast->diags, "E0017", last->name.span, "'%s' stands alone: a type or a name is missing",
                    last->name.text);
        diag_hint(ast->diags, "the type stands before the name, as in: int total");
    } else if (is_star(first)) {
        diag_report(ast->diags, "E0017", first->name.span, "a type begins with a word");
    } else {
        *name = last->name;
    }
    return ctype_new(ast, first, first == last ? NULL : last);
}

void ast_type(struct ast *ast, struct span at, struct name name, struct word *words, struct owning owning)
{
    struct type_decl *type = NEW(ast, struct type_decl);
    struct word *first;

    RING_OPEN(words, first);
    if (is_star(first))
        diag_report(ast->diags, "E0017", first->name.span, "a type begins with a word");
    type->c_type = ctype_new(ast, first, NULL);
    type->drop = owning.drop;
    type->clone = owning.clone;
    decl_add(ast, &type->decl, DECL_TYPE, at, name);
}

struct owning owning_drop(struct ast *ast, struct owning owning, struct name name)
{
    if (!is_twice(ast, owning.drop.text, "drop", owning.drop.span, name.span))
        owning.drop = name;
    return owning;
}

struct owning owning_clone(struct ast *ast, struct owning owning, struct name name)
{
    if (!is_twice(ast, owning.clone.text, "clone", owning.clone.span, name.span))
        owning.clone = name;
    return owning;
}

struct field *field_add(struct ast *ast, struct field *last, struct word *words, struct value count)
{
    struct field *field = NEW(ast, struct field);

    field->type = split_words(ast, words, &field->name);
    field->count = count;
    return RING_ADD(last, field);
}

void ast_record(struct ast *ast, struct span at, struct name name, struct field *fields)
{
    struct record_decl *record = NEW(ast, struct record_decl);

    RING_OPEN(fields, record->fields);
    decl_add(ast, &record->decl, DECL_RECORD, at, name);
}

/* ---- channels ---- */

struct channel *channel_new(struct ast *ast, struct word *words, enum cap_kind kind, struct value cap)
{
    struct channel *channel = NEW(ast, struct channel);

    channel->type = split_words(ast, words, &channel->decl.name);
    channel->cap_kind = kind == CAP_BOUNDED && cap.kind == VALUE_INT && cap.i == 0 ? CAP_RENDEZVOUS : kind;
    channel->cap = cap;
    return channel;
}

struct channel *channel_drop(struct channel *channel, struct ast *ast, struct span at, enum drop_policy policy)
{
    if (is_twice(ast, channel->policy != DROP_NONE, "drop", channel->policy_span, at))
        return channel;
    channel->policy = policy;
    channel->policy_span = at;
    return channel;
}

struct channel *channel_broadcast(struct channel *channel, struct ast *ast, struct span at)
{
    if (is_twice(ast, channel->broadcast, "broadcast", channel->broadcast_span, at))
        return channel;
    channel->broadcast = true;
    channel->broadcast_span = at;
    return channel;
}

struct channel *channel_dead(struct channel *channel, struct ast *ast, struct span at)
{
    if (is_twice(ast, channel->dead, "dead", channel->dead_span, at))
        return channel;
    channel->dead = true;
    channel->dead_span = at;
    return channel;
}

struct channel *channel_on(struct channel *channel, struct ast *ast, struct span at, struct value url)
{
    if (is_twice(ast, channel->url, "on", channel->url_span, at))
        return channel;
    channel->url = url.s;
    channel->url_span = url.span;
    return channel;
}

struct channel *channel_input(struct channel *channel, struct span at)
{
    channel->is_input = true;
    channel->port_span = at;
    return channel;
}

struct channel *channel_output(struct channel *channel, struct span at)
{
    channel->is_output = true;
    channel->port_span = at;
    return channel;
}

void ast_channel(struct ast *ast, struct span at, struct channel *channel)
{
    if (channel->decl.name.text)
        decl_add(ast, &channel->decl, DECL_CHANNEL, at, channel->decl.name);
    else
        diags_incomplete(ast->diags);
}

/* ---- inputs and outputs ---- */

struct source_ref *source_add(struct ast *ast, struct source_ref *last, struct name name)
{
    struct source_ref *source = NEW(ast, struct source_ref);

    source->name = name;
    return RING_ADD(last, source);
}

struct input *input_new(struct ast *ast, struct source_ref *sources, enum choice choice)
{
    struct input *input = NEW(ast, struct input);

    input->choice = choice;
    RING_OPEN(sources, input->sources);
    return input;
}

struct input *input_name(struct input *input, struct name name)
{
    input->name = name;
    return input;
}

struct input *input_batch(struct input *input, struct value size, struct span at)
{
    input->is_batch = true;
    input->batch = size;
    input->batch_span = at;
    return input;
}

/* Reports an option of batches at an input that is none, or one that stands twice. */
static bool is_misplaced(struct ast *ast, const struct input *input, bool present, const char *what, struct span first,
                         struct span at)
{
    if (input->is_batch)
        return is_twice(ast, present, what, first, at);
    diag_report(ast->diags, "E0019", at, "'%s' is for a batch, and '%s' is one item", what, input->name.text);
    diag_hint(ast->diags, "gather items with %s[100] <- ..., or leave '%s' out", input->name.text, what);
    return true;
}

struct input *input_within(struct input *input, struct ast *ast, struct span at, struct value time)
{
    if (!is_misplaced(ast, input, input->within.kind != VALUE_NONE, "within", input->within.span, at))
        input->within = time;
    return input;
}

struct input *input_weight(struct input *input, struct ast *ast, struct span at, struct code code, struct value limit)
{
    if (is_misplaced(ast, input, input->batch_weight.present, "weight", input->batch_weight.span, at))
        return input;
    input->batch_weight = code;
    input->batch_limit = limit;
    return input;
}

struct input *input_per(struct input *input, struct ast *ast, struct span at, struct code code)
{
    if (!is_misplaced(ast, input, input->batch_per.present, "per", input->batch_per.span, at))
        input->batch_per = code;
    return input;
}

struct input *input_add(struct input *last, struct input *input)
{
    return RING_ADD(last, input);
}

struct output *output_new(struct ast *ast, struct name name)
{
    struct output *output = NEW(ast, struct output);

    output->name = name;
    return output;
}

struct output *output_count(struct output *output, struct ast *ast, struct span at, int64_t least, int64_t most)
{
    if (least < 0 || most < least || most == 0) {
        diag_report(ast->diags, "E0018", at, "'%s' would never get an item", output->name.text);
        diag_hint(ast->diags, "write how many items each input gives: [1], [4], [0..1]");
        return output;
    }
    output->counted = true;
    output->least = least;
    output->most = most;
    output->count_span = at;
    return output;
}

struct output *output_add(struct output *last, struct output *output)
{
    return RING_ADD(last, output);
}

/* ---- stages ---- */

struct stage *stage_new(struct ast *ast, struct name name, struct input *inputs, struct span parens,
                        struct output *outputs)
{
    struct stage *stage = NEW(ast, struct stage);

    stage->decl.name = name;
    stage->parens = parens;
    RING_OPEN(inputs, stage->inputs);
    RING_OPEN(outputs, stage->outputs);
    stage->last_bound = &stage->bounds;
    return stage;
}

struct stage *stage_workers(struct stage *stage, struct ast *ast, struct span at, struct value workers)
{
    if (is_twice(ast, stage->has_workers, "workers", stage->workers_span, at))
        return stage;
    stage->has_workers = true;
    stage->workers_auto = workers.kind == VALUE_NONE;
    stage->workers = workers;
    stage->workers_span = at;
    return stage;
}

struct stage *stage_rate(struct stage *stage, struct ast *ast, const struct rate_option *rate)
{
    if (!is_twice(ast, stage->rate.present, "rate", stage->rate.span, rate->span))
        stage->rate = *rate;
    return stage;
}

struct stage *stage_bound(struct stage *stage, struct bound_option *bound)
{
    *stage->last_bound = bound;
    stage->last_bound = &bound->next;
    return stage;
}

struct stage *stage_ordered(struct stage *stage, struct ast *ast, struct span at)
{
    if (is_twice(ast, stage->ordered, "ordered", stage->ordered_span, at))
        return stage;
    stage->ordered = true;
    stage->ordered_span = at;
    return stage;
}

struct stage *stage_by(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    if (is_twice(ast, stage->by.present, "by", stage->by_span, at))
        return stage;
    stage->by = code;
    stage->by_span = at;
    return stage;
}

struct stage *stage_inline(struct stage *stage, struct ast *ast, struct span at)
{
    if (is_twice(ast, stage->is_inline, "inline", stage->inline_span, at))
        return stage;
    stage->is_inline = true;
    stage->inline_span = at;
    return stage;
}

struct stage *stage_blocking(struct stage *stage, struct ast *ast, struct span at)
{
    if (is_twice(ast, stage->blocking, "blocking", stage->blocking_span, at))
        return stage;
    stage->blocking = true;
    stage->blocking_span = at;
    return stage;
}

struct stage *stage_every(struct stage *stage, struct ast *ast, struct span at, struct value time)
{
    if (is_twice(ast, stage->every.kind != VALUE_NONE, "every", stage->every_span, at))
        return stage;
    stage->every = time;
    stage->every_span = at;
    return stage;
}

struct stage *stage_timeout(struct stage *stage, struct ast *ast, struct span at, struct value time)
{
    if (is_twice(ast, stage->timeout.kind != VALUE_NONE, "timeout", stage->timeout_span, at))
        return stage;
    stage->timeout = time;
    stage->timeout_span = at;
    return stage;
}

struct stage *stage_fail(struct stage *stage, struct ast *ast, struct fail_option *fail, struct span at)
{
    if (is_twice(ast, stage->fail.present, "on fail", stage->fail.span, at))
        return stage;
    fail->present = true;
    fail->span = at;
    stage->fail = *fail;
    return stage;
}

static bool is_second(struct ast *ast, const struct code *present, const char *what, struct span at)
{
    if (!present->present)
        return false;
    diag_report(ast->diags, "E0013", at, "a second '%s' in one stage", what);
    diag_note(ast->diags, (struct span){ present->span.start - 1, present->span.end + 1 }, "the first is here");
    diag_hint(ast->diags, "put both into one; the pipeline's own sections stand before the stages");
    return true;
}

struct stage *stage_state(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    if (!is_second(ast, &stage->state, "state", at))
        stage->state = code;
    return stage;
}

struct stage *stage_init(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    if (!is_second(ast, &stage->init, "init", at))
        stage->init = code;
    return stage;
}

struct stage *stage_final(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    if (!is_second(ast, &stage->final, "final", at))
        stage->final = code;
    return stage;
}

struct stage *stage_flush(struct stage *stage, struct ast *ast, struct span at, struct value time, struct code code)
{
    if (is_second(ast, &stage->flush, "flush", at))
        return stage;
    stage->flush = code;
    stage->flush_every = time;
    stage->flush_span = at;
    return stage;
}

struct stage *stage_body(struct stage *stage, struct code code)
{
    stage->body = code;
    return stage;
}

struct stage *stage_function(struct stage *stage, struct name function)
{
    stage->function = function;
    return stage;
}

void ast_stage(struct ast *ast, struct span at, struct stage *stage)
{
    decl_add(ast, &stage->decl, DECL_STAGE, at, stage->decl.name);
}

/* ---- options with parts ---- */

struct rate_option *rate_new(struct ast *ast, struct span at, struct value rate)
{
    struct rate_option *option = NEW(ast, struct rate_option);

    option->present = true;
    option->span = at;
    option->rate = rate;
    return option;
}

struct rate_option *rate_burst(struct rate_option *rate, struct ast *ast, struct span at, struct value burst)
{
    if (is_twice(ast, rate->burst.kind != VALUE_NONE, "burst", rate->burst.span, at))
        return rate;
    rate->burst = burst;
    rate->span.end = at.end;
    return rate;
}

struct rate_option *rate_per(struct rate_option *rate, struct ast *ast, struct span at, struct code code)
{
    if (is_twice(ast, rate->per.present, "per", rate->per_span, at))
        return rate;
    rate->per = code;
    rate->per_span = at;
    rate->span.end = at.end;
    return rate;
}

struct rate_option *rate_cost(struct rate_option *rate, struct ast *ast, struct span at, struct code code)
{
    if (is_twice(ast, rate->cost.present, "cost", rate->cost_span, at))
        return rate;
    rate->cost = code;
    rate->cost_span = at;
    rate->span.end = at.end;
    return rate;
}

struct bound_option *bound_new(struct ast *ast, struct span at, struct value permits)
{
    struct bound_option *option = NEW(ast, struct bound_option);

    option->span = at;
    option->permits = permits;
    return option;
}

struct bound_option *bound_per(struct bound_option *bound, struct ast *ast, struct span at, struct code code)
{
    if (is_twice(ast, bound->per.present, "per", bound->per_span, at))
        return bound;
    bound->per = code;
    bound->per_span = at;
    bound->span.end = at.end;
    return bound;
}

struct bound_option *bound_weight(struct bound_option *bound, struct ast *ast, struct span at, struct code code)
{
    if (is_twice(ast, bound->weight.present, "weight", bound->weight_span, at))
        return bound;
    bound->weight = code;
    bound->weight_span = at;
    bound->span.end = at.end;
    return bound;
}

struct fail_option *fail_new(struct ast *ast)
{
    return NEW(ast, struct fail_option);
}

struct fail_option *fail_retry(struct fail_option *fail, struct span at, struct value retries)
{
    fail->retry = true;
    fail->retry_span = at;
    fail->retries = retries;
    return fail;
}

struct fail_option *fail_backoff(struct fail_option *fail, struct value low, struct value high)
{
    fail->backoff_low = low;
    fail->backoff_high = high;
    return fail;
}

struct fail_option *fail_outcome(struct fail_option *fail, enum fail_then then, struct name channel)
{
    fail->then = then;
    fail->channel = channel;
    return fail;
}
