/* Bodies: each call of the language in them goes where it can, with what it needs, and stands where it may.
 */
#include "check/check.h"

#include <string.h>

#include "facts/item.h"
#include "facts/promise.h"
#include "facts/workers.h"
#include "parts/instance.h"
#include "text/ctoken.h"
#include "text/memory.h"
#include "text/suggest.h"
#include "tree/term.h"

/* What the C text at hand is. */
enum where { IN_BODY, IN_INIT, IN_FINAL, IN_FLUSH, IN_PIPELINE, IN_EXPRESSION, IN_FUNCTION };

struct walk {
    struct check *check;
    const struct stage *stage; /* NULL: the pipeline */
    enum where where;
    bool lost;           /* an emit of the stage goes nowhere, which is reported already */
};

const char *call_name(enum call_kind kind)
{
    switch (kind) {
    case CALL_EMIT: return "emit";
    case CALL_EMIT_OK: return "emit_ok";
    case CALL_TRY_EMIT: return "try_emit";
    case CALL_FAIL: return "fail";
    case CALL_STOP: return "stop";
    case CALL_FINISH: return "finish";
    case CALL_STOPPING: return "stopping";
    case CALL_FAILED: return "failed";
    case CALL_TAKE: return "take";
    case CALL_REMAINING: return "remaining";
    case CALL_STATUS: return "status";
    case CALL_INTERRUPTED: return "interrupted";
    case CALL_WAIT_FOR: return "wait_for";
    case CALL_FAIL_AFTER: return "fail_after";
    case CALL_TOTAL: return "total";
    case CALL_NEXT: return "next";
    case CALL_NEXT_FOR: return "next_for";
    case CALL_NEXT_ANY: return "next_any";
    }
    return NULL;
}

bool call_is_named(const char *word, unsigned homes)
{
    for (int kind = 0; kind <= CALL_LAST; kind++)
        if (!strcmp(word, call_name((enum call_kind)kind)) && call_is_at_home((enum call_kind)kind, homes))
            return true;
    return false;
}

/* Without the `;` of a statement. */
static struct span call_span(const struct call *call)
{
    return (struct span){ call->word.start, call->arguments.end + 1 };
}

static const char *text_of(const struct walk *walk, struct span span)
{
    return memory_copy(walk->check->memory, sources_text(walk->check->ast->sources, span.start), span.end - span.start);
}

static bool only_word(const struct walk *walk, struct span span, struct ctoken *word)
{
    return ctoken_only_word(walk->check->ast->sources, span, word);
}

static bool is_text(const struct walk *walk, struct span span)
{
    struct lexer lexer = lexer_start(walk->check->ast->sources, span);
    struct ctoken token;

    lexer_next(&lexer, &token);
    while (token.kind == TOKEN_STRING)
        lexer_next(&lexer, &token);
    return token.kind == TOKEN_END && span.end > span.start;
}

static const struct input *find_input(const struct stage *stage, const char *name)
{
    const struct input *input = stage->inputs;

    while (input && strcmp(input->name.text, name) != 0)
        input = input->next;
    return input;
}

static bool input_owns(const struct input *input)
{
    const struct channel *channel = input->sources ? input->sources->channel : NULL;

    return !input->is_batch && channel && item_owns(&channel->type);
}

/* ---- emit ---- */

#define SEARCHES_MAX 2000 /* errors after which no more channels are looked up for a hint */

static const struct decl *find_channel(const struct walk *walk, const char *name)
{
    const struct graph *graph = walk->check->graph;

    for (size_t c = 0; c < graph->nchannels && diag_errors(walk->check->diags) < SEARCHES_MAX; c++)
        if (!strcmp(graph->channels[c]->decl.name.text, name))
            return &graph->channels[c]->decl;
    return NULL;
}

static struct span outputs_span(const struct stage *stage)
{
    const struct output *last = stage->outputs;

    while (output_next(last))
        last = output_next(last);
    return (struct span){ stage->outputs->name.span.start, last->name.span.end };
}

static void report_no_output(struct walk *walk, const struct argument *channel, const char *name)
{
    const struct decl *decl = find_channel(walk, name);
    struct suggestion suggestion = suggestion_for(name);
    struct diags *diags = walk->check->diags;

    diag_report(diags, "E0403", channel->span, "'%s' is no output of stage '%s'", name, walk->stage->decl.name.text);
    for (const struct output *output = output_first(walk->stage); output; output = output_next(output))
        suggestion_offer(&suggestion, output->name.text);
    diag_note(diags, outputs_span(walk->stage), "these are the outputs of '%s'", walk->stage->decl.name.text);
    if (suggestion.best && !decl)
        diag_hint(diags, "did you mean '%s'?", suggestion.best);
    else if (decl && ((const struct channel *)decl)->dead)
        diag_hint(diags, "what fails goes there by itself: on fail then -> %s", name);
    else if (decl)
        diag_hint(diags, "add the channel to the stage's outputs: -> …, %s", name);
    else
        diag_hint(diags, "the first of two arguments is a channel; put parentheses around a value with a comma in it");
}

/* Of a call with several arguments, the first of which names no output. */
static void report_not_named(struct walk *walk, const struct call *call)
{
    struct ctoken word;

    if (call->count == 2 && only_word(walk, call->list->span, &word)) {
        report_no_output(walk, call->list, word.word);
        return;
    }
    diag_report(walk->check->diags, "E0410", call->arguments, "%s takes a value, or a channel and a value",
                call_name(call->kind));
    diag_hint(walk->check->diags, "put parentheses around a value with a comma in it");
}

static void report_not_sole(struct walk *walk, const struct call *call)
{
    diag_report(walk->check->diags, "E0409", call->word, "stage '%s' has several outputs, and this %s names none",
                walk->stage->decl.name.text, call_name(call->kind));
    diag_note(walk->check->diags, outputs_span(walk->stage), "these are its outputs");
    diag_hint(walk->check->diags, "%s(%s, …)", call_name(call->kind), walk->stage->outputs->name.text);
}

static bool may_emit_here(struct walk *walk, const struct call *call)
{
    struct diags *diags = walk->check->diags;
    const char *name = call_name(call->kind);

    if (walk->where == IN_EXPRESSION || walk->where == IN_PIPELINE || walk->where == IN_INIT) {
        diag_report(diags, "E0406", call->word, "%s cannot stand %s", name,
                    walk->where == IN_INIT       ? "in init: no item has come yet"
                    : walk->where == IN_PIPELINE ? "in a section of the pipeline: only stages have outputs"
                                                 : "in an expression that only measures an item");
        diag_hint(diags, "send items from a body, from final, or from a source of its own");
        return false;
    }
    if (!output_first(walk->stage)) {
        diag_report(diags, "E0401", call->word, "stage '%s' has no output to send to", walk->stage->decl.name.text);
        diag_note(diags, walk->stage->decl.name.span, "'%s' is declared without -> here", walk->stage->decl.name.text);
        diag_hint(diags, "write -> CHANNEL after its inputs, or leave the %s out", name);
        return false;
    }
    return true;
}

static const struct channel *channel_of(const struct stage *stage, const struct call *call)
{
    const struct output *output = stage->outputs;

    while (output->place != call->output)
        output = output->next;
    return output->channel;
}

static void check_value(struct walk *walk, const struct call *call)
{
    struct diags *diags = walk->check->diags;
    struct ctoken word;
    const struct input *input =
        only_word(walk, call->value, &word) ? find_input(walk->stage, word.word) : NULL;
    const struct channel *to = channel_of(walk->stage, call);

    if (walk->where == IN_BODY && input && input_owns(input)) {
        diag_report(diags, "E0404", call->value, "'%s' is dropped when this body ends, so it cannot be sent as it is",
                    word.word);
        diag_note(diags, input->name.span, "'%s' is an item of type %s, which owns memory", word.word,
                  input->sources->channel->type.text);
        if (call->kind == CALL_TRY_EMIT)
            diag_hint(diags, "move it out first, and release it where it was not sent: T mine = take(%s);", word.word);
        else
            diag_hint(diags, "take(%s) moves it out", word.word);
    }
    if (to && item_is_string(&to->type) && is_text(walk, call->value)) {
        diag_report(diags, "E0405", call->value, "a string item owns its memory, and this text is a constant");
        diag_note(diags, to->type.span, "items of '%s' are freed when they were used", to->decl.name.text);
        diag_hint(diags, "send a copy: strdup(%s)",
                  call->value.end - call->value.start < 40 ? text_of(walk, call->value) : "…");
    }
}

static void report_no_value(struct walk *walk, const struct call *call)
{
    diag_report(walk->check->diags, "E0410", call_span(call), "%s without a value", call_name(call->kind));
    diag_hint(walk->check->diags, "%s(value), or %s(channel, value)", call_name(call->kind), call_name(call->kind));
}

/* Returns whether the call goes somewhere. */
static bool check_emit(struct walk *walk, const struct call *call)
{
    if (!may_emit_here(walk, call))
        return false;
    if (call->count == 0)
        report_no_value(walk, call);
    else if (call->output == NO_PLACE && call->count == 1)
        report_not_sole(walk, call);
    else if (call->output == NO_PLACE)
        report_not_named(walk, call);
    else if (call->value.start == call->value.end)
        report_no_value(walk, call);
    else
        check_value(walk, call);
    return call->output != NO_PLACE;
}

/* ---- the other calls ---- */

static void check_place(struct walk *walk, const struct call *call)
{
    const char *name = call_name(call->kind);
    struct diags *diags = walk->check->diags;

    if (call->place == PLACE_STATEMENT)
        return;
    if (call->place == PLACE_UNENDED) {
        diag_report(diags, "E0407", call->span, "%s is a statement, and no ';' ends it here", name);
        diag_hint(diags, "%s;",
                  call->kind == CALL_FINISH ? "finish()"
                  : call->kind == CALL_FAIL ? "fail(…)"
                  : call->kind == CALL_FAIL_AFTER ? "fail_after(…)"
                                            : "emit(…)");
        return;
    }
    diag_report(diags, "E0407", call->word,
                "%s is a statement; it cannot stand inside an expression or a macro's argument", name);
    if (call->kind == CALL_EMIT)
        diag_hint(diags, "write it as a statement of its own, or emit_ok(…), which is false where emit would leave");
    else
        diag_hint(diags, "write it as a statement of its own: if (…) %s;",
                  call->kind == CALL_FAIL ? "fail(…)" : call->kind == CALL_FAIL_AFTER ? "fail_after(…)" : "finish()");
}

static void check_fail(struct walk *walk, const struct call *call)
{
    if (walk->where == IN_EXPRESSION || (call->count > 0 && call->list->span.start < call->list->span.end))
        return;
    diag_report(walk->check->diags, "E0412", call_span(call), "fail says no reason");
    diag_hint(walk->check->diags, "give it a format as printf has: fail(\"cannot open %%s\", path);");
}

static void check_finish(struct walk *walk, const struct call *call)
{
    struct diags *diags = walk->check->diags;
    const bool is_source = walk->stage && !walk->stage->inputs;

    if (walk->where == IN_EXPRESSION) {
        diag_report(diags, "E0408", call->word, "finish cannot stand in an expression that only measures an item");
        diag_hint(diags, "finish in the body");
    } else if (!walk->stage) {
        diag_report(diags, "E0408", call->word, "finish ends a stage, and this is the pipeline's own section");
        diag_hint(diags, "stop() asks the whole pipeline to drain");
    } else if (is_source && walk->stage->every.kind == VALUE_NONE) {
        diag_report(diags, "E0408", call->word, "stage '%s' runs once, and ends when its body returns",
                    walk->stage->decl.name.text);
        diag_hint(diags, "leave it with return;");
    }
}

static void check_no_arguments(struct walk *walk, const struct call *call)
{
    if (call->count == 0)
        return;
    diag_report(walk->check->diags, "E0414", call->arguments, "%s takes no argument", call_name(call->kind));
    diag_hint(walk->check->diags, "%s()", call_name(call->kind));
}

static void check_status(struct walk *walk, const struct call *call)
{
    if (call->count == 1 && call->list->span.start < call->list->span.end)
        return;
    diag_report(walk->check->diags, "E0421", call_span(call), "status takes one number, the least exit status");
    diag_hint(walk->check->diags, "status(3);");
}

static void check_total(struct walk *walk, const struct call *call)
{
    if (call->count == 1 && call->list->span.start < call->list->span.end)
        return;
    diag_report(walk->check->diags, "E0432", call_span(call), "total takes one number, how many items the source sends in all");
    diag_hint(walk->check->diags, "total(n); or call something else of yours by another name");
}

static void report_take(struct walk *walk, const struct call *call, const char *what)
{
    diag_report(walk->check->diags, "E0411", call->span, "take moves out of an input, or a part of one; %s", what);
    diag_hint(walk->check->diags, "what is not an input is yours already: use it as it is");
}

static void check_take(struct walk *walk, const struct call *call)
{
    struct ctoken word;
    const bool named = call->count == 1 && only_word(walk, call->list->span, &word);
    const struct input *input = named && walk->stage ? find_input(walk->stage, word.word) : NULL;

    if (call->count != 1 || call->list->span.start == call->list->span.end) {
        report_take(walk, call, "this takes nothing, or too much");
    } else if (!walk->stage || !walk->stage->inputs || walk->where == IN_EXPRESSION) {
        report_take(walk, call, "there is no input here to take");
    } else if (named && walk->where != IN_FUNCTION && (!input || walk->where != IN_BODY)) {
        report_take(walk, call, input ? "there is no item outside the body" : "this is none");
    }
}

/* emit and fail are returns: a function would return from itself. */
static void report_leaving(struct walk *walk, const struct call *call)
{
    diag_report(walk->check->diags, "E0422", call->word, "%s leaves a body, and this is a function", call_name(call->kind));
    if (call->kind == CALL_EMIT)
        diag_hint(walk->check->diags, "emit_ok(…) says whether to go on: return that, and leave in the body");
    else
        diag_hint(walk->check->diags, "return what happened, and fail in the body");
}

/* Where no item can be waited for; NULL: it can. */
static const char *elsewhere(const struct walk *walk)
{
    switch (walk->where) {
    case IN_INIT: return "in init: no body has begun yet";
    case IN_FINAL: return "in final: the body has taken what it wanted";
    case IN_FLUSH: return "in a flush";
    case IN_EXPRESSION: return "in an expression that only measures an item";
    case IN_PIPELINE: return "in a section of the pipeline";
    case IN_BODY:
    case IN_FUNCTION: break;
    }
    return NULL;
}

static void check_call(struct walk *walk, const struct call *call)
{
    if (walk->where == IN_FUNCTION && (call->kind == CALL_EMIT || call_fails(call->kind))) {
        report_leaving(walk, call);
        return;
    }
    switch (call->kind) {
    case CALL_EMIT:
    case CALL_EMIT_OK:
    case CALL_TRY_EMIT:
        if (!check_emit(walk, call))
            walk->lost = true;
        else if (call->kind == CALL_EMIT)
            check_place(walk, call);
        break;
    case CALL_FAIL:
        check_fail(walk, call);
        check_place(walk, call);
        break;
    case CALL_FINISH:
        check_finish(walk, call);
        check_no_arguments(walk, call);
        check_place(walk, call);
        break;
    case CALL_STOP:
    case CALL_STOPPING:
    case CALL_FAILED:
    case CALL_INTERRUPTED:
        check_no_arguments(walk, call);
        break;
    case CALL_TAKE:
        check_take(walk, call);
        break;
    case CALL_STATUS:
        check_status(walk, call);
        break;
    case CALL_TOTAL:
        check_total(walk, call);
        break;
    case CALL_WAIT_FOR:
        check_wait(walk->check, call, walk->where == IN_EXPRESSION);
        break;
    case CALL_FAIL_AFTER:
        check_fail_after(walk->check, walk->stage, call, walk->where == IN_BODY);
        check_place(walk, call);
        break;
    case CALL_NEXT:
    case CALL_NEXT_FOR:
    case CALL_NEXT_ANY:
        check_next(walk->check, walk->stage, call, elsewhere(walk));
        break;
    case CALL_REMAINING:
        check_remaining(walk->check, walk->stage, call, walk->where == IN_BODY || walk->where == IN_FUNCTION);
        check_no_arguments(walk, call);
        break;
    }
}

/* ---- C text ---- */

static bool is_locked_next(const struct body *body)
{
    const struct call *call = body->calls;

    while (call && call->word.start != body->locked_emit.start)
        call = call->next;
    return call && call_pulls(call->kind);
}

/* A brace in an expression is an error of the scanner's already. */
static bool is_told(const struct walk *walk, struct span mismatch)
{
    return walk->where == IN_EXPRESSION && *sources_text(walk->check->ast->sources, mismatch.start) == '}';
}

static void check_body(struct walk *walk, const struct body *body, enum where where)
{
    if (!body)
        return;
    walk->where = where;
    for (const struct call *call = body->calls; call; call = call->next)
        check_call(walk, call);
    if (body->mismatch.end && !is_told(walk, body->mismatch)) {
        diag_report(walk->check->diags, "E0416", body->mismatch, "this bracket closes one of another kind");
        diag_hint(walk->check->diags, "brackets in C text must pair, also over all branches of #if");
    }
    if (body->locked_emit.end) {
        diag_report(walk->check->diags, "W0402", body->locked_emit, "a lock is held while this %s",
                    is_locked_next(body) ? "waits for an item" : "sends");
        diag_hint(walk->check->diags, "unlock first: while it waits for room the thread may run other stages, which "
                                      "then wait for the lock");
    }
}

static void check_code(struct walk *walk, const struct code *code, enum where where)
{
    check_body(walk, code->body, where);
}

/* ---- stages ---- */

static bool passes_self(const struct stage *stage)
{
    const struct body *const bodies[] = { stage->body.body, stage->init.body, stage->final.body, stage->flush.body };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i] && bodies[i]->uses_self)
            return true;
    return false;
}

/* A second time, which shape.c reports. */
static bool is_named_before(const struct stage *stage, const struct output *output)
{
    for (const struct output *other = stage->outputs; other != output; other = other->next)
        if (other->channel == output->channel)
            return true;
    return false;
}

static void check_outputs_used(struct walk *walk)
{
    const struct stage *stage = walk->stage;

    if (walk->lost || !stage->body.present || passes_self(stage))
        return;
    for (const struct output *output = output_first(stage); output; output = output_next(output)) {
        if (promise_is_sent(stage, output) || is_named_before(stage, output))
            continue;
        diag_report(walk->check->diags, "E0402", output->name.span, "stage '%s' never sends to '%s'",
                    stage->decl.name.text, output->name.text);
        if (output_next(stage->outputs))
            diag_hint(walk->check->diags, "emit(%s, value); or leave this output out", output->name.text);
        else
            diag_hint(walk->check->diags, "emit(value); or leave this output out");
    }
}

static void check_promises(struct walk *walk)
{
    for (const struct output *output = walk->stage->outputs; output; output = output->next) {
        const struct count seen = promise_seen(walk->stage, output);

        if (walk->lost || !output->counted || (seen.most >= output->least && seen.least <= output->most))
            continue;
        diag_report(walk->check->diags, "E0415", output->count_span, "the body of '%s' cannot send so many to '%s'",
                    walk->stage->decl.name.text, output->name.text);
        diag_note(walk->check->diags, walk->stage->body.span, "here it sends %s %lld",
                  seen.most < output->least ? "at most" : "at least",
                  (long long)(seen.most < output->least ? seen.most : seen.least));
        diag_hint(walk->check->diags, "leave the count out: pipec sees it in a body as simple as this");
    }
}

static void check_static(const struct walk *walk, const struct body *body)
{
    if (!body || !body->mutable_static.end)
        return;
    diag_report(walk->check->diags, "W0401", body->mutable_static, "several workers of '%s' share this variable",
                walk->stage->decl.name.text);
    diag_hint(walk->check->diags, "keep it for each worker, in state { … } as self->NAME; or make it const");
}

static const struct function *first_function(const struct stage *stage)
{
    const struct functions *functions = stage_facts(stage)->functions;

    return functions ? functions->first : NULL;
}

static void check_statics(const struct walk *walk)
{
    const struct stage *stage = walk->stage;

    if (!workers_are_several(stage))
        return;
    check_static(walk, stage->init.body);
    check_static(walk, stage->body.body);
    check_static(walk, stage->flush.body);
    check_static(walk, stage->final.body);
    for (const struct function *function = first_function(stage); function; function = function->next)
        check_static(walk, function->body);
}

static void check_empty(struct check *check, const struct code *code)
{
    struct lexer lexer = lexer_start(check->ast->sources, code->span);
    struct ctoken token;

    lexer_next(&lexer, &token);
    if (!code->present || token.kind != TOKEN_END)
        return;
    diag_report(check->diags, "E0021", (struct span){ code->span.start - 1, code->span.end + 1 },
                "there is no expression in the parentheses");
    diag_hint(check->diags, "write one of C, for example (x > 0)");
}

static void check_expression_of(struct walk *walk, const struct code *code)
{
    check_empty(walk->check, code);
    check_code(walk, code, IN_EXPRESSION);
}

static void check_stage(struct check *check, const struct stage *stage)
{
    struct walk walk = { .check = check, .stage = stage };
    struct terms terms = { .stage = stage };

    for (const struct function *function = first_function(stage); function; function = function->next)
        check_body(&walk, function->body, IN_FUNCTION);
    check_code(&walk, &stage->init, IN_INIT);
    check_code(&walk, &stage->body, IN_BODY);
    check_code(&walk, &stage->final, IN_FINAL);
    check_code(&walk, &stage->flush, IN_FLUSH);
    for (const struct input *input = stage->inputs; input; input = input->next)
        check_empty(check, &input->batch_weight);
    for (const struct term *term; (term = terms_next(&terms));)
        check_expression_of(&walk, &term->code);
    check_outputs_used(&walk);
    check_promises(&walk);
    check_statics(&walk);
}

/* What a part is given has the item and params, and nothing of a stage. */
static void check_expression(struct check *check, const struct code *code)
{
    const struct body *body = code->body;

    check_empty(check, code);
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next) {
        diag_report(check->diags, "E0417", call->word, "%s means something only in a stage, not in an expression",
                    call_name(call->kind));
        diag_hint(check->diags, "an expression is about its item and params alone");
    }
    if (!body_names(body, "self"))
        return;
    diag_report(check->diags, "E0417", code->span, "an expression has no 'self': it stands in no stage");
    diag_hint(check->diags, "an expression is about its item and params alone");
}

static void check_expressions(struct check *check)
{
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        for (const struct instance_param *param = instance->params; param; param = param->next)
            check_expression(check, &param->code);
    CHECK_EACH(check, DECL_PARAM, struct param, param)
        check_expression(check, &param->code);
}

/* The sections of a group of stages are like those of a pipeline. */
static void check_group(struct check *check, const struct instance *instance)
{
    struct walk walk = { .check = check };

    check_code(&walk, &instance->init, IN_PIPELINE);
    check_code(&walk, &instance->final, IN_PIPELINE);
}

void check_bodies(struct check *check)
{
    struct walk pipeline = { .check = check };

    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        check_stage(check, stage);
    CHECK_EACH(check, DECL_INIT, struct section_decl, init)
        check_code(&pipeline, &init->code, IN_PIPELINE);
    CHECK_EACH(check, DECL_FINAL, struct section_decl, final)
        check_code(&pipeline, &final->code, IN_PIPELINE);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        check_group(check, instance);
    check_expressions(check);
}
