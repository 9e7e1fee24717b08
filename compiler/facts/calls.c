/* One walk over every piece of C text. */
#include "facts/calls.h"

#include <string.h>

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
    return ctoken_only_word(ast->source->text, call->list->span, &word) ? place_of(stage, word.word) : NO_PLACE;
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

/* The file, and the macros that it defines. */
struct file {
    struct ast *ast;
    const struct macro *macros;
};

static struct body *scan(const struct file *file, struct code *code)
{
    struct ast *const ast = file->ast;
    struct body *const body =
        code->present ? body_scan(&ast->memory, ast->source->text, code->span, file->macros) : NULL;

    code->body = body;
    return body;
}

/* Text that may send. */
static void scan_sender(const struct file *file, const struct stage *stage, struct code *code)
{
    struct body *const body = scan(file, code);

    if (body)
        link_emits(file->ast, stage, body);
}

static void scan_stage(const struct file *file, struct stage *stage)
{
    scan_sender(file, stage, &stage->body);
    scan_sender(file, stage, &stage->final);
    scan_sender(file, stage, &stage->flush);
    scan(file, &stage->init);
    scan(file, &stage->state);
    scan(file, &stage->rate.per);
    for (struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        scan(file, &bound->weight);
}

void calls_find(struct ast *ast)
{
    struct macro *const macros = macros_find(ast);
    const struct file file = { ast, macros };

    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        switch (decl->kind) {
        case DECL_STAGE:
            scan_stage(&file, (struct stage *)decl);
            break;
        case DECL_STATE:
        case DECL_INIT:
        case DECL_FINAL:
            scan(&file, &((struct section_decl *)decl)->code);
            break;
        case DECL_PROLOGUE:
            scan(&file, &((struct prologue_decl *)decl)->code);
            break;
        default:
            break;
        }
    }
    macros_free(macros);
}
