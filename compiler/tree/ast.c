/* The tree as a whole, and small things that its builders share with whoever calls them.
 */
#include "tree/ast.h"

#include "text/memory.h"

struct ast *ast_new(const struct sources *sources, struct source *source, struct diags *diags, struct obstack *memory)
{
    struct ast *ast = memory_take(memory, sizeof *ast);

    ast->memory = memory;
    ast->sources = sources;
    ast->source = source;
    ast->diags = diags;
    ast->last = &ast->decls;
    for (enum decl_kind kind = 0; kind < DECL_KINDS; kind++)
        ast->last_of_kind[kind] = &ast->of_kind[kind];
    return ast;
}

struct ast *ast_new_like(const struct ast *ast)
{
    struct ast *like = ast_new(ast->sources, ast->source, ast->diags, ast->memory);

    like->pipeline = ast->pipeline;
    like->doc = ast->doc;
    like->drain = ast->drain;
    like->test = ast->test;
    return like;
}

void *ast_alloc(struct ast *ast, size_t size)
{
    return memory_take(ast->memory, size);
}

const char *ast_copy(struct ast *ast, const char *text, size_t len)
{
    return memory_copy(ast->memory, text, len);
}

struct span span_join(struct span first, struct span last)
{
    return (struct span){ first.start, last.end };
}

struct value value_auto(struct span at)
{
    return (struct value){ .kind = VALUE_AUTO, .span = at, .i = 1 };
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

bool decl_is_shared(enum decl_kind kind)
{
    switch (kind) {
    case DECL_INCLUDE: case DECL_PROLOGUE: case DECL_LINK: case DECL_IMPORT: case DECL_TYPE: case DECL_RECORD:
    case DECL_TEST: case DECL_PART:
        return true;
    default:
        return false;
    }
}

bool ast_is_library(const struct ast *ast)
{
    if (ast->pipeline.text || !ast->decls)
        return false;
    for (enum decl_kind kind = 0; kind < DECL_KINDS; kind++)
        if (ast->counts[kind] > 0 && !decl_is_shared(kind))
            return false;
    return true;
}

const char *decl_noun(enum decl_kind kind)
{
    switch (kind) {
    case DECL_PARAM: return "a param";
    case DECL_TYPE: return "a type";
    case DECL_RECORD: return "a record";
    case DECL_CHANNEL: return "a channel";
    case DECL_RATE: return "a rate";
    case DECL_BOUND: return "a bound";
    case DECL_STAGE: return "a stage";
    case DECL_STATE: return "a state";
    case DECL_INIT: return "an init";
    case DECL_FINAL: return "a final";
    case DECL_PART: return "a part";
    case DECL_IMPORT: return "an import";
    case DECL_TEST: return "a test";
    default: return "a declaration";
    }
}

const struct output *output_first(const struct stage *stage)
{
    return stage->outputs && !stage->outputs->is_letter ? stage->outputs : NULL;
}

const struct output *output_next(const struct output *output)
{
    return output->next && !output->next->is_letter ? output->next : NULL;
}
