/* A next is a call of a function that knows the type of the item. */
#include "emit/pull.h"

#include "emit/size.h"
#include "emit/text.h"

static void emit_next(struct emit *emit, const struct planned_input *input)
{
    emit_put(emit, "\n"
                   "%sstatic inline bool $S_next_%s(struct $S *self,",
             input->next || emit->options->header ? "" : "__attribute__((__unused__)) ", input->name);
    emit_foreign(emit, input->sources[0]);
    emit_put(emit, "%s)\n", text_declare(emit, input->c_type, "*item"));
    emit_line_here(emit);
    emit_put(emit, "{\n"
                   "    return prt_next(&self->in_%s, item);\n"
                   "}\n", input->name);
}

void emit_nexts(struct emit *emit, const struct planned_stage *stage, bool more)
{
    for (size_t i = 0; i < stage->ninputs && stage->pulls; i++)
        if (stage->inputs[i].next || more)
            emit_next(emit, &stage->inputs[i]);
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
