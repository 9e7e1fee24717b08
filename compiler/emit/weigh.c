/* What an item of a batch weighs is asked while it lies in its channel: no worker is there, and the batch's name is an array
 * of that one item.
 */
#include "emit/weigh.h"

#include <string.h>

#include "emit/code.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/text.h"
#include "emit/variable.h"

/* The way to the program, as the expressions that a part is given have it. */
static const char *way_name(struct emit *emit, const struct planned_stage *stage)
{
    return name_free(emit, stage, stage->inputs[0].weigh, "pipe");
}

void emit_weigh(struct emit *emit, const struct planned_stage *stage)
{
    const struct planned_input *input = stage->ninputs > 0 ? &stage->inputs[0] : NULL;
    const struct body *body = input ? input->weigh : NULL;
    const char *const outer = emit->way;
    const char *program, *item;
    bool needs_pipe;

    if (!body)
        return;
    program = name_free(emit, stage, body, "program");
    item = name_free(emit, stage, body, "item");
    emit->way = way_name(emit, stage);
    needs_pipe = code_needs_pipe(emit, body);
    emit_put(emit, "\n"
                   "/* What an item weighs that waits for a batch. */\n"
                   "static int64_t $S_weigh_(void *%s, const void *%s)\n"
                   "{\n", program, item);
    if (needs_pipe)
        emit_put(emit, "    struct $N *%s = %s;\n", emit->way, program);
    emit_item_array(emit, stage, input->name);
    emit_param_locals(emit, body);
    emit_put(emit, "\n");
    if (!needs_pipe)
        emit_put(emit, "    (void)%s;\n", program);
    emit_put(emit, "    memcpy(%s, %s, sizeof %s);\n", input->name, item, input->name);
    emit_expression(emit, body, "return PRT_WEIGHT(", ")");
    emit_put(emit, "}\n");
    emit->way = outer;
}
