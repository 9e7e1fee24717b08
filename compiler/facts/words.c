/* One more walk over the tokens of a text, for instances alone. */
#include "facts/words.h"

#include <string.h>

#include "facts/item.h"
#include "facts/key.h"
#include "facts/record.h"
#include "text/ctoken.h"
#include "text/memory.h"
#include "text/plain_type.h"

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
    const struct instance *instance;    /* NULL: the text is none of a part */
    const struct instance_param *given; /* what it stands for; NULL: nothing */
    const char *symbol, *pipe;
    struct swap **last;                 /* behind the token at hand; what follows there already stands further on */
};

static struct swap *put(struct replacing *replacing, struct swap **at, struct span span, const char *text)
{
    struct swap *swap = memory_take(replacing->ast->memory, sizeof *swap);

    while (*at && (*at)->span.start <= span.start)
        at = &(*at)->next;
    swap->span = span;
    swap->text = text;
    swap->next = *at;
    *at = swap;
    return swap;
}

static void add(struct replacing *replacing, struct span span, const char *text)
{
    replacing->last = &put(replacing, replacing->last, span, text)->next;
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

    for (const struct instance_type *type = replacing->instance ? replacing->instance->types : NULL; type;
         type = type->next) {
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

bool param_takes_address(const struct param *param, const struct instance_end *end)
{
    const bool gives_text = param->type == PARAM_STRING
        || (param->type == PARAM_UNKNOWN && (item_is_built_in(param->type_name.text) || key_is_param(param)));

    return gives_text && !plain_type_find(end->type.text, strlen(end->type.text));
}

static bool takes_address(const struct instance_param *param, size_t end)
{
    return end < param->nends && param_takes_address(param->param, param->ends[end]);
}

/* The word is an item of the expression that gets its address. */
static bool replace_item(struct replacing *replacing, const struct ctoken *token)
{
    const struct instance_param *given = replacing->given;

    for (size_t i = 0; given && i < given->nends; i++) {
        if (strcmp(param_item(given, i)->text, token->word) != 0 || !takes_address(given, i))
            continue;
        add(replacing, token->span, memory_join(replacing->ast->memory, "(*", token->word, ")"));
        return true;
    }
    return false;
}

/* In the arguments of a call, of which the first begins at `lexer`, the address of an item for each that is wanted so. */
static void replace_commas(struct replacing *replacing, const struct instance_param *param, struct lexer lexer)
{
    struct ctoken token;
    size_t end = 0;
    int depth = 0;
    bool begins = false;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END && depth >= 0; lexer_next(&lexer, &token)) {
        if (begins)
            put(replacing, replacing->last, (struct span){ token.span.start, token.span.start }, "&");
        depth += token_is(&token, '(') || token_is(&token, '[') || token_is(&token, '{');
        depth -= token_is(&token, ')') || token_is(&token, ']') || token_is(&token, '}');
        begins = depth == 0 && token_is(&token, ',') && takes_address(param, ++end);
    }
}

/* `next` is the token behind it, and `lexer` goes on behind that. */
static void replace_call(struct replacing *replacing, const struct ctoken *token, const struct ctoken *next,
                         struct lexer lexer)
{
    const struct instance_param *param = replacing->instance ? instance_param(replacing->instance, token->word) : NULL;

    if (!param || !param->param->ends || !token_is(next, '('))
        return;
    add(replacing, (struct span){ token->span.start, next->span.end },
        memory_format(replacing->ast->memory, "%s_%s(%s, %s", replacing->symbol, token->word, replacing->pipe,
                      takes_address(param, 0) ? "&" : ""));
    replace_commas(replacing, param, lexer);
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

void words_replace(const struct ast *ast, const struct ctext *place, struct body *body)
{
    const struct instance *const instance = place->scope;
    struct replacing replacing = { ast, instance, place->given, instance ? instance_symbol(ast, instance) : NULL,
                                   place->expression ? "pipe" : "self->pipe", &body->swaps };
    struct lexer lexer = lexer_start(ast->sources, body->span);
    struct ctoken before = { .kind = TOKEN_END }, earlier = before, token, next;

    lexer_next(&lexer, &token);
    for (; token.kind != TOKEN_END; earlier = before, before = token, token = next) {
        const bool member = token_is(&before, '.') || token_is(&before, PUNCT_ARROW);

        lexer_next(&lexer, &next);
        if (token.kind != TOKEN_WORD || (!member && replace_item(&replacing, &token)))
            continue;
        if (!member && !replace_type(&replacing, &token))
            replace_call(&replacing, &token, &next, lexer);
        else if (member && instance && instance->state.present && token_is_word(&token, "pipe")
                 && token_is_word(&earlier, "self"))
            replace_pipe(&replacing, &earlier, &token, &next);
    }
}
