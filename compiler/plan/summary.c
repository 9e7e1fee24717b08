/* The first line of a stage, as it is written, with its options in one order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "facts/key.h"
#include "parts/instance.h"
#include "plan/make.h"
#include "text/memory.h"

static void put(struct obstack *to, const char *text)
{
    obstack_grow(to, text, strlen(text));
}

static void put_number(struct obstack *to, int64_t number)
{
    char text[32];

    obstack_grow(to, text, (size_t)snprintf(text, sizeof text, "%" PRId64, number));
}

static void put_span(struct obstack *to, const struct sources *sources, struct span span)
{
    obstack_grow(to, sources_text(sources, span.start), span.end - span.start);
}

static void put_written(struct obstack *to, const struct sources *sources, const struct value *value)
{
    put_span(to, sources, value->span);
}

static void put_key(struct obstack *to, const struct sources *sources, const char *word, const struct term *key)
{
    const struct span shown = key_shown(sources, key);

    if (!key->code.present)
        return;
    put(to, word);
    put(to, " (");
    if (shown.end > shown.start)
        put_span(to, sources, shown);
    else
        put(to, "...");
    put(to, ")");
}

static void put_inputs(struct obstack *to, const struct sources *sources, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        put(to, input == stage->inputs ? " (" : ", ");
        put(to, input->pull ? "pull " : "");
        put(to, input->name.text);
        if (input->is_batch) {
            put(to, "[");
            put_written(to, sources, &input->batch);
            put(to, "]");
        }
        put(to, " <-");
        for (const struct source_ref *source = input->sources; source; source = source->next) {
            put(to, source == input->sources ? " " : input->choice == CHOICE_PRIORITY ? " > " : " | ");
            put(to, source->name.text);
        }
        if (input->within.kind != VALUE_NONE) {
            put(to, " within ");
            put_written(to, sources, &input->within);
        }
        if (input->batch_weight.present) {
            put(to, " weight (");
            put_span(to, sources, input->batch_weight.span);
            put(to, ") ");
            put_written(to, sources, &input->batch_limit);
        }
        put_key(to, sources, " per", &input->batch_per);
    }
    put(to, stage->inputs ? ")" : "");
}

static void put_count(struct obstack *to, const struct output *output)
{
    put(to, "[");
    put_number(to, output->least);
    if (output->least != output->most) {
        put(to, "..");
        put_number(to, output->most);
    }
    put(to, "]");
}

static void put_outputs(struct obstack *to, const struct stage *stage)
{
    for (const struct output *output = output_first(stage); output; output = output_next(output)) {
        put(to, output == stage->outputs ? " -> " : ", ");
        put(to, output->to.text);
        if (output->counted)
            put_count(to, output);
    }
}

/* A value as it is written, or by the name of what it stands for. */
static void put_value(struct obstack *to, const struct sources *sources, const char *option, const struct value *value,
                      const struct decl *shared)
{
    put(to, ", ");
    put(to, option);
    put(to, " ");
    if (shared)
        put(to, shared->name.text);
    else
        put_written(to, sources, value);
}

static void put_fail(struct obstack *to, const struct sources *sources, const struct fail_option *fail)
{
    if (!fail->retry && fail->then != THEN_SKIP && fail->then != THEN_CHANNEL)
        return;
    put(to, ", on fail");
    if (fail->retry) {
        put(to, " retry ");
        put_span(to, sources, fail->retries.span);
    }
    if (fail->backoff_low.kind != VALUE_NONE) {
        put(to, " backoff ");
        put_span(to, sources, (struct span){ fail->backoff_low.span.start, fail->backoff_high.span.end });
    }
    put(to, fail->then == THEN_SKIP ? " then skip" : fail->then == THEN_CHANNEL ? " then -> " : "");
    put(to, fail->then == THEN_CHANNEL ? fail->channel.text : "");
}

static void put_options(struct obstack *to, const struct sources *sources, const struct stage *stage)
{
    if (stage->workers_auto)
        put(to, ", workers auto");
    else if (stage->has_workers)
        put_value(to, sources, "workers", &stage->workers, NULL);
    if (stage->every.kind != VALUE_NONE)
        put_value(to, sources, "every", &stage->every, NULL);
    if (stage->rate.present)
        put_value(to, sources, "rate", &stage->rate.rate, stage->rate.decl ? &stage->rate.decl->decl : NULL);
    put_key(to, sources, " per", &stage->rate.per);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        put_value(to, sources, "bound", &bound->permits, bound->decl ? &bound->decl->decl : NULL);
        put_key(to, sources, " per", &bound->per);
    }
    put_key(to, sources, ", by", &stage->by);
    if (stage->ordered) {
        put(to, ", ");
        obstack_grow(to, sources_text(sources, stage->ordered_span.start), stage->ordered_span.end - stage->ordered_span.start);
    }
    put(to, stage->is_inline ? ", inline" : "");
    put(to, stage->blocking ? ", blocking" : "");
    put(to, stage->daemon ? ", daemon" : "");
    put_fail(to, sources, &stage->fail);
    if (stage->timeout.kind != VALUE_NONE)
        put_value(to, sources, "timeout", &stage->timeout, NULL);
}

void make_summary(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    size_t options, end;

    put(make->memory, stage->decl.name.text);
    put_inputs(make->memory, make->facts->ast->sources, stage);
    put_outputs(make->memory, stage);
    options = obstack_object_size(make->memory);
    put_options(make->memory, make->facts->ast->sources, stage);
    end = obstack_object_size(make->memory);
    if (stage->instance) {
        const struct position at = sources_position(make->facts->ast->sources, stage->instance->part->decl.name.span.start);

        put(make->memory, ": ");
        put(make->memory, stage->instance->part->decl.name.text);
        put(make->memory, ", ");
        put(make->memory, sources_file(make->facts->ast->sources, stage->instance->part->decl.span.start)->name);
        put(make->memory, ":");
        put_number(make->memory, at.line);
    }
    obstack_1grow(make->memory, '\0');
    planned->summary = obstack_finish(make->memory);
    planned->head = memory_copy(make->memory, planned->summary, end);
    options += options < end ? strlen(", ") : 0;
    planned->options = memory_copy(make->memory, planned->summary + options, end - options);
}
