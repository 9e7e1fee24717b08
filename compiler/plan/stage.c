/* How each stage runs.
 */
#include "facts/attempt.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/item.h"
#include "facts/leaf.h"
#include "facts/promise.h"
#include "facts/pull.h"
#include "facts/workers.h"
#include "parts/instance.h"
#include "plan/make.h"
#include "plan/why.h"
#include "text/memory.h"

static void make_workers(struct make *make, struct planned_stage *planned, const struct stage *inner)
{
    const struct stage *stage = inline_host(inner);
    const struct value *count = workers_count(stage);

    planned->workers = (struct amount){ .kind = AMOUNT_NONE, .n = 1 };
    planned->fixed = inner != stage || !stage->has_workers;
    planned->workers_auto = stage->workers_auto;
    if (count)
        planned->workers = make_amount(make, count);
}

/* ---- inputs ---- */

static void make_input(struct make *make, struct planned_input *planned, const struct stage *stage,
                       const struct input *input)
{
    size_t n = 0;

    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        n++;
    planned->name = input->name.text;
    if (input->is_batch) {
        planned->length = memory_join(make->memory, input->name.text, "_len", "");
        planned->batch = make_amount(make, &input->batch);
        planned->within = make_amount(make, &input->within);
        planned->weigh = input->batch_weight.body;
        planned->weight = make_amount(make, &input->batch_limit);
    }
    planned->preferred = input->choice == CHOICE_PRIORITY;
    planned->next = input->pull && pull_has_call(make->facts->ast, stage, CALL_NEXT, input);
    planned->next_for = input->pull && pull_has_call(make->facts->ast, stage, CALL_NEXT_FOR, input);
    planned->sources = memory_take(make->memory, n * sizeof *planned->sources);
    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        planned->sources[planned->nsources++] = make_received(make, ref->channel, stage);
    planned->c_type = planned->sources[0]->c_type;
    planned->drop = planned->sources[0]->drop;
}

static void make_inputs(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    size_t n = 0;

    planned->pulls = pull_is(stage);
    for (const struct input *input = stage->inputs; input; input = input->next)
        n++;
    planned->inputs = memory_take(make->memory, n * sizeof *planned->inputs);
    for (const struct input *input = stage->inputs; input; input = input->next)
        make_input(make, &planned->inputs[planned->ninputs++], stage, input);
    if (planned->pulls)
        make_anys(make, planned, stage);
}

/* ---- outputs ---- */

/* Whether a body of what runs within the stage may wait in the kernel. */
static bool inlines_call_out(const struct stage *host)
{
    for (const struct stage *stage = stage_facts(host)->next_inline; stage; stage = stage_facts(stage)->next_inline)
        if (!stage->body.body || stage->body.body->calls_out)
            return true;
    return false;
}

/* A body that has begun may make its only call without a look, as a leaf's emit has none while there is room. */
static enum call_guard guard_of(const struct stage *stage, const struct output *output, bool finishes)
{
    const struct count seen = promise_seen(stage, output);
    size_t calls = 0;

    for (const struct output *other = stage->outputs; other; other = other->next)
        calls += inline_calls(other);
    if (!stage->inputs)
        return stage->rate.present ? GUARD_RATE : inlines_call_out(stage) ? GUARD_SOURCE : GUARD_ENDING;
    if (pull_is(stage) || calls > 1 || seen.most > 1 || body_may_emit(stage->final.body, output->place)
        || body_may_emit(stage->flush.body, output->place))
        return GUARD_ENDING;
    /* What a body calls may be a header's macro that returns. */
    return seen.least == 1 && !stage->body.body->calls_out && !finishes ? GUARD_NONE : GUARD_COUNT;
}

static void make_call(const struct make *make, struct planned_channel *planned, const struct stage *stage,
                      const struct output *output)
{
    planned->finishes = make->facts->finishes[channel_facts(output->channel)->called->decl.index];
    planned->sent_as = output->name.text;
    planned->guard = guard_of(stage, output, planned->finishes);
}

static void make_output(const struct make *make, struct planned_output *planned, const struct stage *stage,
                        const struct output *output)
{
    const struct count seen = promise_seen(stage, output);

    planned->count = promise_of(stage, output);
    planned->check = output->counted && (seen.least < output->least || seen.most > output->most);
    planned->name = name_symbol(make->memory, output->name.text); /* letters in an instance: INSTANCE.NAME */
    if (inline_calls(output))
        make_call(make, planned->channel, stage, output);
    planned->emitted = promise_has_call(stage, output, CALL_EMIT) || promise_has_call(stage, output, CALL_EMIT_OK);
    planned->tried = promise_has_call(stage, output, CALL_TRY_EMIT);
    planned->passed = promise_is_passed(stage, output);
    planned->letters = output->is_letter;
}

static void make_outputs(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        planned->noutputs++;
    planned->outputs = memory_take(make->memory, planned->noutputs * sizeof *planned->outputs);
    for (const struct output *output = stage->outputs; output; output = output->next) {
        planned->outputs[output->place].channel = &make->plan->channels[output->channel->decl.index];
        make_output(make, &planned->outputs[output->place], stage, output);
    }
}

/* ---- all of a stage ---- */

static struct planned_flow flow_of(const struct flow *flow)
{
    return (struct planned_flow){ flow->per_second, flow->limiter ? flow->limiter->decl.name.text : NULL, flow->others,
                                  flow->adjustable };
}

static void make_texts(struct planned_stage *planned, const struct stage *stage)
{
    planned->function = stage->function.text;
    planned->function_span = stage->function.span;
    planned->body = stage->body.body;
    planned->functions = stage_facts(stage)->functions;
    planned->state = stage->state.body;
    planned->init = stage->init.body;
    planned->final = stage->final.body;
    planned->flush = stage->flush.body;
}

static void make_shown(struct planned_stage *planned, const struct stage *stage)
{
    const bool is_one = planned->ninputs == 1 && !planned->pulls;
    const struct channel *channel = is_one ? stage->inputs->sources->channel : NULL;

    if (!channel || !(attempt_counts(stage) || body_calls(stage->body.body, CALL_FAIL, ANY_PLACE)))
        return;
    planned->shown = item_shown(&channel->type);
    planned->shown_type = channel->type.decl ? channel->type.decl->c_type.text
                        : channel->type.record ? channel->type.text : item_c_type(&channel->type);
}

static void make_attempts(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    const struct output *letters = attempt_letters(stage);

    planned->attempts = attempt_counts(stage);
    planned->holds = attempt_holds(stage);
    planned->letters = letters ? &planned->outputs[letters->place] : NULL;
    planned->retries = make_amount(make, &stage->fail.retries);
    planned->backoff_low = make_amount(make, &stage->fail.backoff_low);
    planned->backoff_high = make_amount(make, &stage->fail.backoff_high);
    planned->timeout = make_amount(make, &stage->timeout);
}

static void make_stage(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    planned->span = stage->decl.span;
    planned->instance = stage->instance ? &make->plan->instances[stage->instance->decl.index] : NULL;
    make_summary(make, planned, stage);
    make_texts(planned, stage);
    make_workers(make, planned, stage);
    make_inputs(make, planned, stage);
    make_outputs(make, planned, stage);
    planned->every = make_amount(make, &stage->every);
    planned->flush_every = make_amount(make, &stage->flush_every);
    planned->blocking = stage->blocking;
    planned->daemon = stage->daemon;
    make_shown(planned, stage);
    make_attempts(make, planned, stage);
    planned->skip = stage->fail.then == THEN_SKIP;
    planned->flow = flow_of(&make->facts->flows->bodies[stage->decl.index]);
    planned->why = stage_why(make->memory, stage);
    if (stage_facts(stage)->host)
        return;
    planned->leaf = leaf_is(stage);
    planned->sleeps = planned->leaf && leaf_sleeps(stage);
    planned->ordered = workers_are_ordered(stage);
    planned->ahead = make_amount(make, &stage->ahead);
    planned->may_wait = !planned->leaf && leaf_may_wait(stage);
}

void make_stages(struct make *make)
{
    for (size_t s = 0; s < make->plan->nstages; s++)
        make_stage(make, &make->plan->stages[s], make->facts->graph->stages[s]);
}
