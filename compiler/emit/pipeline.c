/* The pipeline as a whole: its structure, and its own init and final, which reach it as self->pipe.
 */
#include "emit/parts.h"

void emit_pipeline_struct(struct emit *emit)
{
    emit_put(emit, "\n"
                   "struct $N {\n"
                   "%s"
                   "    struct prt_settings settings;\n",
             params_exist(emit) ? text_format(emit, "    struct %s_params params;\n", emit->name) : "");
    for (const struct decl *decl = emit->plan->ast->decls; decl; decl = decl->next)
        if (decl->kind == DECL_STATE)
            emit_text(emit, &((const struct section_decl *)decl)->code, 4);
    emit_put(emit, "};\n");
}

static void emit_section(struct emit *emit, const struct body *body, const char *which)
{
    const char *base = code_free_name(emit, NULL, body, "base");
    const char *pipe = code_free_name(emit, NULL, body, "pipe");

    emit_put(emit, "\n"
                   "static void $N_%s(struct prt_worker *%s, void *%s)\n"
                   "{\n", which, base, pipe);
    if (code_needs_self(emit, body))
        emit_put(emit, "    struct $N_pipeline *self = &(struct $N_pipeline){ .base = %s, .pipe = %s };\n", base, pipe);
    else
        emit_put(emit, "    (void)%s;\n"
                       "    (void)%s;\n", base, pipe);
    emit_param_locals(emit, body);
    emit_body(emit, body, NULL);
    emit_put(emit, "}\n");
}

void emit_pipeline_sections(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (!plan->init && !plan->final)
        return;
    emit_heading(emit, "before and after all stages");
    if ((plan->init && code_needs_self(emit, plan->init)) || (plan->final && code_needs_self(emit, plan->final)))
        emit_put(emit, "\n"
                       "struct $N_pipeline {\n"
                       "    struct prt_worker *base;\n"
                       "    struct $N *pipe;\n"
                       "};\n");
    if (plan->init)
        emit_section(emit, plan->init, "init");
    if (plan->final)
        emit_section(emit, plan->final, "final");
}
