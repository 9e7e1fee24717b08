/* A test: what it expects to fail, and how main tells what came of it.
 */
#include "emit/test.h"

#include "emit/text.h"

void emit_test_member(struct emit *emit)
{
    if (emit->plan->test)
        emit_put(emit, "    struct prt_test test;\n");
}

static unsigned line_of(const struct emit *emit, struct span span)
{
    return sources_position(emit->plan->sources, span.start).line;
}

void emit_test_failures(struct emit *emit)
{
    const struct planned_test *test = emit->plan->test;

    if (!test)
        return;
    if (test->nfailures > 0)
        emit_put(emit, "\nstatic const struct prt_test_failure $N_failures_[] = {\n");
    for (size_t i = 0; i < test->nfailures; i++)
        emit_put(emit, "    { \"%s\", %s, %u },\n", test->failures[i].stage, text_string(emit, test->failures[i].text),
                 line_of(emit, test->failures[i].span));
    if (test->nfailures > 0)
        emit_put(emit, "};\n");
    emit_put(emit, "\n/* %s */\n", text_comment(emit, test->title));
    emit_put(emit, "static const struct prt_test_spec $N_test_ = {\n"
                   "    .file = %s,\n"
                   "    .line = %u,\n", text_string(emit, emit->pipe_path), line_of(emit, test->span));
    if (test->nfailures > 0)
        emit_put(emit, "    .failures = $N_failures_,\n"
                       "    .nfailures = %zu,\n", test->nfailures);
    emit_put(emit, "};\n");
    if (test->noperands == 0)
        return;
    emit_put(emit, "\nstatic char *const $N_arguments_[] = { (char *)\"$N\", (char *)\"--\"");
    for (size_t i = 0; i < test->noperands; i++)
        emit_put(emit, ", (char *)%s", text_string(emit, test->operands[i]));
    emit_put(emit, ", NULL };\n");
}

void emit_test_begin(struct emit *emit)
{
    if (emit->plan->test)
        emit_put(emit, "    prt_test_begin(&pipe.test, &$N_test_);\n");
}

const char *emit_test_run(struct emit *emit, const char *otherwise)
{
    return emit->plan->test ? "prt_test_end(&pipe.test, prt_run(run))" : otherwise;
}

const char *emit_test_arguments(struct emit *emit, const char *otherwise)
{
    const struct planned_test *test = emit->plan->test;

    return test && test->noperands > 0
        ? text_format(emit, "%zu, (char **)%s_arguments_", test->noperands + 2, emit->name) : otherwise;
}
