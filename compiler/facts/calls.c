/* One walk over every piece of C text. */
#include "facts/calls.h"

#include <string.h>

#include "facts/ctext.h"
#include "facts/ctoken.h"
#include "facts/macro.h"

static size_t place_of(const struct stage *stage, const char *name)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (!strcmp(output->name.text, name))
            return output->place;
    return NO_PLACE;
}

/* emit(value) goes to the only output, emit(channel, value) to the one that it names. */
static size_t output_of(const struct ast *ast, const struct stage *stage, const struct call *call)
{
    struct ctoken word;

    if (!stage->outputs || call->count == 0 || call->count > 2)
        return NO_PLACE;
    if (call->count == 1)
        return stage->outputs->next ? NO_PLACE : 0;
    return ctoken_only_word(ast->sources, call->list->span, &word) ? place_of(stage, word.word) : NO_PLACE;
}

static void link_emits(const struct ast *ast, const struct stage *stage, struct body *body)
{
    for (struct call *call = body->calls; call; call = call->next) {
        if (call->kind != CALL_EMIT && call->kind != CALL_TRY_EMIT)
            continue;
        call->output = output_of(ast, stage, call);
        if (call->output != NO_PLACE)
            call->value = (call->count == 1 ? call->list : call->list->next)->span;
    }
}

/* The file, the macros that it defines, and the last of its C that belongs to no stage. */
struct file {
    struct ast *ast;
    const struct macro *macros;
    const struct body *above;
};

static void scan(void *data, const struct stage *stage, struct code *code)
{
    struct file *const file = data;
    struct obstack *const memory = file->ast->memory;
    struct body *body;

    if (!code->present)
        return;
    body = body_scan(memory, file->ast->sources, code->span, file->macros, file->above);
    if (stage)
        link_emits(file->ast, stage, body);
    else
        file->above = body;
    code->body = body;
}

void calls_find(struct ast *ast)
{
    struct macro *const macros = macros_find(ast);

    ctext_each(ast, scan, &(struct file){ ast, macros, NULL });
    macros_free(macros);
}
