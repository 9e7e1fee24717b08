/* Heads of the functions that bodies call. */
#include "emit/helper.h"

#include "emit/name.h"
#include "emit/size.h"
#include "emit/text.h"

const char *helper_unused(const struct emit *emit, bool called)
{
    return called || emit->options->header ? "" : "__attribute__((__unused__)) ";
}

const char *helper_value(struct emit *emit)
{
    return name_free(emit, NULL, NULL, "value");
}

void emit_helper_head(struct emit *emit, const char *before, const char *what, const struct planned_output *output)
{
    const struct planned_channel *channel = output->channel;

    emit_put(emit, "%sbool $S_%s_%s(struct $S *self,", before, what, output->name);
    emit_foreign(emit, channel);
    emit_put(emit, "%s)", text_declare(emit, channel->c_type, helper_value(emit)));
}
