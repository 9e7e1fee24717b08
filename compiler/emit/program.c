/* What the command line of the program knows, and main.
 */
#include "emit/program.h"

#include <string.h>

#include "emit/test.h"
#include "emit/text.h"

/* One name of a table; a line holds eight. */
static void emit_name(struct emit *emit, const char *table, const char *name, size_t *len)
{
    if (*len == 0)
        emit_put(emit, "\nstatic const char *const $N_%s_[] = {", table);
    emit_put(emit, "%s%s\"%s\"", *len > 0 ? "," : "", *len > 0 && *len % 8 == 0 ? "\n    " : " ", name);
    ++*len;
}

/* The stages that --workers may name. */
static size_t emit_pools(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    size_t len = 0;

    for (size_t i = 0; i < plan->nstages; i++)
        if (!plan->stages[i].fixed)
            emit_name(emit, "pools", plan->stages[i].name, &len);
    if (len > 0)
        emit_put(emit, " };\n");
    return len;
}

static bool has_rate_per(const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->nkeyed; i++)
        if (stage->keyed[i].kind == KEYED_RATE)
            return true;
    return false;
}

/* The rates that --rate may name: shared ones, and by its stage one that is a stage's own, for each key or not. */
static size_t emit_rates(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    size_t len = 0;

    for (size_t i = 0; i < plan->nlimits; i++)
        if (plan->limits[i].kind == LIMIT_RATE)
            emit_name(emit, "rates", plan->limits[i].name, &len);
    for (size_t i = 0; i < plan->nstages; i++)
        if (has_rate_per(&plan->stages[i]))
            emit_name(emit, "rates", plan->stages[i].name, &len);
    if (len > 0)
        emit_put(emit, " };\n");
    return len;
}

static size_t place_of(const struct plan *plan, const char *param)
{
    size_t i = 0;

    while (strcmp(plan->params[i].name, param) != 0)
        i++;
    return i;
}

void emit_program(struct emit *emit)
{
    const size_t pools = emit_pools(emit);
    const size_t rates = emit_rates(emit);

    emit_put(emit, "\n"
                   "static const struct prt_program $N_program_ = {\n"
                   "    .name = \"$N\",\n");
    if (emit->plan->doc)
        emit_put(emit, "    .doc = %s,\n", text_string(emit, emit->plan->doc));
    if (emit->plan->drain.kind == AMOUNT_PARAM)
        emit_put(emit, "    .drain_from = &$N_options_[%zu], /* %s */\n", place_of(emit->plan, emit->plan->drain.param),
                 emit->plan->drain.param);
    else if (emit->plan->drain.kind != AMOUNT_NONE)
        emit_put(emit, "    .drain = %s, /* %s */\n", text_int(emit, emit->plan->drain.n),
                 text_comment(emit, emit->plan->drain.written));
    if (emit->plan->nparams > 0)
        emit_put(emit, "    .params = $N_options_,\n"
                       "    .nparams = %zu,\n", emit->plan->nparams);
    if (pools)
        emit_put(emit, "    .pools = $N_pools_,\n"
                       "    .npools = %zu,\n", pools);
    if (rates)
        emit_put(emit, "    .rates = $N_rates_,\n"
                       "    .nrates = %zu,\n", rates);
    emit_put(emit, "};\n");
}

void emit_main(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    const bool params = emit->plan->nparams > 0;

    emit_test_failures(emit);
    emit_put(emit, "\n"
                   "int main(int argc, char **argv)\n"
                   "{\n"
                   "    static struct $N pipe;\n"
                   "    const int status = prt_options(&$N_program_, %s, &pipe.settings, %s);\n"
                   "    struct prt_run *run;\n"
                   "\n"
                   "    if (status >= 0)\n"
                   "        return status;\n",
             params ? "&pipe.params" : "NULL", emit_test_arguments(emit, "argc, argv"));
    emit_test_begin(emit);
    emit_put(emit, "    run = prt_run_new(&(struct prt_run_spec){\n"
                   "        .name = \"$N\", .pipe = &pipe, .settings = &pipe.settings%s%s%s });\n"
                   "    if (!run)\n"
                   "        return 1;\n"
                   "    $N_wire_(run%s);\n"
                   "    return %s;\n"
                   "}\n",
             plan_has_init(plan) ? text_format(emit, ", .init = %s_init_", emit->name) : "",
             plan_has_final(plan) ? text_format(emit, ", .final = %s_final_", emit->name) : "",
             plan->test ? ",\n        .failed = prt_test_failed, .opaque = &pipe.test" : "",
             plan->wiring_reads_params ? ", &pipe.params" : "", emit_test_run(emit, "prt_run(run)"));
}
