/* A hash table of names, and a walk over all C text. */
#include "facts/named.h"

#include <string.h>
#include <uthash.h>

#include "facts/body.h"
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

static void use_names(const struct named *table, const struct code *code)
{
    const struct body *body = code->body;

    for (size_t i = 0; body && i < body->nslots; i++) {
        const struct decl *found = body->mentions[i] ? named_find(table, body->names[i]) : NULL;

        if (found)
            decl_write(found)->used = true;
    }
}

static void use_stage_names(const struct named *table, const struct stage *stage)
{
    const struct code *const codes[] = { &stage->body, &stage->init, &stage->final, &stage->flush, &stage->state,
                                         &stage->rate.per };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        use_names(table, codes[i]);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        use_names(table, &bound->weight);
}

void named_find_used(struct ast *ast)
{
    struct named *table = named_table(ast, &ast->memory, DECL_PARAM, DECL_TYPE);

    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_STAGE)
            use_stage_names(table, (const struct stage *)decl);
        else if (decl->kind == DECL_PROLOGUE)
            use_names(table, &((const struct prologue_decl *)decl)->code);
        else if (decl->kind == DECL_STATE || decl->kind == DECL_INIT || decl->kind == DECL_FINAL)
            use_names(table, &((const struct section_decl *)decl)->code);
    }
    named_free(table);
}
