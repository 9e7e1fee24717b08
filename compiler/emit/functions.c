/* The functions of a stage, as they are written. What params they name they get as constants, like a body.
 */
#include "emit/functions.h"

#include "emit/code.h"
#include "emit/param.h"

static void emit_function(struct emit *emit, const struct planned_stage *stage, const struct function *function)
{
    const bool named = params_named(emit, function->body);
    const bool block = named && params_are_hidden(emit, function->body);

    if (named) {
        emit_put(emit, "\n");
        emit_line_here(emit);
        emit_param_locals(emit, function->body);
        emit_put(emit, "%s", block ? "    { /* variables may be called like params here */\n" : "");
        emit_line_of(emit, function->code.start);
    }
    emit_stage_text(emit, stage, function->body, function->code.start, function->code.end);
    if (block) {
        emit_put(emit, "}\n");
        emit_line_of(emit, function->code.end);
    }
}

void emit_stage_functions(struct emit *emit, const struct planned_stage *stage)
{
    const struct body *all;
    struct span code;

    if (!stage->functions || !stage->functions->first)
        return;
    all = stage->functions->text;
    code = code_trimmed(emit, all->span);
    emit_put(emit, "\n");
    emit_line_of(emit, code.start);
    for (const struct function *function = stage->functions->first; function; function = function->next) {
        emit_stage_text(emit, stage, all, code.start, function->code.start);
        emit_function(emit, stage, function);
        code.start = function->code.end;
    }
    /* Not where a bracket is left open: then the last function reaches over the blanks, and cc tells. */
    if (code.start < code.end)
        emit_stage_text(emit, stage, all, code.start, code.end);
    emit_put(emit, "\n");
    emit_line_here(emit);
}
