/* A table of all that could be called, since there may be many texts. */
#include "facts/record_calls.h"

#include <string.h>
#include <uthash.h>

#include "facts/body.h"
#include "facts/ctext.h"
#include "text/memory.h"

struct callable {
    const char *name;
    struct recorded what;
    UT_hash_handle hh;
};

struct walk {
    const struct ast *ast;
    struct callable *table;
    void (*tell)(void *data, const struct recorded *found, const struct code *code);
    void *data;
};

static void add_record(struct walk *walk, const struct record_decl *record)
{
    for (enum record_call call = 0; call < RECORD_CALLS; call++) {
        struct callable *callable = memory_take(walk->ast->memory, sizeof *callable);

        callable->name = record_call_name(walk->ast->memory, record->decl.name.text, call);
        callable->what = (struct recorded){ .record = record, .call = call };
        HASH_ADD_KEYPTR(hh, walk->table, callable->name, strlen(callable->name), callable);
    }
}

static void look_for_type(const struct walk *walk, const struct instance *instance, const struct instance_type *type,
                          const struct code *code)
{
    for (enum record_call call = 0; call < RECORD_CALLS; call++)
        if (body_names(code->body, record_call_name(walk->ast->memory, type->name, call)))
            walk->tell(walk->data, &(struct recorded){ type->type.record, call, instance }, code);
}

static void look(void *data, const struct ctext *place, struct code *code)
{
    const struct walk *const walk = data;
    const struct body *body = code->body;

    for (size_t i = 0; body && i < body->mentions.nslots; i++) {
        const struct callable *found = NULL;

        if (body->mentions.how[i])
            HASH_FIND_STR(walk->table, body->mentions.names[i], found);
        if (found)
            walk->tell(walk->data, &found->what, code);
    }
    for (const struct instance_type *type = body && place->scope ? place->scope->types : NULL; type; type = type->next)
        if (type->type.record)
            look_for_type(walk, place->scope, type, code);
}

void record_calls_each(const struct ast *ast, void (*tell)(void *data, const struct recorded *found, const struct code *code),
                       void *data)
{
    struct walk walk = { .ast = ast, .tell = tell, .data = data };

    AST_EACH(ast, DECL_RECORD, const struct record_decl, record)
        add_record(&walk, record);
    if (ast->counts[DECL_RECORD] > 0)
        ctext_each(ast, look, &walk);
    HASH_CLEAR(hh, walk.table);
}
