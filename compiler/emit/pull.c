/* A next is a call of a function that knows the type of the item. */
#include "emit/pull.h"

#include "emit/helper.h"
#include "emit/size.h"
#include "emit/text.h"

/* next, or next_for: that takes a time too, and tells why there is no item. */
static void emit_next(struct emit *emit, const struct planned_input *input, bool timed, bool called)
{
    const char *what = timed ? "next_for" : "next";

    emit_put(emit, "\n"
                   "%sstatic inline %s $S_%s_%s(struct $S *self,", helper_unused(emit, called), timed ? "int" : "bool", what,
             input->name);
    emit_foreign(emit, input->sources[0]);
    emit_put(emit, "%s%s)\n", text_declare(emit, input->c_type, "*item"), timed ? ", int64_t ns" : "");
    emit_line_here(emit);
    emit_put(emit, "{\n"
                   "    return prt_%s(&self->in_%s, item%s);\n"
                   "}\n", what, input->name, timed ? ", ns" : "");
}

static void emit_any(struct emit *emit, const struct planned_stage *stage, const struct planned_any *any, bool called)
{
    emit_put(emit, "\n"
                   "%sstatic inline int $S_next_any", helper_unused(emit, called));
    for (size_t i = 0; i < any->n && !any->all; i++)
        emit_put(emit, "_%s", stage->inputs[any->inputs[i]].name);
    emit_put(emit, "(struct $S *self");
    for (size_t i = 0; i < any->n; i++) {
        const struct planned_input *input = &stage->inputs[any->inputs[i]];

        emit_put(emit, ",");
        emit_foreign(emit, input->sources[0]);
        emit_put(emit, "%s", text_declare(emit, input->c_type, text_format(emit, "*%s", input->name)));
    }
    emit_put(emit, ")\n");
    emit_line_here(emit);
    emit_put(emit, "{\n"
                   "    struct prt_in *const ins[] = {");
    for (size_t i = 0; i < any->n; i++)
        emit_put(emit, "%s &self->in_%s", i ? "," : "", stage->inputs[any->inputs[i]].name);
    emit_put(emit, " };\n"
                   "    void *const items[] = {");
    for (size_t i = 0; i < any->n; i++)
        emit_put(emit, "%s %s", i ? "," : "", stage->inputs[any->inputs[i]].name);
    emit_put(emit, " };\n"
                   "\n"
                   "    return prt_next_any(ins, items, %zu);\n"
                   "}\n", any->n);
}

/* For helpers that are not seen: of all inputs. */
static void emit_any_of_all(struct emit *emit, const struct planned_stage *stage)
{
    struct planned_any any = { .n = stage->ninputs, .all = true };

    for (size_t i = 0; i < stage->nanys; i++)
        if (stage->anys[i].all)
            return;
    any.inputs = obstack_alloc(&emit->memory, any.n * sizeof *any.inputs);
    for (size_t i = 0; i < any.n; i++)
        any.inputs[i] = i;
    emit_any(emit, stage, &any, false);
}

void emit_nexts(struct emit *emit, const struct planned_stage *stage, bool more)
{
    for (size_t i = 0; i < stage->ninputs && stage->pulls; i++) {
        if (stage->inputs[i].next || more)
            emit_next(emit, &stage->inputs[i], false, stage->inputs[i].next);
        if (stage->inputs[i].next_for || more)
            emit_next(emit, &stage->inputs[i], true, stage->inputs[i].next_for);
    }
    for (size_t i = 0; i < stage->nanys; i++)
        emit_any(emit, stage, &stage->anys[i], true);
    if (stage->pulls && more)
        emit_any_of_all(emit, stage);
}

void emit_pulled(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->ninputs; i++) {
        const struct planned_input *input = &stage->inputs[i];

        emit_put(emit, "    %s", text_declare(emit, input->c_type, input->name));
        if (input->drop)
            emit_put(emit, " __attribute__((__cleanup__(%s)))", input->drop);
        emit_put(emit, " = { 0 };\n");
    }
}
