/* Sorted lists, since both may be long and are asked for each word of C text. */
#include "parts/scope.h"

#include <stdlib.h>
#include <string.h>

#include "text/memory.h"

struct item {
    const char *text;
    size_t file;
    struct decl *decl;
};

/* One file imports another. */
struct sight { size_t from, to; };

struct scope {
    const struct scope *around;
    bool part;          /* of a part, which sees all of it */
    struct item *items; /* by name, those of one name in the order of the files */
    size_t n;
    struct sight *sights;
    size_t nsights;
};

size_t file_of(const struct ast *ast, struct span span)
{
    return sources_file(ast->sources, span.start)->number;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct item *)a)->text, ((const struct item *)b)->text);
}

static int by_place(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    const int order = by_text(x, y);

    return order ? order : x->decl->span.start < y->decl->span.start ? -1 : 1;
}

static int by_files(const void *a, const void *b)
{
    const struct sight *x = a, *y = b;

    return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->to < y->to ? -1 : x->to > y->to;
}

const struct scope *scope_new(const struct ast *ast, unsigned kinds, const struct scope *around)
{
    struct scope *scope = memory_take(ast->memory, sizeof *scope);
    size_t n = 0;

    for (enum decl_kind kind = 0; kind < DECL_KINDS; kind++)
        n += kinds & SCOPE_KIND(kind) ? ast->counts[kind] : 0;
    scope->around = around;
    scope->part = ast->part != NULL;
    scope->items = memory_take(ast->memory, (n + 1) * sizeof *scope->items);
    scope->sights = memory_take(ast->memory, (ast->counts[DECL_IMPORT] + 1) * sizeof *scope->sights);
    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        const struct import_decl *import = (const struct import_decl *)decl;

        if ((kinds & SCOPE_KIND(decl->kind)) && decl->name.text)
            scope->items[scope->n++] = (struct item){ decl->name.text, file_of(ast, decl->span), decl };
        if (decl->kind == DECL_IMPORT && import->file)
            scope->sights[scope->nsights++] =
                (struct sight){ file_of(ast, decl->span), import->file->source->number };
    }
    qsort(scope->items, scope->n, sizeof *scope->items, by_place);
    qsort(scope->sights, scope->nsights, sizeof *scope->sights, by_files);
    return scope;
}

static bool sees(const struct scope *scope, size_t from, size_t to)
{
    const struct sight wanted = { from, to };

    return scope->part || from == to
        || bsearch(&wanted, scope->sights, scope->nsights, sizeof wanted, by_files) != NULL;
}

/* The first item of the name. */
static const struct item *first_of(const struct scope *scope, const char *text)
{
    const struct item wanted = { .text = text };
    const struct item *at = bsearch(&wanted, scope->items, scope->n, sizeof wanted, by_text);

    while (at && at > scope->items && strcmp(at[-1].text, text) == 0)
        at--;
    return at;
}

static struct decl *find(const struct scope *scope, size_t file, const char *text, const struct decl *but)
{
    struct decl *seen = NULL;

    for (const struct item *at = first_of(scope, text);
         at && at < scope->items + scope->n && strcmp(at->text, text) == 0; at++) {
        if (at->decl == but || !sees(scope, file, at->file))
            continue;
        if (at->file == file)
            return at->decl;
        if (!seen)
            seen = at->decl;
    }
    return seen || !scope->around ? seen : find(scope->around, file, text, but);
}

struct decl *scope_find(const struct scope *scope, size_t file, const char *text)
{
    return find(scope, file, text, NULL);
}

struct decl *scope_find_second(const struct scope *scope, size_t file, const char *text)
{
    const struct decl *first = scope_find(scope, file, text);

    return first ? find(scope, file, text, first) : NULL;
}
