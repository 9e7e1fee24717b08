/* A hash table of names, and a walk over all C text. */
#include "facts/named.h"

#include <string.h>
#include <uthash.h>

#include "facts/body.h"
#include "facts/ctext.h"
#include "facts/decl_write.h"
#include "text/memory.h"

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

struct named *named_table(const struct ast *ast, struct obstack *memory, enum decl_kind a, enum decl_kind b)
{
    struct named *table = NULL, *entry;

    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind != a && decl->kind != b)
            continue;
        HASH_FIND_STR(table, decl->name.text, entry);
        if (entry)
            HASH_DEL(table, entry);
        entry = entry_new(memory, decl->name.text, decl);
        HASH_ADD_KEYPTR(hh, table, entry->text, strlen(entry->text), entry);
        if (decl->kind != DECL_PARAM || !((const struct param *)decl)->operands)
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

static void use_names(void *data, const struct stage *stage, struct code *code)
{
    const struct named *const table = data;
    const struct body *body = code->body;

    (void)stage;
    for (size_t i = 0; body && i < body->nslots; i++) {
        const struct decl *found = body->mentions[i] ? named_find(table, body->names[i]) : NULL;

        if (found)
            decl_write(found)->used = true;
    }
}

void named_find_used(struct ast *ast)
{
    struct named *table = named_table(ast, ast->memory, DECL_PARAM, DECL_TYPE);

    ctext_each(ast, use_names, table);
    named_free(table);
}
