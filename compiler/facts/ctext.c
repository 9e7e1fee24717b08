/* One list of all places. */
#include "facts/ctext.h"

void ctext_each(const struct ast *ast, void (*tell)(void *data, const struct stage *stage, struct code *code), void *data)
{
    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_PROLOGUE)
            tell(data, NULL, &((struct prologue_decl *)decl)->code);
        else if (decl->kind == DECL_STATE || decl->kind == DECL_INIT || decl->kind == DECL_FINAL)
            tell(data, NULL, &((struct section_decl *)decl)->code);
        else if (decl->kind == DECL_STAGE) {
            struct stage *const stage = (struct stage *)decl;
            struct code *const codes[] = { &stage->state, &stage->init, &stage->body, &stage->flush, &stage->final,
                                           &stage->rate.per };

            for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
                tell(data, stage, codes[i]);
            for (struct bound_option *bound = stage->bounds; bound; bound = bound->next)
                tell(data, stage, &bound->weight);
        }
    }
}
