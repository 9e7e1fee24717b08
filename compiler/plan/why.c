/* How a stage runs, in words. */
#include "plan/why.h"

#include <inttypes.h>

#include "facts/attempt.h"
#include "facts/decl.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/leaf.h"
#include "facts/promise.h"
#include "facts/pull.h"
#include "facts/workers.h"
#include "text/memory.h"

/* "exactly one item", "at most 4 items", "any number of items". */
static const char *number_text(struct obstack *memory, int64_t most, bool exact)
{
    if (most == 0)
        return "nothing";
    if (most == COUNT_ANY)
        return "any number of items";
    if (most == 1)
        return exact ? "exactly one item" : "at most one item";
    return memory_format(memory, "%s %" PRId64 " items", exact ? "exactly" : "at most", most);
}

static const char *count_text(struct obstack *memory, const struct stage *stage)
{
    const int64_t most = leaf_most(stage);
    bool exact = true;

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        exact &= walk.output->is_letter || (walk.count.least == most && walk.count.most == most);
    return number_text(memory, most, exact);
}

/* Of a stage that runs within another: what its own body sends. */
static const char *inline_why(struct obstack *memory, const struct stage *stage)
{
    const char *sender = stage_facts(stage)->sender->decl.name.text;
    int64_t most = 0;
    bool exact = true;

    for (const struct output *output = output_first(stage); output; output = output_next(output))
        if (promise_of(stage, output).most > most)
            most = promise_of(stage, output).most;
    for (const struct output *output = output_first(stage); output; output = output_next(output))
        exact &= promise_of(stage, output).least == most && promise_of(stage, output).most == most;
    if (!output_first(stage))
        return memory_format(memory, "Runs within '%s': an item comes by a function call", sender);
    return memory_format(memory, "Runs within '%s': an item comes by a function call; sends %s for each",
                         sender, number_text(memory, most, exact));
}

/* Why no sender of the stage waits. */
static const char *unwaited_text(const struct stage *stage)
{
    bool grows = false, drops = false;

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);) {
        grows |= walk.output->channel->policy == DROP_NONE;
        drops |= walk.output->channel->policy != DROP_NONE;
    }
    return grows && drops ? "and nobody waits to send to channels that grow or drop"
           : drops        ? "and nobody waits to send to a channel that drops"
                          : "and nobody waits to send to a channel that grows";
}

static const char *source_why(struct obstack *memory, const struct stage *stage)
{
    if (!output_first(stage))
        return "A source that sends nothing";
    if (!inline_sends(stage))
        return "A source; what it sends stays within it";
    return memory_format(memory, "A source; sends %s%s, %s", count_text(memory, stage),
                    leaf_most(stage) == COUNT_ANY ? "" : " each time it runs",
                    leaf_may_wait(stage) ? "so its emit may wait for room"
                                          : unwaited_text(stage));
}

/* Of a stage whose body takes its items itself. */
static const char *pull_why(struct obstack *memory, const struct stage *stage)
{
    const char *where = stage->blocking ? " on a thread of its own" : "";

    if (!inline_sends(stage))
        return memory_format(memory, "Takes its items itself; its body runs once in each worker%s, and waits for them", where);
    return memory_format(memory, "Takes its items itself; its body runs once in each worker%s, and waits for them and for room",
                         where);
}

/* Of a batch, there is one for each of its items. */
static bool has_too_many_letters(const struct stage *stage)
{
    const struct output *letters = attempt_letters(stage);

    return letters && promise_of(stage, letters).most > leaf_room(stage);
}

static const char *sink_why(const struct stage *stage)
{
    if (has_too_many_letters(stage) && !stage->blocking)
        return "A sink; a batch that fails leaves more letters than a worker can keep, so it may wait for room";
    if (output_first(stage))
        return "What it sends stays within it, so it never waits for room";
    return stage->blocking ? "A sink; each worker has a thread of its own" : "A sink; it never waits for room";
}

static bool has_several_outputs(const struct stage *stage)
{
    size_t n = 0;

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        n += !walk.output->is_letter;
    return n > 1;
}

/* Of a stage that receives and sends. */
static const char *passing_why(struct obstack *memory, const struct stage *stage)
{
    const char *each = has_several_outputs(stage) ? " to each output" : "";
    const char *received = stage_is_batch(stage) ? " batch" : stage_is_zip(stage) ? " pair" : " that it receives";

    if (stage->blocking)
        return "Each worker has a thread of its own, on which it may wait for room";
    if (!leaf_is(stage) && !leaf_may_wait(stage))
        return memory_format(memory, "Sends %s, %s", count_text(memory, stage), unwaited_text(stage));
    if (leaf_flush_sends(stage))
        return "Its flush sends items, so it may wait for room";
    if (leaf_most(stage) == COUNT_ANY)
        return "Sends any number of items, so its emit may wait for room";
    if (has_too_many_letters(stage))
        return "A batch that fails leaves more letters than a worker can keep, so it may wait for room";
    if (leaf_most(stage) > leaf_room(stage))
        return memory_format(memory, "Sends %s for each%s, more than a worker can keep, so its emit may "
                                     "wait for room", count_text(memory, stage), received);
    return memory_format(memory, "Sends %s%s for each%s, so it never waits", count_text(memory, stage), each, received);
}

static const char *ahead_text(struct obstack *memory, const struct value *ahead)
{
    if (ahead->kind == VALUE_NONE)
        return "twice as many items as workers";
    if (ahead->kind == VALUE_INT)
        return memory_format(memory, "%lld item%s", (long long)ahead->i, ahead->i == 1 ? "" : "s");
    return memory_format(memory, "'%s' items", ahead->param->decl.name.text);
}

/* Whether all that leaves is letters. */
static bool sends_letters_only(const struct stage *stage)
{
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        if (!walk.output->is_letter)
            return false;
    return true;
}

static const char *sending_why(struct obstack *memory, const struct stage *stage)
{
    const char *why = sends_letters_only(stage) ? sink_why(stage) : passing_why(memory, stage);

    if (!workers_are_ordered(stage))
        return why;
    return memory_format(memory, "%s; results leave in the order their inputs came, with at most %s begun and not left", why,
                         ahead_text(memory, &stage->ahead));
}

/* The size and the time as they are written. */
static const char *batch_text(struct obstack *memory, const struct input *input)
{
    const char *size = input->batch.kind == VALUE_INT ? memory_format(memory, "%lld", (long long)input->batch.i)
                                                      : memory_format(memory, "'%s'", input->batch.param->decl.name.text);

    return memory_format(memory, "gathers up to %s items%s%s%s", size, input->batch_per.code.present ? " of one key" : "",
                         input->batch_weight.present ? " by their weight" : "",
                         input->within.kind == VALUE_NONE ? "" : ", or what has come within its time");
}

/* What becomes of items that fail, behind a semicolon; "" where nothing is to be said. */
static const char *fail_why(struct obstack *memory, const struct stage *stage)
{
    const struct output *letters = attempt_letters(stage);
    const char *held = attempt_holds(stage) && output_first(stage) ? "; what it sends is held until it has returned" : "";

    if (!letters)
        return held;
    return memory_format(memory, "%s; %s goes to %s", held,
                         stage_is_batch(stage) ? "each item of a batch that fails" : "an item that fails", letters->name.text);
}

static const char *body_why(struct obstack *memory, const struct stage *stage)
{
    if (stage_facts(stage)->host)
        return inline_why(memory, stage);
    if (pull_is(stage))
        return pull_why(memory, stage);
    return stage->inputs ? sending_why(memory, stage) : source_why(memory, stage);
}

const char *stage_why(struct obstack *memory, const struct stage *stage)
{
    const char *why = body_why(memory, stage);

    if (stage->inputs && stage->inputs->choice == CHOICE_PRIORITY)
        why = memory_format(memory, "%s; takes from '%s' first", why, stage->inputs->sources->name.text);
    if (stage_is_batch(stage))
        why = memory_format(memory, "%s; %s", why, batch_text(memory, stage->inputs));
    if (stage_is_zip(stage))
        why = memory_format(memory, "%s; takes one item of each input", why);
    return memory_format(memory, "%s%s", why, fail_why(memory, stage));
}
