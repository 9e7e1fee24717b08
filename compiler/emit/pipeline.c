/* The pipeline as a whole: its structure, and its own init and final, which reach it as self->pipe.
 */
#include "emit/pipeline.h"

#include "emit/code.h"
#include "emit/instance.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/text.h"

void emit_pipeline_struct(struct emit *emit)
{
    emit_instance_names(emit, emit->options->header != NULL);
    emit_instance_states(emit);
    emit_put(emit, "\n");
    emit_line_of(emit, emit->plan->name_span.start);
    emit_put(emit, "struct $N {\n");
    emit_line_here(emit);
    emit_put(emit, "%s"
                   "    struct prt_settings settings;\n",
             emit->plan->nparams > 0 ? text_format(emit, "    struct %s_params params;\n", emit->name) : "");
    emit_instance_members(emit);
    if (emit->plan->state)
        emit_state(emit, emit->plan->state, "};\n");
    else
        emit_put(emit, "};\n");
    emit_line_here(emit);
}

/* `which` is init or final. Where instances have one too, it is only called by that of all. */
static void emit_section(struct emit *emit, const struct body *body, const char *which)
{
    const char *base = name_free(emit, NULL, body, "base");
    const char *pipe = name_free(emit, NULL, body, "pipe");

    emit_put(emit, "\n"
                   "static void $N_%s%s_(struct prt_worker *%s, void *%s)\n"
                   "{\n", emit->plan->has_instance_sections ? "own_" : "", which, base, pipe);
    if (code_needs_self(emit, body))
        emit_put(emit, "    struct $N_pipeline_ *self = &(struct $N_pipeline_){ .base = %s, .pipe = %s };\n", base, pipe);
    else
        emit_put(emit, "    (void)%s;\n"
                       "    (void)%s;\n", base, pipe);
    emit_param_locals(emit, body);
    emit_body(emit, body, NULL);
}

static bool needs_self(struct emit *emit, const struct body *body)
{
    return body && code_needs_self(emit, body);
}

static bool sections_need_self(struct emit *emit)
{
    bool needs = needs_self(emit, emit->plan->init) || needs_self(emit, emit->plan->final);

    for (size_t i = 0; i < emit->plan->ninstances; i++) {
        emit->scope = &emit->plan->instances[i];
        needs = needs || needs_self(emit, emit->scope->init) || needs_self(emit, emit->scope->final);
    }
    emit->scope = NULL;
    return needs;
}

/* The pipeline's own init, then those of the instances in the order of the file, until one fails. */
static void emit_all_init(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    bool first = !plan->init;

    emit_put(emit, "\n"
                   "static void $N_init_(struct prt_worker *base, void *pipe)\n"
                   "{\n");
    if (plan->init)
        emit_put(emit, "    $N_own_init_(base, pipe);\n");
    for (size_t i = 0; i < plan->ninstances; i++) {
        if (!plan->instances[i].init)
            continue;
        if (!first)
            emit_put(emit, "    if (!prt_failed(base))\n    ");
        emit_put(emit, "    $N_init_%s_(base, pipe);\n", plan->instances[i].member);
        first = false;
    }
    emit_put(emit, "}\n");
}

/* The other way round. */
static void emit_all_final(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    emit_put(emit, "\n"
                   "static void $N_final_(struct prt_worker *base, void *pipe)\n"
                   "{\n");
    for (size_t i = plan->ninstances; i > 0; i--)
        if (plan->instances[i - 1].final)
            emit_put(emit, "    $N_final_%s_(base, pipe);\n", plan->instances[i - 1].member);
    if (plan->final)
        emit_put(emit, "    $N_own_final_(base, pipe);\n");
    emit_put(emit, "}\n");
}

void emit_pipeline_sections(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (!plan_has_init(plan) && !plan_has_final(plan))
        return;
    emit->scope = NULL;
    emit_heading(emit, "before and after all stages");
    if (sections_need_self(emit))
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

void emit_all_sections(struct emit *emit)
{
    if (!emit->plan->has_instance_sections)
        return;
    emit_heading(emit, "before and after all stages, of instances too");
    if (plan_has_init(emit->plan))
        emit_all_init(emit);
    if (plan_has_final(emit->plan))
        emit_all_final(emit);
}
