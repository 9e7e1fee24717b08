/* A hash table of names, and a walk over all C text and the tests. */
#include "facts/named.h"

#include <string.h>
#include <uthash.h>

#include "facts/body.h"
#include "facts/ctext.h"
#include "facts/decl_write.h"
#include "parts/instance.h"
#include "parts/scope.h"
#include "text/ctoken.h"
#include "text/memory.h"
#include "tree/test.h"

struct named {
    const char *text;
    const struct decl *decl;
    UT_hash_handle hh;
};

const struct decl *named_find(const struct named *table, const char *text)
{
    const struct named *found;

    HASH_FIND_STR(table, text, found);
    return found ? found->decl : NULL;
}

static struct named *entry_new(struct obstack *memory, const char *text, const struct decl *decl)
{
    struct named *entry = memory_take(memory, sizeof *entry);

    entry->text = text;
    entry->decl = decl;
    return entry;
}

const struct decl *named_add(struct named **table, struct obstack *memory, const struct decl *decl)
{
    struct named *entry;

    HASH_FIND_STR(*table, decl->name.text, entry);
    if (entry)
        return entry->decl;
    entry = entry_new(memory, decl->name.text, decl);
    HASH_ADD_KEYPTR(hh, *table, entry->text, strlen(entry->text), entry);
    return NULL;
}

struct named *named_params(const struct ast *ast, struct obstack *memory)
{
    struct named *table = NULL, *entry;

    AST_EACH(ast, DECL_PARAM, const struct param, param) {
        const struct decl *decl = &param->decl;

        HASH_FIND_STR(table, decl->name.text, entry);
        if (entry)
            HASH_DEL(table, entry);
        entry = entry_new(memory, decl->name.text, decl);
        HASH_ADD_KEYPTR(hh, table, entry->text, strlen(entry->text), entry);
        if (!param->operands)
            continue;
        entry = entry_new(memory, memory_join(memory, decl->name.text, "_len", ""), decl);
        if (!named_find(table, entry->text))
            HASH_ADD_KEYPTR(hh, table, entry->text, strlen(entry->text), entry);
    }
    return table;
}

void named_free(struct named *table)
{
    HASH_CLEAR(hh, table);
}

/* ---- C text ---- */

struct names {
    const struct ast *ast;
    const struct named *params;
};

static void use_names(void *data, const struct ctext *place, struct code *code)
{
    const struct names *const names = data;
    const struct body *body = code->body;
    const size_t file = file_of(names->ast, code->span);

    for (size_t i = 0; body && i < body->mentions.nslots; i++) {
        const struct decl *param =
            body->mentions.how[i] && !place->scope ? named_find(names->params, body->mentions.names[i]) : NULL;
        const struct decl *type =
            body->mentions.how[i] ? scope_find(names->ast->types, file, body->mentions.names[i]) : NULL;

        if (param)
            decl_write(param)->used = true;
        if (type)
            decl_write(type)->used = true;
    }
}

/* A test is a program of its own, and is looked at later; a word of its text may name a type. */
static void use_types_of_test(const struct ast *ast, const struct test *test)
{
    const size_t file = file_of(ast, test->decl.span);
    struct lexer lexer = lexer_start(ast->sources, test->decl.span);
    struct ctoken token, before = { .kind = TOKEN_END };

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        const bool is_member = token_is(&before, '.') || token_is(&before, PUNCT_ARROW);
        const struct decl *type =
            token.kind == TOKEN_WORD && !is_member ? scope_find(ast->types, file, token.word) : NULL;

        if (type)
            decl_write(type)->used = true;
        before = token;
    }
}

void named_find_used(const struct ast *ast)
{
    struct named *params = named_params(ast, ast->memory);

    ctext_each(ast, use_names, &(struct names){ ast, params });
    AST_EACH(ast, DECL_TEST, const struct test, test)
        use_types_of_test(ast, test);
    named_free(params);
}
