/* A walk over the imports, each file once. What a file imports stands above what it declares itself. */
#include "parts/join.h"

/* Recurses no deeper than there are files (IMPORTS_MAX). */
static void join(struct ast *whole, struct ast *file)
{
    struct decl *next;

    if (file->joined)
        return;
    file->joined = true;
    for (struct decl *decl = file->decls; decl; decl = next) {
        next = decl->next;
        if (decl->kind == DECL_IMPORT && ((struct import_decl *)decl)->file)
            join(whole, ((struct import_decl *)decl)->file);
        if (file->source == whole->source || decl_is_shared(decl->kind)) /* what else it has is reported */
            ast_move(whole, decl);
    }
}

struct ast *join_files(struct ast *ast)
{
    struct ast *whole;

    if (ast->counts[DECL_IMPORT] == 0)
        return ast;
    whole = ast_new_like(ast);
    whole->installed = ast->installed;
    join(whole, ast);
    return whole;
}
