/* The pipeline as a whole: its structure, and its own init and final, which reach it as self->pipe.
 */
#include "emit/pipeline.h"

#include "emit/code.h"
#include "emit/instance.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/test.h"
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
    emit_test_member(emit);
    emit_instance_members(emit);
    if (emit->plan->state)
        emit_state(emit, emit->plan->state, "};\n");
    else
        emit_put(emit, "};\n");
    emit_line_here(emit);
}

/* `which` is "init" or "final"; or what it is called where others have one too, by that of all. */
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

static bool needs_self(struct emit *emit, const struct body *body)
{
    return body && code_needs_self(emit, body);
}

static bool sections_need_self(struct emit *emit)
{
    const struct planned_test *test = emit->plan->test;
    bool needs = needs_self(emit, emit->plan->init) || needs_self(emit, emit->plan->final)
        || (test && (needs_self(emit, test->init) || needs_self(emit, test->final)));

    for (size_t i = 0; i < emit->plan->ninstances; i++) {
        emit->scope = &emit->plan->instances[i];
        needs = needs || needs_self(emit, emit->scope->init) || needs_self(emit, emit->scope->final);
    }
    emit->scope = NULL;
    return needs;
}

/* One more call of an init, unless one before it has failed. */
static void emit_init_call(struct emit *emit, const char *which, const char *member, bool *first)
{
    if (!*first)
        emit_put(emit, "    if (!prt_failed(base))\n    ");
    emit_put(emit, "    $N_%s%s_(base, pipe);\n", which, member);
    *first = false;
}

/* The test's, the pipeline's own, then those of the instances in the order of the file, until one fails. */
static void emit_all_init(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    bool first = true;

    emit_put(emit, "\n"
                   "static void $N_init_(struct prt_worker *base, void *pipe)\n"
                   "{\n");
    if (plan->test && plan->test->init)
        emit_init_call(emit, "test_init", "", &first);
    if (plan->init)
        emit_init_call(emit, "own_init", "", &first);
    for (size_t i = 0; i < plan->ninstances; i++)
        if (plan->instances[i].init)
            emit_init_call(emit, "init_", plan->instances[i].member, &first);
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
    if (plan->test && plan->test->final)
        emit_put(emit, "    $N_test_final_(base, pipe);\n");
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
    if (plan->test && plan->test->init)
        emit_section(emit, plan->test->init, "test_init");
    if (plan->test && plan->test->final)
        emit_section(emit, plan->test->final, "test_final");
    if (plan->init)
        emit_section(emit, plan->init, plan->several_sections ? "own_init" : "init");
    if (plan->final)
        emit_section(emit, plan->final, plan->several_sections ? "own_final" : "final");
}

void emit_all_sections(struct emit *emit)
{
    if (!emit->plan->several_sections)
        return;
    emit_heading(emit, emit->plan->ninstances > 0 ? "before and after all stages, of instances too"
                                                  : "before and after all stages, in their order");
    if (plan_has_init(emit->plan))
        emit_all_init(emit);
    if (plan_has_final(emit->plan))
        emit_all_final(emit);
}
