/* Variables that the author's text finds under the names of its items.
 */
#include "emit/variable.h"

#include "emit/text.h"

void emit_void_unless(struct emit *emit, const struct body *body, const char *name)
{
    if (!(body_mentions(body, name) & MENTION_USED))
        emit_put(emit, "    (void)%s;\n", name);
}

void emit_item_variable(struct emit *emit, const struct planned_stage *stage, const struct planned_input *input,
                        const char *name)
{
    if (input->sources[0]->foreign)
        emit_line_of(emit, stage->span.start);
    emit_put(emit, "    %s;\n", text_declare(emit, input->c_type, name));
    emit_line_here(emit);
}

void emit_item_array(struct emit *emit, const struct planned_stage *stage, const char *name)
{
    emit_item_variable(emit, stage, &stage->inputs[0], text_format(emit, "%s[1]", name));
}
