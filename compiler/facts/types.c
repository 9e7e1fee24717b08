/* Sorted lists, since both may be long and are asked for each word of C text. */
#include "facts/types.h"

#include <stdlib.h>
#include <string.h>

#include "facts/body.h"
#include "facts/ctext.h"
#include "facts/graph.h"
#include "text/memory.h"

struct type_at {
    const char *text;
    size_t file;
    const struct decl *decl;
};

/* One file imports another. */
struct sight { size_t from, to; };

struct types {
    struct type_at *list; /* by name */
    size_t n;
    struct sight *sights;
    size_t nsights;
};

static size_t file_of(const struct ast *ast, struct span span)
{
    return sources_file(ast->sources, span.start)->number;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct type_at *)a)->text, ((const struct type_at *)b)->text);
}

/* Those of one name in the order of the files. */
static int by_place(const void *a, const void *b)
{
    const struct type_at *x = a, *y = b;
    const int order = by_text(x, y);

    return order ? order : x->decl->span.start < y->decl->span.start ? -1 : 1;
}

static int by_files(const void *a, const void *b)
{
    const struct sight *x = a, *y = b;

    return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->to < y->to ? -1 : x->to > y->to;
}

const struct types *types_new(const struct ast *ast)
{
    struct types *types = memory_take(ast->memory, sizeof *types);

    types->list = memory_take(ast->memory, (ast->counts[DECL_TYPE] + ast->counts[DECL_RECORD] + 1) * sizeof *types->list);
    types->sights = memory_take(ast->memory, (ast->counts[DECL_IMPORT] + 1) * sizeof *types->sights);
    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        const struct import_decl *import = (const struct import_decl *)decl;

        if (decl->kind == DECL_TYPE || decl->kind == DECL_RECORD)
            types->list[types->n++] = (struct type_at){ decl->name.text, file_of(ast, decl->span), decl };
        else if (decl->kind == DECL_IMPORT && import->file)
            types->sights[types->nsights++] =
                (struct sight){ file_of(ast, decl->span), import->file->source->number };
    }
    qsort(types->list, types->n, sizeof *types->list, by_place);
    qsort(types->sights, types->nsights, sizeof *types->sights, by_files);
    return types;
}

static bool sees(const struct types *types, size_t from, size_t to)
{
    const struct sight wanted = { from, to };

    return from == to || bsearch(&wanted, types->sights, types->nsights, sizeof wanted, by_files);
}

const struct decl *types_find(const struct types *types, size_t file, const char *text)
{
    const struct type_at wanted = { .text = text };
    const struct type_at *at = bsearch(&wanted, types->list, types->n, sizeof wanted, by_text);
    const struct decl *seen = NULL;

    while (at && at > types->list && strcmp(at[-1].text, text) == 0)
        at--;
    for (; at && at < types->list + types->n && strcmp(at->text, text) == 0; at++)
        if (at->file == file)
            return at->decl;
        else if (!seen && sees(types, file, at->file))
            seen = at->decl;
    return seen;
}

/* ---- files ---- */

struct search {
    const struct ast *ast;
    struct edges edges; /* between files: one names a type of the other */
};

static void name_type(struct search *search, size_t from, const struct decl *type)
{
    if (type && file_of(search->ast, type->span) != from)
        edges_add(&search->edges, from, file_of(search->ast, type->span));
}

static void name_types(struct search *search, struct span span, const struct ctype *type)
{
    const size_t from = file_of(search->ast, span);
    char word[256];

    for (const char *p = type->text; p && *p; p += strspn(p, " *")) {
        const size_t len = strcspn(p, " *");

        if (len < sizeof word) {
            memcpy(word, p, len);
            word[len] = '\0';
            name_type(search, from, types_find(search->ast->types, from, word));
        }
        p += len;
    }
}

static void search_code(void *data, const struct stage *stage, struct code *code)
{
    struct search *const search = data;
    const struct body *body = code->body;
    const size_t from = file_of(search->ast, code->span);

    (void)stage;
    for (size_t i = 0; body && i < body->nslots; i++)
        if (body->mentions[i])
            name_type(search, from, types_find(search->ast->types, from, body->names[i]));
}

const bool *types_find_files(const struct ast *ast)
{
    struct search search = { .ast = ast, .edges = { .memory = ast->memory } };
    const size_t nfiles = sources_count(ast->sources);
    bool *used = memory_take(ast->memory, nfiles + 1);

    used[ast->source->number] = true;
    if (ast->counts[DECL_IMPORT] == 0)
        return used;
    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_CHANNEL)
            name_types(&search, decl->span, &((const struct channel *)decl)->type);
        else if (decl->kind == DECL_TYPE)
            name_types(&search, decl->span, &((const struct type_decl *)decl)->c_type);
    }
    ctext_each(ast, search_code, &search);
    digraph_reach(digraph_new(&search.edges, nfiles), ast->memory, used);
    return used;
}
