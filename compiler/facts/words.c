/* One more walk over the tokens of a text, for instances alone. */
#include "facts/words.h"

#include <string.h>

#include "facts/ctoken.h"
#include "facts/item.h"
#include "facts/record.h"
#include "text/memory.h"

const char *instance_symbol(const struct ast *ast, const struct instance *instance)
{
    return memory_join(ast->memory, ast->pipeline.text ? ast->pipeline.text : "", "_",
                       name_symbol(ast->memory, instance->decl.name.text));
}

bool type_wants_name(const struct ctype *type)
{
    return strchr(item_c_type(type), '*') != NULL;
}

/* ---- what is declared ---- */

const struct body *words_of_part(struct obstack *memory, struct part *part, const struct body *above)
{
    struct body *body;

    if (part->words)
        return part->words;
    body = body_new(memory, above);
    for (const struct decl *decl = part->body->decls; decl; decl = decl->next) {
        const char *name = decl->name.text;

        if (decl->kind == DECL_TYPE) {
            body_declare(memory, body, name);
            body_declare(memory, body, memory_join(memory, name, "_drop", ""));
            body_declare(memory, body, memory_join(memory, name, "_clone", ""));
            for (enum record_call call = 0; call < RECORD_CALLS && ((const struct type_decl *)decl)->given_record; call++)
                body_declare(memory, body, record_call_name(memory, name, call));
        } else if (decl->kind == DECL_PARAM && ((const struct param *)decl)->ends) {
            body_declare(memory, body, name);
        }
    }
    part->words = body;
    return body;
}

/* ---- what stands for them ---- */

struct replacing {
    const struct ast *ast;
    const struct instance *instance;
    const char *symbol, *pipe;
    struct swap **last;
};

static void add(struct replacing *replacing, struct span span, const char *text)
{
    struct swap *swap = memory_take(replacing->ast->memory, sizeof *swap);

    swap->span = span;
    swap->text = text;
    *replacing->last = swap;
    replacing->last = &swap->next;
}

static const char *type_text(const struct replacing *replacing, const struct instance_type *type)
{
    return type_wants_name(&type->type) ? memory_join(replacing->ast->memory, replacing->symbol, "_", type->name)
                                        : item_c_type(&type->type);
}

/* The word is NAME of a record of the part and one of its calls: it is that of the record here. */
static bool replace_record(struct replacing *replacing, const struct ctoken *token, const struct instance_type *type)
{
    struct obstack *memory = replacing->ast->memory;

    for (enum record_call call = 0; call < RECORD_CALLS; call++) {
        if (record_call_is_of_types(call) || strcmp(token->word, record_call_name(memory, type->name, call)) != 0)
            continue;
        add(replacing, token->span, record_call_name(memory, type->type.text, call));
        return true;
    }
    return false;
}

static bool replace_type(struct replacing *replacing, const struct ctoken *token)
{
    struct obstack *memory = replacing->ast->memory;

    for (const struct instance_type *type = replacing->instance->types; type; type = type->next) {
        const size_t len = strlen(type->name);
        const char *end = token->word + len;

        if (strncmp(token->word, type->name, len) != 0)
            continue;
        if (*end == '\0')
            add(replacing, token->span, type_text(replacing, type));
        else if (strcmp(end, "_drop") == 0 || strcmp(end, "_clone") == 0)
            add(replacing, token->span, memory_join(memory, replacing->symbol, "_", token->word));
        else if (!type->is_record || !replace_record(replacing, token, type))
            continue;
        return true;
    }
    return false;
}

/* `next` is the token behind it. */
static void replace_call(struct replacing *replacing, const struct ctoken *token, const struct ctoken *next)
{
    const struct instance_param *param = instance_param(replacing->instance, token->word);

    if (!param || !param->param->ends || !token_is(next, '('))
        return;
    add(replacing, (struct span){ token->span.start, next->span.end },
        memory_format(replacing->ast->memory, "%s_%s(%s, ", replacing->symbol, token->word, replacing->pipe));
}

/* `self->pipe` is the instance's own state where it has one. */
static void replace_pipe(struct replacing *replacing, const struct ctoken *self, const struct ctoken *token,
                         const struct ctoken *next)
{
    struct obstack *memory = replacing->ast->memory;
    const char *name = name_symbol(memory, replacing->instance->decl.name.text);

    if (token_is(next, PUNCT_ARROW))
        add(replacing, (struct span){ token->span.start, next->span.end }, memory_join(memory, "pipe->", name, "."));
    else
        add(replacing, (struct span){ self->span.start, token->span.end },
            memory_join(memory, "(&self->pipe->", name, ")"));
}

void words_replace(const struct ast *ast, const struct instance *instance, struct body *body, bool expression)
{
    struct replacing replacing = { ast, instance, instance_symbol(ast, instance), expression ? "pipe" : "self->pipe",
                                   &body->swaps };
    struct lexer lexer = lexer_start(ast->sources, body->span);
    struct ctoken before = { .kind = TOKEN_END }, earlier = before, token, next;

    lexer_next(&lexer, &token);
    for (; token.kind != TOKEN_END; earlier = before, before = token, token = next) {
        const bool member = token_is(&before, '.') || token_is(&before, PUNCT_ARROW);

        lexer_next(&lexer, &next);
        if (token.kind != TOKEN_WORD)
            continue;
        if (!member && !replace_type(&replacing, &token))
            replace_call(&replacing, &token, &next);
        else if (member && instance->state.present && token_is_word(&token, "pipe") && token_is_word(&earlier, "self"))
            replace_pipe(&replacing, &earlier, &token, &next);
    }
}
