/* One walk over every piece of C text. */
#include "facts/calls.h"

#include <string.h>

#include "facts/attempt.h"
#include "facts/ctext.h"
#include "facts/decl_write.h"
#include "facts/macro.h"
#include "facts/pull.h"
#include "facts/time.h"
#include "facts/words.h"
#include "text/ctoken.h"

static size_t place_of(const struct stage *stage, const char *name)
{
    for (const struct output *output = output_first(stage); output; output = output_next(output))
        if (!strcmp(output->name.text, name))
            return output->place;
    return NO_PLACE;
}

/* emit(value) goes to the only output, emit(channel, value) to the one that it names. */
static size_t output_of(const struct ast *ast, const struct stage *stage, const struct call *call)
{
    struct ctoken word;

    if (!output_first(stage) || call->count == 0 || call->count > 2)
        return NO_PLACE;
    if (call->count == 1)
        return output_next(stage->outputs) ? NO_PLACE : 0;
    return ctoken_only_word(ast->sources, call->list->span, &word) ? place_of(stage, word.word) : NO_PLACE;
}

static void link_emits(const struct ast *ast, const struct stage *stage, struct body *body)
{
    for (struct call *call = body->calls; call; call = call->next) {
        if (!call_sends(call->kind))
            continue;
        call->output = output_of(ast, stage, call);
        if (call->output != NO_PLACE)
            call->value = (call->count == 1 ? call->list : call->list->next)->span;
    }
}

/* xs[EXPRESSION] and nothing else: an item of the batch. */
static bool names_of_batch(const struct ast *ast, const struct input *input, struct span span)
{
    struct lexer lexer = lexer_start(ast->sources, span);
    struct ctoken token;
    int depth = 0;

    lexer_next(&lexer, &token);
    if (!token_is_word(&token, input->name.text))
        return false;
    for (lexer_next(&lexer, &token); token_is(&token, '[') || depth > 0; lexer_next(&lexer, &token)) {
        if (token.kind == TOKEN_END)
            return false;
        depth += token_is(&token, '[') - token_is(&token, ']');
        if (depth == 0) {
            lexer_next(&lexer, &token);
            return token.kind == TOKEN_END;
        }
    }
    return false;
}

/* The item of one of the inputs, whole. */
static bool names_item(const struct ast *ast, const struct stage *stage, struct span span)
{
    struct ctoken word;

    if (stage->inputs->is_batch)
        return names_of_batch(ast, stage->inputs, span);
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (ctoken_only_word(ast->sources, span, &word) && !strcmp(word.word, input->name.text))
            return true;
    return false;
}

/* `take(x)` of the whole item, which is all that the call sends. */
static bool takes_item(const struct ast *ast, const struct stage *stage, const struct call *call, const struct call *take)
{
    return take && take->kind == CALL_TAKE && take->word.start == call->value.start && take->span.end == call->value.end
           && take->count == 1 && names_item(ast, stage, take->list->span);
}

/* One of a broadcast's receivers gets the item itself, which therefore does not come back. */
static bool copies(const struct stage *stage, size_t place)
{
    const struct output *output = stage->outputs;

    while (output->place != place)
        output = output->next;
    return output->channel && output->channel->broadcast;
}

/* A stage that undoes what a failed body did: which takes it can undo. Functions of it take what they were given. */
static void link_takes(const struct ast *ast, const struct stage *stage, struct body *body, bool in_function)
{
    for (struct call *call = attempt_holds(stage) ? body->calls : NULL; call; call = call->next) {
        call->keeps = call->kind == CALL_TAKE && (!in_function || body_names(body, "self"));
        if (in_function || call->output == NO_PLACE || call->kind == CALL_TRY_EMIT || copies(stage, call->output)
            || !takes_item(ast, stage, call, call->next))
            continue;
        call->passes = true;
        call = call->next; /* that take comes back */
    }
}

/* The program, the macros that it defines, and the last of its C that belongs to no stage. */
struct file {
    struct ast *ast;
    const struct macros *macros;
    const struct body *above;
};

/* What the text sees above itself. */
static const struct body *above_of(const struct file *file, const struct ctext *place)
{
    struct part *const part = place->scope ? (struct part *)place->scope->part : file->ast->part;

    if (!part || (!place->scope && !place->stage && !place->expression))
        return file->above;
    return words_of_part(file->ast->memory, part, file->above);
}

static struct functions *scan_functions(const struct file *file, const struct ctext *place, const struct body *text)
{
    struct functions *functions = functions_read(file->ast->memory, file->ast->sources, place->stage->functions.span);

    functions->text = text;
    for (struct function *function = functions->first; function; function = function->next) {
        struct body *body = body_scan(file->ast->memory, file->ast->sources, function->code, file->macros,
                                      above_of(file, place), calls_homes(place->stage));

        link_emits(file->ast, place->stage, body);
        times_find(file->ast->sources, body);
        link_takes(file->ast, place->stage, body, true);
        if (place->scope)
            words_replace(file->ast, place, body);
        functions->send = functions->send || body_emits(body, ANY_PLACE) || !functions_keep_self(functions, body);
        function->body = body;
    }
    return functions;
}

/* The calls in the functions are those of each. */
static void scan_stage(const struct file *file, const struct ctext *place, const struct code *code, struct body *body)
{
    const struct functions *functions;

    if (code == &place->stage->functions) {
        body->calls = NULL;
        stage_write(place->stage)->functions = scan_functions(file, place, body);
        return;
    }
    functions = stage_facts(place->stage)->functions;
    link_emits(file->ast, place->stage, body);
    if (code == &place->stage->body)
        link_takes(file->ast, place->stage, body, false);
    body->uses_self = body->uses_self && (!functions || functions->send || !functions_keep_self(functions, body));
}

static void scan(void *data, const struct ctext *place, struct code *code)
{
    struct file *const file = data;
    struct obstack *const memory = file->ast->memory;
    struct body *body;

    if (!code->present)
        return;
    body = body_scan(memory, file->ast->sources, code->span, file->macros, above_of(file, place),
                     place->stage ? calls_homes(place->stage) : 0);
    code->body = body;
    times_find(file->ast->sources, body);
    if (place->stage)
        scan_stage(file, place, code, body);
    else if (!place->expression && !place->scope)
        file->above = body;
    if (place->scope || place->given)
        words_replace(file->ast, place, body);
}

void calls_find(struct ast *ast)
{
    const struct ast *around = ast->around;
    struct macros *const macros = macros_find(ast, around ? around->macros : NULL);

    ctext_each(ast, scan, &(struct file){ ast, macros, around ? around->above : NULL });
    macros_free(macros);
}

static void scan_around(void *data, const struct ctext *place, struct code *code)
{
    if (!place->stage && !place->scope && !place->expression)
        scan(data, place, code);
}

void calls_find_around(struct ast *ast)
{
    struct file file = { .ast = ast };

    ast->macros = macros_find(ast, NULL);
    file.macros = ast->macros;
    ctext_each(ast, scan_around, &file);
    ast->above = file.above;
}

void calls_free_around(struct ast *ast)
{
    macros_free(ast->macros);
    ast->macros = NULL;
}
