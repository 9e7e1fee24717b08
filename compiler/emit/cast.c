/* Broadcasts: an array of outputs, and an emit that sends to all of them.
 *
 * Beside a header, where C files of the author's may send too, an emit that copies is a function of the emitted file: the
 * function that copies stands there.
 */
#include "emit/cast.h"

#include "emit/helper.h"
#include "emit/name.h"
#include "emit/text.h"

static bool is_cast(const struct planned_output *output)
{
    return output->channel->kind == KIND_BROADCAST;
}

const char *cast_output(struct emit *emit, const struct planned_output *output, size_t place)
{
    return is_cast(output) ? text_format(emit, "%s[%zu]", output->name, place) : output->name;
}

void emit_cast_members(struct emit *emit, const struct planned_output *output)
{
    const struct planned_channel *channel = output->channel;

    emit_put(emit, "    struct prt_out to_%s[%zu]; /* a broadcast: to each stage that receives from %s */\n", output->name,
             channel->ncopies, channel->name);
}

static void emit_definition(struct emit *emit, const struct planned_stage *stage, const struct planned_output *output,
                            const char *before)
{
    const struct planned_channel *channel = output->channel;
    const char *in_time = stage->timeout.kind != AMOUNT_NONE ? "_in_time" : "";
    const char *name = output->name, *value = helper_value(emit), *item = name_free(emit, NULL, NULL, "item");

    emit_put(emit, "\n");
    emit_helper_head(emit, before, "emit", output);
    emit_put(emit, "\n");
    emit_line_here(emit);
    emit_put(emit, "{\n");
    if (channel->clone)
        emit_put(emit, "    %s; /* a copy */\n"
                       "\n"
                       "    return prt_emit_clones%s(self->to_%s, %zu, &%s, &%s, sizeof %s, %s);\n",
                 text_declare(emit, channel->c_type, item), in_time, name, channel->ncopies, value, item, value,
                 channel->clone);
    else
        emit_put(emit, "    return prt_emit_each%s(self->to_%s, %zu, &%s, sizeof %s);\n", in_time, name,
                 channel->ncopies, value, value);
    emit_put(emit, "}\n");
}

static void emit_helper(struct emit *emit, const struct planned_stage *stage, const struct planned_output *output,
                        bool called)
{
    if (!emit->options->header || !output->channel->clone) {
        emit_definition(emit, stage, output, text_format(emit, "%sstatic inline ", helper_unused(emit, called)));
        return;
    }
    emit_put(emit, "\n");
    emit_helper_head(emit, "", "emit", output);
    emit_put(emit, ";\n");
    emit_line_here(emit);
}

void emit_cast_helpers(struct emit *emit, const struct planned_stage *stage, const struct planned_output *output, bool wanted,
                       bool called)
{
    if (wanted)
        emit_helper(emit, stage, output, called);
}

void emit_casts(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->noutputs && emit->options->header; i++)
        if (is_cast(&stage->outputs[i]) && stage->outputs[i].channel->clone)
            emit_definition(emit, stage, &stage->outputs[i], "");
}

void emit_cast_channels(struct emit *emit, const struct planned_channel *channel)
{
    emit_put(emit, "    struct prt_chan *chan_%s[%zu]; /* a broadcast: one for each stage that receives */\n", channel->symbol,
             channel->ncopies);
}
