/* A stage: the structure of its workers, one function for each of its sections and one that runs the body on the items
 * of a batch. All of them are named after the stage, so that the emitted file reads beside the .pipe file.
 */
#include "emit/stage.h"

#include <string.h>

#include "emit/call.h"
#include "emit/cast.h"
#include "emit/code.h"
#include "emit/functions.h"
#include "emit/helper.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/pull.h"
#include "emit/size.h"
#include "emit/term.h"
#include "emit/text.h"
#include "emit/variable.h"
#include "emit/weigh.h"

/* ---- the comment ------------------------------------------------------------------------------------------------- */

static void emit_comment(struct emit *emit, const struct planned_stage *stage)
{
    emit_put(emit, "\n/* %s: %s\n"
                   " * %s. */\n", text_comment(emit, text_place(emit, stage->span)), stage->summary, text_comment(emit, stage->why));
}

/* ---- the structure and what goes with it ------------------------------------------------------------------------- */

/* A body that hands its `self` on, or stands elsewhere, may call helpers that are not seen. */
static bool may_call_more(const struct planned_stage *stage)
{
    const struct body *bodies[] = { stage->body, stage->init, stage->final, stage->flush };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i] && bodies[i]->uses_self)
            return true;
    return !stage->body || (stage->functions && stage->functions->send);
}

/* `what` is emit or try, and `function` what it calls: prt_try_emit() sends only what there is room for now. */
static void emit_helper(struct emit *emit, const struct planned_output *output, const char *what, const char *function,
                        bool called)
{
    emit_put(emit, "\n");
    emit_helper_head(emit, text_format(emit, "%sstatic inline ", helper_unused(emit, called)), what, output);
    emit_put(emit, "\n");
    emit_line_here(emit);
    emit_put(emit, "{\n"
                   "    return %s(&self->to_%s, &%s, sizeof %s);\n"
                   "}\n", function, output->name, helper_value(emit), helper_value(emit));
}

/* Sends the item that came by `in`; of a batch, the one that lies `at` a place there. */
static void emit_pass_helper(struct emit *emit, const struct planned_stage *stage, const struct planned_output *output)
{
    const bool batch = stage->inputs[0].length;
    const char *in = name_free(emit, NULL, NULL, "in"), *value = name_free(emit, NULL, NULL, batch ? "at" : "value");

    emit_put(emit, "\n"
                   "static inline bool $S_pass_%s(struct $S *self,%s", output->name,
             batch ? "" : text_format(emit, " const struct prt_in *%s,", in));
    emit_foreign(emit, output->channel);
    emit_put(emit, "%s)\n", text_declare(emit, output->channel->c_type, batch ? text_format(emit, "*%s", value) : value));
    emit_line_here(emit);
    emit_put(emit, "{\n");
    if (batch)
        emit_put(emit, "    return prt_pass_of(&self->to_%s, %s, sizeof *%s);\n", output->name, value, value);
    else
        emit_put(emit, "    return prt_pass(&self->to_%s, %s, &%s, sizeof %s);\n", output->name, in, value, value);
    emit_put(emit, "}\n");
}

static void emit_helpers(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->noutputs; i++) {
        const bool called = stage->outputs[i].emitted;
        const bool timed = stage->timeout.kind != AMOUNT_NONE;

        if (stage->outputs[i].letters)
            continue;
        if (stage->outputs[i].tried)
            emit_helper(emit, &stage->outputs[i], "try", timed ? "prt_try_emit_in_time" : "prt_try_emit", true);
        if (stage->outputs[i].channel->kind == KIND_BROADCAST) {
            emit_cast_helpers(emit, stage, &stage->outputs[i], called || may_call_more(stage), called);
            continue;
        }
        if (stage->outputs[i].passed)
            emit_pass_helper(emit, stage, &stage->outputs[i]);
        if (!called && !may_call_more(stage))
            continue;
        if (stage->outputs[i].channel->kind == KIND_CALL)
            emit_call_helper(emit, &stage->outputs[i], called);
        else
            emit_helper(emit, &stage->outputs[i], "emit", timed ? "prt_emit_in_time" : "prt_emit", called);
    }
}

/* A body that is a C function somewhere else: what it is, and how it says that an item failed. */
static void emit_function(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->body)
        return;
    emit_put(emit, "\n"
                   "#define $S_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)\n");
    if (stage->retries.kind != AMOUNT_NONE)
        emit_put(emit, "#define $S_fail_after(self, delay, ...) prt_fail_after(&(self)->base, delay, __VA_ARGS__)\n");
    emit_put(emit, "\n");
    emit_line_of(emit, stage->function_span.start);
    emit_put(emit, "enum prt_result %s(struct $S *self", stage->function);
    for (size_t i = 0; i < stage->ninputs && !stage->pulls; i++) {
        const char *item = text_format(emit, "*%s", stage->inputs[i].name);

        emit_put(emit, ", %s", text_declare(emit, stage->inputs[i].c_type, item));
        if (stage->inputs[i].length)
            emit_put(emit, ", size_t %s", stage->inputs[i].length);
    }
    emit_put(emit, ");\n");
    emit_line_here(emit);
}

static void emit_one_struct(struct emit *emit, const struct planned_stage *stage)
{
    emit_at(emit, stage);
    emit_comment(emit, stage);
    emit_line_of(emit, stage->span.start);
    emit_put(emit, "struct $S {\n");
    emit_line_here(emit);
    emit_put(emit, "    struct prt_worker base;\n"
                   "    int worker;\n"
                   "    struct $N *pipe;\n");
    for (size_t i = 0; i < stage->ninputs && !stage->host; i++)
        emit_put(emit, "    struct prt_in in_%s;\n", stage->inputs[i].name);
    for (size_t i = 0; i < stage->noutputs; i++)
        if (stage->outputs[i].channel->kind == KIND_CALL)
            emit_call_members(emit, &stage->outputs[i]);
        else if (stage->outputs[i].channel->kind == KIND_BROADCAST)
            emit_cast_members(emit, &stage->outputs[i]);
        else
            emit_put(emit, "    struct prt_out to_%s;\n", stage->outputs[i].name);
    if (stage->state)
        emit_state(emit, stage->state, "};\n");
    else
        emit_put(emit, "};\n");
    emit_line_here(emit);
    emit_nexts(emit, stage, may_call_more(stage));
    emit_helpers(emit, stage);
    emit_function(emit, stage);
}

/* What runs within a stage comes first, since its workers are members of those of their senders. */
void emit_stage_structs(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->host)
        return;
    for (size_t i = stage->ninlines; i > 0; i--)
        emit_one_struct(emit, stage->inlines[i - 1]);
    emit_one_struct(emit, stage);
    emit_at(emit, stage);
}

/* ---- the sections ------------------------------------------------------------------------------------------------ */

static void emit_section(struct emit *emit, const struct planned_stage *stage, const struct body *body,
                         const char *which)
{
    const char *base = name_free(emit, NULL, body, "base");

    if (!body)
        return;
    emit_put(emit, "\n"
                   "static void $S_%s_(struct prt_worker *%s)\n"
                   "{\n", which, base);
    if (code_needs_self(emit, body))
        emit_put(emit, "    struct $S *self = (struct $S *)%s;\n", base);
    else
        emit_put(emit, "    (void)%s;\n", base);
    emit_param_locals(emit, body);
    emit_body(emit, body, stage);
}

/* How the body's parameter is called: an owned item is moved into a local that drops it; where a failure may be followed by
 * another attempt, any item into one that goes back. */
static const char *argument_name(struct emit *emit, const struct planned_stage *stage,
                                 const struct planned_input *input)
{
    const char *item = stage->ninputs > 1 ? text_format(emit, "%s_item", input->name) : "item";

    if (input->length || (!input->drop && !stage->attempts))
        return input->name;
    item = name_free(emit, stage, stage->body, item);
    return stage->attempts ? text_format(emit, "*%s", item) : item;
}

static void emit_unused(struct emit *emit, const struct planned_stage *stage)
{
    if (!code_needs_self(emit, stage->body))
        emit_put(emit, "    (void)self;\n");
    for (size_t i = 0; i < stage->ninputs; i++)
        if ((!stage->attempts || stage->inputs[i].length) && !code_shows_item(stage->body, stage))
            emit_void_unless(emit, stage->body, stage->inputs[i].name);
    for (size_t i = 0; i < stage->ninputs; i++)
        if (stage->inputs[i].length)
            emit_void_unless(emit, stage->body, stage->inputs[i].length);
}

/* What the body leaves of the item lies where it came from, when the body has returned. */
static void emit_kept(struct emit *emit, const struct planned_stage *stage, const struct planned_input *input)
{
    const char *item = argument_name(emit, stage, input);
    const char *kept = stage->ninputs > 1 ? text_format(emit, "%s_kept", input->name) : "kept";

    emit_put(emit, "    %s = %s;\n", text_declare(emit, input->c_type, input->name), item);
    emit_put(emit, "    const struct prt_kept %s __attribute__((__cleanup__(prt_keep), __unused__)) = { %s, &%s, "
                   "sizeof %s };\n",
             name_free(emit, stage, stage->body, kept), item + 1, input->name, input->name);
}

static void emit_owned(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->ninputs; i++) {
        const struct planned_input *input = &stage->inputs[i];

        if (stage->attempts && !input->length)
            emit_kept(emit, stage, input);
        else if (input->drop && !input->length)
            emit_put(emit, "    %s __attribute__((__cleanup__(%s))) = %s;\n",
                     text_declare(emit, input->c_type, input->name), input->drop,
                     argument_name(emit, stage, input));
    }
}

static void emit_stage_body(struct emit *emit, const struct planned_stage *stage)
{
    emit_put(emit, "\n");
    emit_line_of(emit, stage->span.start);
    emit_put(emit, "static void $S_(struct $S *self");
    for (size_t i = 0; i < stage->ninputs && !stage->pulls; i++) {
        const struct planned_input *input = &stage->inputs[i];
        const char *argument = argument_name(emit, stage, input);

        if (input->length)
            emit_put(emit, ", %s, size_t %s", text_declare(emit, input->c_type, text_format(emit, "*%s", argument)),
                     input->length);
        else
            emit_put(emit, ", %s", text_declare(emit, input->c_type, argument));
    }
    emit_put(emit, ")\n"
                   "{\n");
    if (stage->pulls)
        emit_pulled(emit, stage);
    else
        emit_owned(emit, stage);
    emit_unused(emit, stage);
    emit_param_locals(emit, stage->body);
    emit_body(emit, stage->body, stage);
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

/* How the item is called where a C function gets it: not like the function. */
static const char *item_name(struct emit *emit, const struct planned_stage *stage, const struct planned_input *input)
{
    if (stage->function && strcmp(stage->function, input->name) == 0)
        return text_format(emit, "%s_item", input->name);
    return input->name;
}

/* Where a source or an inline stage begins an attempt: the others do by prt_attempt(). */
static void emit_attempt(struct emit *emit, const struct planned_stage *stage, const char *indent)
{
    if (stage->letters && !(stage->ninputs > 0 && stage->inputs[0].length))
        emit_put(emit, "%sstruct prt_loss %s;\n\n", indent, name_free(emit, stage, NULL, "loss"));
    if (stage->ninputs == 0 || stage->host)
        emit_put(emit, "%sprt_attempt_here(&self->base);\n", indent);
}

/* A letter for each item of a batch, each with a reason of its own. */
static void emit_letters_of_batch(struct emit *emit, const struct planned_stage *stage)
{
    const char *name = item_name(emit, stage, &stage->inputs[0]);
    const char *length = stage->inputs[0].length;
    const char *loss = name_free(emit, stage, NULL, "loss");
    const char *at = name_free(emit, stage, NULL, "i");
    const char *type = stage->letters->channel->c_type;

    emit_put(emit, "    for (size_t %s = 0; %s < %s; %s++)\n", at, at, length, at);
    emit_put(emit, "        prt_emit(&self->to_%s,\n"
                   "                 &(%s){ %s[%s], prt_reason(&%s, %s + 1 < %s), %s.attempts, %s.stage },\n"
                   "                 sizeof(%s));\n", stage->letters->name, type, name, at, loss, at, length, loss, loss, type);
}

/* Where each item lies, for the end of an attempt. */
static const char *items_text(struct emit *emit, const struct planned_stage *stage)
{
    const char *text = stage->ninputs > 1 ? "(void *const[]){ " : "";

    if (stage->ninputs == 0)
        return "NULL";
    if (stage->inputs[0].length)
        return item_name(emit, stage, &stage->inputs[0]);
    for (size_t i = 0; i < stage->ninputs; i++)
        text = text_format(emit, "%s%s&%s", text, i > 0 ? ", " : "", item_name(emit, stage, &stage->inputs[i]));
    return stage->ninputs > 1 ? text_format(emit, "%s }", text) : text;
}

/* What becomes of the item: the runtime drops it or keeps it for the next attempt, or it goes into a letter. */
static void emit_settling(struct emit *emit, const struct planned_stage *stage, const char *indent)
{
    const char *item = stage->ninputs > 0 ? item_name(emit, stage, &stage->inputs[0]) : NULL;
    const char *at = items_text(emit, stage);
    const char *loss = name_free(emit, stage, NULL, "loss");
    const char *type;

    if (!stage->letters) {
        emit_put(emit, stage->ninputs > 1 ? "%sprt_settle_all(&self->base, %s);\n" : "%sprt_settle(&self->base, %s, NULL);\n",
                 indent, at);
        return;
    }
    if (stage->ninputs > 0 && stage->inputs[0].length) {
        emit_put(emit, "%sif (!prt_settle(&self->base, %s, &%s))\n"
                       "%s    return;\n", indent, at, loss, indent);
        emit_letters_of_batch(emit, stage);
        return;
    }
    type = stage->letters->channel->c_type;
    emit_put(emit, "%sif (prt_settle(&self->base, %s, &%s))\n", indent, at, loss);
    emit_put(emit, "%s    prt_emit(&self->to_%s, &(%s){ %s%s%s.reason, %s.attempts, %s.stage },\n"
                   "%s             sizeof(%s));\n", indent, stage->letters->name, type,
             item ? item : ".reason = ", item ? ", " : "", loss, loss, loss, indent, type);
}

/* Around a body whose items are counted: what it had sent before, and whether as many more as promised came. */
static void emit_marks(struct emit *emit, const struct planned_stage *stage, const char *indent)
{
    for (size_t i = 0; i < stage->noutputs; i++)
        if (stage->outputs[i].check)
            emit_put(emit, "%s%s_%s);\n", indent,
                     stage->outputs[i].channel->kind == KIND_CALL ? "prt_call_mark(&self->call" : "prt_begin(&self->to",
                     cast_output(emit, &stage->outputs[i], 0));
}

static void emit_counts(struct emit *emit, const struct planned_stage *stage, const char *indent)
{
    for (size_t i = 0; i < stage->noutputs; i++) {
        const struct planned_output *output = &stage->outputs[i];

        if (output->check)
            emit_put(emit, "%s%s_%s, %s, %s);\n", indent,
                     output->channel->kind == KIND_CALL ? "prt_call_kept(&self->call" : "prt_kept(&self->to",
                     cast_output(emit, output, 0), text_int(emit, output->count.least),
                     text_int(emit, output->count.most));
    }
}

/* Items by value, a batch as an array and its length; where what is left of an item is dropped by who calls, its address. */
static void emit_arguments(struct emit *emit, const struct planned_stage *stage)
{
    emit_put(emit, "(self");
    for (size_t i = 0; i < stage->ninputs && !stage->pulls; i++) {
        const struct planned_input *input = &stage->inputs[i];
        const char *name = item_name(emit, stage, input);

        if (input->length)
            emit_put(emit, ", %s, %s", name, input->length);
        else
            emit_put(emit, ", %s%s", stage->body && !stage->attempts ? "" : "&", name);
    }
    emit_put(emit, ");\n");
}

/* The body's call and what stands around it, each line indented by `indent`. */
static void emit_call(struct emit *emit, const struct planned_stage *stage, const char *indent)
{
    if (stage->attempts)
        emit_attempt(emit, stage, indent);
    emit_marks(emit, stage, indent);
    emit_put(emit, "%s%s%s", indent, stage->body ? emit->stage : stage->function, stage->body ? "_" : "");
    emit_arguments(emit, stage);
    emit_counts(emit, stage, indent);
    if (stage->attempts) {
        emit_settling(emit, stage, indent);
        return;
    }
    for (size_t i = 0; i < stage->ninputs && !stage->pulls; i++)
        if (!stage->body && stage->inputs[i].drop && !stage->inputs[i].length)
            emit_put(emit, "%s%s(&%s);\n", indent, stage->inputs[i].drop,
                     item_name(emit, stage, &stage->inputs[i]));
}

static void emit_source_run(struct emit *emit, const struct planned_stage *stage, const char *base)
{
    emit_put(emit, "    struct $S *self = (struct $S *)%s;\n%s", base, stage->letters ? "" : "\n");
    emit_call(emit, stage, "    ");
}

/* A batch is an array; what the body has not taken of it is dropped behind it. */
static void emit_batch(struct emit *emit, const struct planned_stage *stage, const char *base)
{
    const struct planned_input *input = &stage->inputs[0];
    const char *name = item_name(emit, stage, input);
    const char *at = name_free(emit, stage, NULL, "i");

    emit_put(emit, "    struct $S *self = (struct $S *)%s;\n"
                   "    size_t %s;\n", base, input->length);
    if (input->sources[0]->foreign)
        emit_line_of(emit, stage->span.start);
    emit_put(emit, "    %s = %s(&self->in_%s, &%s);\n",
             text_declare(emit, input->c_type, text_format(emit, "*%s", name)),
             stage->attempts ? "prt_attempt_batch" : "prt_receive_batch", input->name, input->length);
    emit_line_here(emit);
    if (stage->letters)
        emit_put(emit, "    struct prt_loss %s;\n", name_free(emit, stage, NULL, "loss"));
    emit_put(emit, "\n"
                   "    if (!%s)\n"
                   "        return;\n", name);
    emit_call(emit, stage, "    ");
    if (input->drop && !stage->attempts)
        emit_put(emit, "    for (size_t %s = 0; %s < %s; %s++)\n"
                       "        %s(&%s[%s]);\n", at, at, input->length, at, input->drop, name, at);
}

static void emit_loop(struct emit *emit, const struct planned_stage *stage, const char *base)
{
    const bool block = stage_has_block(stage) || stage->ninputs > 1;

    emit_put(emit, "    struct $S *self = (struct $S *)%s;\n", base);
    for (size_t i = 0; i < stage->ninputs; i++)
        emit_item_variable(emit, stage, &stage->inputs[i], item_name(emit, stage, &stage->inputs[i]));
    emit_put(emit, "\n");
    for (size_t i = 0; i < stage->ninputs; i++) {
        const char *name = item_name(emit, stage, &stage->inputs[i]);

        if (stage->attempts)
            emit_put(emit, i == 0 ? "    while (prt_attempt(&self->in_%s, &%s)) {\n"
                                  : "        prt_attempt_also(&self->in_%s, &%s);\n", stage->inputs[i].name, name);
        else if (i == 0)
            emit_put(emit, "    while (prt_receive(&self->in_%s, &%s, sizeof %s))%s\n", stage->inputs[i].name, name, name,
                     block ? " {" : "");
        else
            emit_put(emit, "        prt_receive_also(&self->in_%s, &%s, sizeof %s);\n", stage->inputs[i].name, name, name);
    }
    emit_call(emit, stage, "        ");
    emit_put(emit, "%s", block ? "    }\n" : "");
}

/* What an emit of its sender calls, where that is not the body itself. */
static void emit_inline_run(struct emit *emit, const struct planned_stage *stage)
{
    const struct planned_input *input = &stage->inputs[0];

    if (!stage_has_block(stage) && stage->body)
        return;
    emit_put(emit, "\n"
                   "static void $S_run_(struct $S *self, %s)\n"
                   "{\n", text_declare(emit, input->c_type, item_name(emit, stage, input)));
    emit_call(emit, stage, "    ");
    emit_put(emit, "}\n");
}

static void emit_run(struct emit *emit, const struct planned_stage *stage)
{
    const char *base = name_free(emit, stage, NULL, "base");

    emit_put(emit, "\n"
                   "static void $S_run_(struct prt_worker *%s)\n"
                   "{\n", base);
    if (stage->ninputs > 0 && stage->inputs[0].length)
        emit_batch(emit, stage, base);
    else if (stage->ninputs > 0 && !stage->pulls)
        emit_loop(emit, stage, base);
    else if (stage_has_block(stage) || !stage->body)
        emit_source_run(emit, stage, base);
    else
        emit_put(emit, "    $S_((struct $S *)%s);\n", base);
    emit_put(emit, "}\n");
}

void emit_stage(struct emit *emit, const struct planned_stage *stage)
{
    emit_at(emit, stage);
    emit_calls(emit, stage);
    emit_casts(emit, stage);
    emit_stage_functions(emit, stage);
    emit_section(emit, stage, stage->init, "init");
    if (stage->body)
        emit_stage_body(emit, stage);
    if (stage->host)
        emit_inline_run(emit, stage);
    else
        emit_run(emit, stage);
    emit_section(emit, stage, stage->flush, "flush");
    emit_section(emit, stage, stage->final, "final");
    emit_terms(emit, stage);
    emit_weigh(emit, stage);
}
