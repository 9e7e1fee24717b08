/* The wiring: one call for each channel, rate, bound and stage.
 */
#include "emit/parts.h"

#include <stdlib.h>

bool wiring_reads_params(const struct plan *plan)
{
    for (const struct param *param = plan->ast->params; param; param = param->next)
        if (param_facts(param)->positive)
            return true;
    return false;
}

/* ---- channels and limits ----------------------------------------------------------------------------------------- */

/* A count or a time in ns, as C of type `type`. */
static const char *count_text(struct emit *emit, const struct value *value, const char *type)
{
    if (value->param)
        return text_format(emit, "(%s)params->%s", type, value->param->decl.name.text);
    return text_int(emit, value->i);
}

static const char *rate_value_text(struct emit *emit, const struct value *value)
{
    return value->param ? text_format(emit, "params->%s", value->param->decl.name.text) : text_rate(emit, value);
}

static const char *kind_text(enum channel_kind kind)
{
    switch (kind) {
    case KIND_ONE_TO_ONE: return "PRT_ONE_TO_ONE";
    case KIND_MANY_TO_ONE: return "PRT_MANY_TO_ONE";
    case KIND_ONE_TO_MANY: return "PRT_ONE_TO_MANY";
    case KIND_MANY_TO_MANY: return "PRT_MANY_TO_MANY";
    case KIND_RENDEZVOUS: return "PRT_RENDEZVOUS";
    case KIND_GROWING: return "PRT_GROWING";
    case KIND_CALL: break; /* no channel */
    }
    return NULL;
}

static void emit_channel(struct emit *emit, const struct planned_channel *planned)
{
    const struct channel *channel = planned->channel;
    const char *name = channel->decl.name.text;

    emit_put(emit, "    /* %s */\n", text_comment(emit, planned->why));
    emit_put(emit, "    struct prt_chan *const chan_%s = prt_chan_add(run, &(struct prt_chan_spec){\n"
                   "        .name = \"%s\", .kind = %s, .item_size = sizeof(%s)",
             name, name, kind_text(planned->kind), planned->c_type);
    if (channel->cap_kind == CAP_BOUNDED)
        emit_put(emit, ", .cap = %s", count_text(emit, &channel->cap, "uint64_t"));
    if (planned->drop)
        emit_put(emit, ", .drop = %s", planned->drop);
    if (planned->cycle)
        emit_put(emit, ", .cycle = %d", planned->cycle);
    emit_put(emit, " });\n");
}

static void emit_rate(struct emit *emit, const char *name, const struct value *rate, const struct value *burst)
{
    emit_put(emit, "    struct prt_rate *const rate_%s = prt_rate_add(run, &(struct prt_rate_spec){\n"
                   "        .name = \"%s\", .per_second = %s, .burst = %s });\n",
             name, name, rate_value_text(emit, rate),
             burst->kind == VALUE_NONE ? "1" : count_text(emit, burst, "uint64_t"));
}

static void emit_bound(struct emit *emit, const char *name, const struct value *permits)
{
    emit_put(emit, "    struct prt_bound *const bound_%s = prt_bound_add(run, &(struct prt_bound_spec){\n"
                   "        .name = \"%s\", .permits = %s });\n", name, name, count_text(emit, permits, "uint64_t"));
}

static void emit_shared_limits(struct emit *emit)
{
    for (const struct decl *decl = emit->plan->ast->decls; decl; decl = decl->next) {
        const struct rate_decl *rate = (const struct rate_decl *)decl;
        const struct bound_decl *bound = (const struct bound_decl *)decl;

        if (decl->kind == DECL_RATE && decl->facts->used)
            emit_rate(emit, decl->name.text, &rate->rate, &rate->burst);
        else if (decl->kind == DECL_BOUND && decl->facts->used)
            emit_bound(emit, decl->name.text, &bound->permits);
    }
}

static const struct bound_option *bound_anonymous(const struct stage *stage)
{
    const struct bound_option *bound = stage->bounds;

    while (bound && bound->decl)
        bound = bound->next;
    return bound;
}

static void emit_own_limits(struct emit *emit, const struct stage *stage)
{
    const struct bound_option *bound = bound_anonymous(stage);

    if (stage->rate.present && !stage->rate.decl)
        emit_rate(emit, stage->decl.name.text, &stage->rate.rate, &stage->rate.burst);
    if (bound)
        emit_bound(emit, stage->decl.name.text, &bound->permits);
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

static const char *workers_text(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->workers_auto)
        return "prt_cpus()";
    return stage->workers.kind == VALUE_NONE ? "1" : count_text(emit, &stage->workers, "uint32_t");
}

static void emit_inputs(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->ninputs == 0)
        return;
    emit_put(emit, "        .ins = (const struct prt_in_spec[]){\n");
    for (size_t i = 0; i < stage->ninputs; i++) {
        const struct planned_input *input = &stage->inputs[i];

        emit_put(emit, "            { .at = offsetof(struct $S, in_%s),\n"
                       "              .chans = (struct prt_chan *const[]){ ", input->input->name.text);
        for (size_t k = 0; k < input->nsources; k++)
            emit_put(emit, "%schan_%s", k ? ", " : "", input->sources[k]->channel->decl.name.text);
        emit_put(emit, " }, .nchans = %zu },\n", input->nsources);
    }
    emit_put(emit, "        },\n"
                   "        .nins = %zu,\n", stage->ninputs);
}

static void emit_outputs(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->nsent == 0)
        return;
    emit_put(emit, "        .outs = (const struct prt_out_spec[]){\n");
    for (size_t i = 0; i < stage->nsent; i++) {
        const struct planned_sent *sent = &stage->sent[i];
        const char *name = sent->output->channel->channel->decl.name.text;

        emit_put(emit, "            { .at = offsetof(struct %s, to_%s), .chan = chan_%s, .most = %s%s",
                 stage_symbol(emit, sent->by), name, name,
                 sent->most < UINT32_MAX ? text_int(emit, sent->most) : "PRT_ANY",
                 sent->output->in_cycle ? ", .in_cycle = true" : "");
        if (sent->by->place > 0)
            emit_put(emit, ", .by = %zu", sent->by->place);
        emit_put(emit, " },\n");
    }
    emit_put(emit, "        },\n"
                   "        .nouts = %zu,\n", stage->nsent);
}

/* In the order in which the bounds were added: the shared ones as they stand in the file, then the stage's own. */
static int bound_compare(const void *a, const void *b)
{
    const struct bound_option *x = *(const struct bound_option *const *)a;
    const struct bound_option *y = *(const struct bound_option *const *)b;

    if (!x->decl || !y->decl)
        return !x->decl - !y->decl;
    return x->decl->decl.span.start < y->decl->decl.span.start ? -1 : x->decl != y->decl;
}

static const struct bound_option **bounds_sorted(struct emit *emit, const struct stage *stage, size_t *len)
{
    const struct bound_option **sorted;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        obstack_ptr_grow(&emit->memory, bound);
    *len = obstack_object_size(&emit->memory) / sizeof *sorted;
    sorted = obstack_finish(&emit->memory);
    qsort(sorted, *len, sizeof *sorted, bound_compare);
    return sorted;
}

static void emit_bounds(struct emit *emit, const struct stage *stage)
{
    size_t len;
    const struct bound_option **bounds = bounds_sorted(emit, stage, &len);

    if (len == 0)
        return;
    emit_put(emit, "        .bounds = (const struct prt_bound_use[]){\n");
    for (size_t i = 0; i < len; i++) {
        const struct bound_decl *decl = bounds[i]->decl;

        emit_put(emit, "            { .bound = bound_%s", decl ? decl->decl.name.text : stage->decl.name.text);
        if (bounds[i]->weight.present)
            emit_put(emit, ", .weight = %s", weight_name(emit, bounds[i]));
        emit_put(emit, " },\n");
    }
    emit_put(emit, "        },\n"
                   "        .nbounds = %zu,\n", len);
}

static void emit_limits(struct emit *emit, const struct stage *stage)
{
    if (stage->rate.present)
        emit_put(emit, "        .rate = rate_%s,\n",
                 stage->rate.decl ? stage->rate.decl->decl.name.text : stage->decl.name.text);
    emit_bounds(emit, stage);
}

static void emit_time(struct emit *emit, const char *member, const struct value *value)
{
    const char *text = emit->plan->ast->source->text + value->span.start;
    const int len = (int)(value->span.end - value->span.start);

    emit_put(emit, "        .%s = %s,", member, count_text(emit, value, "uint64_t"));
    if (!value->param)
        emit_put(emit, " /* %s */", text_comment(emit, text_format(emit, "%.*s", len, text)));
    emit_put(emit, "\n");
}

static void emit_times(struct emit *emit, const struct stage *stage)
{
    if (stage->flush.present)
        emit_time(emit, "flush_every", &stage->flush_every);
    if (stage->every.kind != VALUE_NONE)
        emit_time(emit, "every", &stage->every);
}

/* Only what is written in a state may ask for a larger alignment than the runtime's own. */
static bool has_state(const struct planned_stage *planned)
{
    bool has = planned->stage->state.present;

    for (size_t i = 0; i < planned->ninlines; i++)
        has = has || planned->inlines[i]->stage->state.present;
    return has;
}

static void emit_stage_add(struct emit *emit, const struct planned_stage *planned)
{
    const struct stage *stage = planned->stage;

    emit_at(emit, stage);
    emit_put(emit, "\n");
    emit_inlines(emit, planned);
    emit_put(emit, "    prt_stage_add(run, &(struct prt_stage_spec){\n"
                   "        .name = \"%s\",\n"
                   "        .size = sizeof(struct $S),\n", stage->decl.name.text);
    if (has_state(planned))
        emit_put(emit, "        .align = _Alignof(struct $S),\n");
    emit_put(emit, "        .worker_at = offsetof(struct $S, worker),\n"
                   "        .pipe_at = offsetof(struct $S, pipe),\n"
                   "        .workers = %s,\n", workers_text(emit, planned));
    emit_put(emit, "%s%s%s%s", planned->fixed ? "        .fixed = true,\n" : "",
             planned->ordered ? "        .ordered = true,\n" : "", planned->leaf ? "        .leaf = true,\n" : "",
             stage->blocking ? "        .blocking = true,\n" : "");
    emit_put(emit, "        .run = $S_run,\n");
    if (planned->init)
        emit_put(emit, "        .init = $S_init,\n");
    if (planned->final)
        emit_put(emit, "        .final = $S_final,\n");
    if (planned->flush)
        emit_put(emit, "        .flush = $S_flush,\n");
    emit_times(emit, stage);
    if (stage->fail.then == THEN_SKIP)
        emit_put(emit, "        .on_fail = PRT_THEN_SKIP,\n");
    emit_limits(emit, stage);
    emit_inputs(emit, planned);
    emit_outputs(emit, planned);
    if (planned->ninlines > 0)
        emit_put(emit, "        .inlines = inlines_%s,\n"
                       "        .ninlines = %zu,\n", stage->decl.name.text, planned->ninlines);
    if (planned->cycle)
        emit_put(emit, "        .cycle = %d,\n", planned->cycle);
    emit_put(emit, "    });\n");
}

void emit_wiring(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (wiring_reads_params(plan))
        emit_put(emit, "\nstatic void $N_wire(struct prt_run *run, const struct $N_params *params)\n"
                       "{\n");
    else
        emit_put(emit, "\nstatic void $N_wire(struct prt_run *run)\n"
                       "{\n");
    for (size_t i = 0; i < plan->nchannels; i++)
        if (plan->channels[i].kind != KIND_CALL)
            emit_channel(emit, &plan->channels[i]);
    emit_shared_limits(emit);
    for (size_t i = 0; i < plan->nstages; i++)
        emit_own_limits(emit, plan->stages[i].stage);
    for (size_t i = 0; i < plan->nstages; i++)
        if (!plan->stages[i].host)
            emit_stage_add(emit, &plan->stages[i]);
    emit_put(emit, "}\n");
}
