/* Files and who names what of whom as a graph, in which the program's own file reaches the others. */
#include "facts/files.h"

#include "facts/body.h"
#include "facts/ctext.h"
#include "facts/graph.h"
#include "parts/instance.h"
#include "parts/scope.h"
#include "text/ctype.h"
#include "text/memory.h"

struct search {
    const struct ast *ast;
    struct edges edges; /* between files: one names a type of the other */
};

static void name_type(struct search *search, size_t from, const struct decl *type)
{
    if (type && search->ast->part && from == search->ast->around->source->number)
        search->ast->around->part_files[file_of(search->ast, type->span)] = true;
    else if (type && !search->ast->part && file_of(search->ast, type->span) != from)
        edges_add(&search->edges, from, file_of(search->ast, type->span));
}

static void name_types(struct search *search, struct span span, const struct ctype *type)
{
    const size_t from = file_of(search->ast, span);
    char word[CTYPE_WORD_MAX];

    for (const char *at = type->text; at && (at = ctype_word(at, word));)
        name_type(search, from, scope_find(search->ast->types, from, word));
}

/* A letter's type is the language's; that of its item may be the file's. */
static void name_carried(struct search *search, const struct channel *channel)
{
    name_types(search, channel->decl.span, channel->dead ? &channel->item : &channel->type);
}

static void name_fields(struct search *search, const struct record_decl *record)
{
    for (const struct field *field = record->fields; field; field = field->next)
        name_types(search, record->decl.span, &field->type);
}

static void search_code(void *data, const struct ctext *place, struct code *code)
{
    struct search *const search = data;
    const struct body *body = code->body;
    const size_t from = file_of(search->ast, code->span);

    (void)place;
    for (size_t i = 0; body && i < body->mentions.nslots; i++)
        if (body->mentions.how[i])
            name_type(search, from, scope_find(search->ast->types, from, body->mentions.names[i]));
}

const bool *files_find_used(const struct ast *ast)
{
    struct search search = { .ast = ast, .edges = { .memory = ast->memory } };
    const size_t nfiles = ast->part ? 0 : sources_count(ast->sources);
    bool *used = memory_take(ast->memory, nfiles + 1);

    if (!ast->part)
        used[ast->source->number] = true;
    if (!ast->part && ast->counts[DECL_IMPORT] == 0)
        return used;
    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_CHANNEL)
            name_carried(&search, (const struct channel *)decl);
        else if (decl->kind == DECL_TYPE)
            name_types(&search, decl->span, &((const struct type_decl *)decl)->c_type);
        else if (decl->kind == DECL_RECORD)
            name_fields(&search, (const struct record_decl *)decl);
        else if (decl->kind == DECL_INSTANCE)
            name_type(&search, file_of(ast, decl->span), &((const struct instance *)decl)->part->decl);
    }
    ctext_each(ast, search_code, &search);
    if (!ast->part)
        digraph_reach(digraph_new(&search.edges, nfiles), ast->memory, used);
    return used;
}
