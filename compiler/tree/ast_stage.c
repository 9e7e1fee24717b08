/* Builds stages: their inputs, outputs, options and sections.
 */
#include "tree/ast_build.h"

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

struct input *input_pull(struct input *input, struct span at)
{
    input->pull = true;
    input->pull_span = at;
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
        return ast_is_twice(ast, present, what, first, at);
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
    if (is_misplaced(ast, input, input->batch_per.code.present, "per", input->batch_per.span, at))
        return input;
    input->batch_per.code = code;
    input->batch_per.span = at;
    return input;
}

struct input *input_add(struct input *last, struct input *input)
{
    return RING_ADD(last, input);
}

struct output *output_new(struct ast *ast, struct name name)
{
    struct output *output = NEW(ast, struct output);

    output->name = output->to = name;
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
    output->place = last ? last->place + 1 : 0;
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
    if (ast_is_twice(ast, stage->has_workers, "workers", stage->workers_span, at))
        return stage;
    stage->has_workers = true;
    stage->workers_auto = workers.kind == VALUE_NONE;
    stage->workers = workers;
    stage->workers_span = at;
    return stage;
}

struct stage *stage_rate(struct stage *stage, struct ast *ast, const struct rate_option *rate)
{
    if (!ast_is_twice(ast, stage->rate.present, "rate", stage->rate.span, rate->span))
        stage->rate = *rate;
    return stage;
}

struct stage *stage_bound(struct stage *stage, struct bound_option *bound)
{
    *stage->last_bound = bound;
    stage->last_bound = &bound->next;
    return stage;
}

struct stage *stage_ordered(struct stage *stage, struct ast *ast, struct span at, struct value ahead)
{
    if (ast_is_twice(ast, stage->ordered, "ordered", stage->ordered_span, at))
        return stage;
    stage->ordered = true;
    stage->ordered_span = at;
    stage->ahead = ahead;
    return stage;
}

/* An expression that may stand once. */
static bool set_term(struct ast *ast, const char *word, struct term *term, struct span at, struct code code)
{
    if (ast_is_twice(ast, term->code.present, word, term->span, at))
        return false;
    term->code = code;
    term->span = at;
    return true;
}

struct stage *stage_by(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    set_term(ast, "by", &stage->by, at, code);
    return stage;
}

struct stage *stage_inline(struct stage *stage, struct ast *ast, struct span at)
{
    if (ast_is_twice(ast, stage->is_inline, "inline", stage->inline_span, at))
        return stage;
    stage->is_inline = true;
    stage->inline_span = at;
    return stage;
}

struct stage *stage_blocking(struct stage *stage, struct ast *ast, struct span at)
{
    if (ast_is_twice(ast, stage->blocking, "blocking", stage->blocking_span, at))
        return stage;
    stage->blocking = true;
    stage->blocking_span = at;
    return stage;
}

struct stage *stage_daemon(struct stage *stage, struct ast *ast, struct span at)
{
    if (ast_is_twice(ast, stage->daemon, "daemon", stage->daemon_span, at))
        return stage;
    stage->daemon = true;
    stage->daemon_span = at;
    return stage;
}

struct stage *stage_every(struct stage *stage, struct ast *ast, struct span at, struct value time)
{
    if (ast_is_twice(ast, stage->every.kind != VALUE_NONE, "every", stage->every_span, at))
        return stage;
    stage->every = time;
    stage->every_span = at;
    return stage;
}

struct stage *stage_timeout(struct stage *stage, struct ast *ast, struct span at, struct value time)
{
    if (ast_is_twice(ast, stage->timeout.kind != VALUE_NONE, "timeout", stage->timeout_span, at))
        return stage;
    stage->timeout = time;
    stage->timeout_span = at;
    return stage;
}

struct stage *stage_fail(struct stage *stage, struct ast *ast, struct fail_option *fail, struct span at)
{
    if (ast_is_twice(ast, stage->fail.present, "on fail", stage->fail.span, at))
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

struct stage *stage_functions(struct stage *stage, struct ast *ast, struct span at, struct code code)
{
    if (!is_second(ast, &stage->functions, "functions", at))
        stage->functions = code;
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
    ast_add(ast, &stage->decl, DECL_STAGE, at, stage->decl.name);
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
    if (ast_is_twice(ast, rate->burst.kind != VALUE_NONE, "burst", rate->burst.span, at))
        return rate;
    rate->burst = burst;
    rate->span.end = at.end;
    return rate;
}

struct rate_option *rate_per(struct rate_option *rate, struct ast *ast, struct span at, struct code code)
{
    if (set_term(ast, "per", &rate->per, at, code))
        rate->span.end = at.end;
    return rate;
}

struct rate_option *rate_cost(struct rate_option *rate, struct ast *ast, struct span at, struct code code)
{
    if (set_term(ast, "cost", &rate->cost, at, code))
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
    if (set_term(ast, "per", &bound->per, at, code))
        bound->span.end = at.end;
    return bound;
}

struct bound_option *bound_weight(struct bound_option *bound, struct ast *ast, struct span at, struct code code)
{
    if (set_term(ast, "weight", &bound->weight, at, code))
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

struct fail_option *fail_backoff(struct fail_option *fail, struct span at, struct value low, struct value high)
{
    fail->retry_span.end = at.end;
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
