/* Emits to inline stages: calls of their bodies. The worker of an inline stage is a member of its sender's.
 *
 * Beside a header, where C files of the author's may send too, such an emit is a function of the emitted file.
 */
#include "emit/call.h"

#include "emit/helper.h"
#include "emit/name.h"
#include "emit/size.h"
#include "emit/text.h"

/* More than the call of the body stands around it. */
bool stage_has_block(const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->noutputs; i++)
        if (stage->outputs[i].check)
            return true;
    return stage->attempts || (!stage->body && stage->ninputs > 0 && stage->inputs[0].drop);
}

/* What an emit to the stage calls. */
static const char *call_symbol(struct emit *emit, const struct planned_stage *inner)
{
    return text_format(emit, "%s%s", stage_symbol(emit, inner), stage_has_block(inner) || !inner->body ? "_run_" : "_");
}

/* In a source the marks around the call say whose code runs: a signal that ends the source must not meet another's. */
static void emit_guarded_call(struct emit *emit, const struct planned_output *output)
{
    static const char *const guards[] = {
        [GUARD_ENDING] = "prt_call_check", [GUARD_SOURCE] = "prt_call_begin", [GUARD_RATE] = "prt_call_begin_paced" };
    const struct planned_channel *channel = output->channel;
    const char *name = output->name, *value = helper_value(emit);

    if (channel->finishes) {
        emit_put(emit, "    if (prt_call_finished(&self->call_%s))%s\n", name, channel->drop ? " {" : "");
        if (channel->drop)
            emit_put(emit, "        %s(&%s);\n", channel->drop, value);
        emit_put(emit, "        return prt_call_after(&self->call_%s);\n%s", name, channel->drop ? "    }\n" : "");
    }
    if (channel->guard == GUARD_COUNT) {
        emit_put(emit, "    prt_call_count(&self->call_%s);\n", name);
    } else if (channel->guard > GUARD_COUNT) {
        emit_put(emit, "    if (!%s(&self->call_%s))%s\n", guards[channel->guard], name, channel->drop ? " {" : "");
        if (channel->drop)
            emit_put(emit, "        %s(&%s);\n", channel->drop, value);
        emit_put(emit, "        return false;\n%s", channel->drop ? "    }\n" : "");
    }
    emit_put(emit, "    %s(&self->to_%s, %s);\n", call_symbol(emit, channel->called), name, value);
    if (channel->guard >= GUARD_SOURCE)
        emit_put(emit, "    prt_call_end(&self->call_%s);\n", name);
    emit_put(emit, "    return true;\n");
}

/* A compiler that inlines the bodies of a chain into each other copies each of them once for each level above it. */
#define LEVELS_INLINED 64

static void emit_definition(struct emit *emit, const struct planned_output *output, const char *before)
{
    const struct planned_channel *channel = output->channel;

    if (channel->called->depth % LEVELS_INLINED == 0)
        emit_put(emit, "\n"
                       "/* The compiler inlines chains of %d stages at most: time and memory that it takes grow with the\n"
                       " * square of their length. */\n"
                       "__attribute__((__noinline__)) ", LEVELS_INLINED);
    else
        emit_put(emit, "\n");
    emit_put(emit, "static void %s(struct %s *self,", call_symbol(emit, channel->called),
             stage_symbol(emit, channel->called));
    emit_foreign(emit, channel);
    emit_put(emit, "%s);\n", text_declare(emit, channel->c_type, helper_value(emit)));
    emit_line_here(emit);
    emit_put(emit, "\n");
    emit_helper_head(emit, before, "emit", output);
    emit_put(emit, "\n");
    emit_line_here(emit);
    emit_put(emit, "{\n");
    emit_guarded_call(emit, output);
    emit_put(emit, "}\n");
}

void emit_call_members(struct emit *emit, const struct planned_output *output)
{
    const char *name = output->name;
    const struct planned_stage *called = output->channel->called;

    if (output->channel->guard != GUARD_NONE)
        emit_put(emit, "    struct prt_call call_%s;\n", name);
    emit_put(emit, "    struct %s to_%s; /* inline: sending to %s runs %s */\n", stage_symbol(emit, called), name, name,
             called->name);
}

void emit_call_helper(struct emit *emit, const struct planned_output *output, bool called)
{
    if (!emit->options->header) {
        emit_definition(emit, output,
                        emit->options->shared ? "" : text_format(emit, "%sstatic inline ", helper_unused(emit, called)));
        return;
    }
    emit_put(emit, "\n");
    emit_helper_head(emit, "", "emit", output);
    emit_put(emit, ";\n");
    emit_line_here(emit);
}

void emit_calls(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->noutputs && emit->options->header; i++)
        if (stage->outputs[i].channel->kind == KIND_CALL)
            emit_definition(emit, &stage->outputs[i], "");
}

/* ---- wiring ------------------------------------------------------------------------------------------------------ */

static void emit_inline(struct emit *emit, const struct planned_stage *inner)
{
    const struct planned_channel *channel = inner->inputs[0].sources[0];
    const char *name = channel->sent_as;
    const char *type = stage_symbol(emit, inner);
    const char *sender = stage_symbol(emit, channel->sender);

    emit_put(emit, "        { .name = \"%s\", .place = %s,\n"
                   "          .chan = \"%s\", ", inner->name, text_string(emit, text_place(emit, inner->span)), channel->name);
    if (channel->sender->place > 0)
        emit_put(emit, ".by = %zu, ", channel->sender->place);
    emit_put(emit, ".at = offsetof(struct %s, to_%s)", sender, name);
    if (channel->guard != GUARD_NONE)
        emit_put(emit, ",\n          .call_at = offsetof(struct %s, call_%s)", sender, name);
    if (inner->init)
        emit_put(emit, ",\n          .init = %s_init_", type);
    if (inner->final)
        emit_put(emit, ",\n          .final = %s_final_", type);
    if (inner->skip)
        emit_put(emit, ",\n          .on_fail = PRT_THEN_SKIP");
    if (inner->letters)
        emit_put(emit, ",\n          .on_fail = PRT_THEN_LETTER");
    if (inner->letters && inner->inputs[0].drop)
        emit_put(emit, ", .drop = %s", inner->inputs[0].drop);
    if (inner->shown != SHOWN_NOT)
        emit_put(emit, ",\n          .shown = %s", text_shown(inner->shown));
    if (inner->shown == SHOWN_RECORD)
        emit_put(emit, ", .show = $N_show_%s_", inner->shown_type);
    if (inner->shown != SHOWN_NOT || inner->letters)
        emit_put(emit, ", .item_size = sizeof(%s)", inner->inputs[0].c_type);
    emit_put(emit, " },\n");
}

/* A table of its own, and static: stores of thousands of them, one by one, take a compiler half a minute. */
void emit_inlines(struct emit *emit, const struct planned_stage *host)
{
    if (host->ninlines == 0)
        return;
    emit_put(emit, "    static const struct prt_inline_spec inlines_%s[] = {\n", host->symbol);
    for (size_t i = 0; i < host->ninlines; i++)
        emit_inline(emit, host->inlines[i]);
    emit_put(emit, "    };\n");
}
