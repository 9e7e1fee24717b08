/* The pipeline as a whole: its structure, and its own init and final, which reach it as self->pipe.
 */
#include "emit/pipeline.h"

#include "emit/code.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/text.h"

void emit_pipeline_struct(struct emit *emit)
{
    emit_put(emit, "\n");
    emit_line_of(emit, emit->plan->name_span.start);
    emit_put(emit, "struct $N {\n");
    emit_line_here(emit);
    emit_put(emit, "%s"
                   "    struct prt_settings settings;\n",
             emit->plan->nparams > 0 ? text_format(emit, "    struct %s_params params;\n", emit->name) : "");
    if (emit->plan->state)
        emit_text(emit, emit->plan->state->span, 4, "};\n");
    else
        emit_put(emit, "};\n");
    emit_line_here(emit);
}

static void emit_section(struct emit *emit, const struct body *body, const char *which)
{
    const char *base = name_free(emit, NULL, body, "base");
    const char *pipe = name_free(emit, NULL, body, "pipe");

    emit_put(emit, "\n"
                   "static void $N_%s_(struct prt_worker *%s, void *%s)\n"
                   "{\n", which, base, pipe);
    if (code_needs_self(emit, body))
        emit_put(emit, "    struct $N_pipeline_ *self = &(struct $N_pipeline_){ .base = %s, .pipe = %s };\n", base, pipe);
    else
        emit_put(emit, "    (void)%s;\n"
                       "    (void)%s;\n", base, pipe);
    emit_param_locals(emit, body);
    emit_body(emit, body, NULL);
}

void emit_pipeline_sections(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (!plan->init && !plan->final)
        return;
    emit_heading(emit, "before and after all stages");
    if ((plan->init && code_needs_self(emit, plan->init)) || (plan->final && code_needs_self(emit, plan->final)))
        emit_put(emit, "\n"
                       "struct $N_pipeline_ {\n"
                       "    struct prt_worker *base;\n"
                       "    struct $N *pipe;\n"
                       "};\n");
    if (plan->init)
        emit_section(emit, plan->init, "init");
    if (plan->final)
        emit_section(emit, plan->final, "final");
}
