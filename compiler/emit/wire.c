/* The wiring: one call for each channel, rate, bound and stage.
 */
#include "emit/wire.h"

#include <stdlib.h>
#include <string.h>

#include "emit/call.h"
#include "emit/cast.h"
#include "emit/name.h"
#include "emit/text.h"

/* ---- channels and limits ----------------------------------------------------------------------------------------- */

/* A count or a time in ns, as C of type `type`. */
static const char *amount_text(struct emit *emit, const struct amount *amount, const char *type)
{
    if (amount->kind == AMOUNT_PARAM)
        return text_format(emit, "(%s)params->%s", type, amount->param);
    return text_int(emit, amount->n);
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
    case KIND_CALL:
    case KIND_BROADCAST: break; /* no channel */
    }
    return NULL;
}

static const char *full_text(enum when_full full)
{
    switch (full) {
    case FULL_WAITS: return "";
    case FULL_DROPS_NEWEST: return ", .full = PRT_DROPS_NEWEST";
    case FULL_DROPS_OLDEST: return ", .full = PRT_DROPS_OLDEST";
    }
    return NULL;
}

static void emit_channel_head(struct emit *emit, const void *data)
{
    const struct planned_channel *channel = data;

    emit_put(emit, "    /* %s */\n"
                   "    %schan_%s = prt_chan_add(run, &(struct prt_chan_spec){\n",
             text_comment(emit, channel->why), strchr(channel->symbol, '[') ? "" : "struct prt_chan *const ",
             channel->symbol);
    emit_put(emit, "        .name = \"%s\", .place = %s,\n", channel->name, text_string(emit, text_place(emit, channel->span)));
}

static void emit_channel_spec(struct emit *emit, const void *data)
{
    const struct planned_channel *channel = data;

    emit_put(emit, "        .kind = %s%s, .item_size = sizeof(%s)", kind_text(channel->kind), full_text(channel->full),
             channel->c_type);
    if (channel->cap.kind != AMOUNT_NONE)
        emit_put(emit, ", .cap = %s", amount_text(emit, &channel->cap, "uint64_t"));
    if (channel->drop)
        emit_put(emit, ", .drop = %s", channel->drop);
    if (channel->cycle)
        emit_put(emit, ", .cycle = %d", channel->cycle);
    emit_put(emit, " });\n");
}

static void emit_rate(struct emit *emit, const void *data)
{
    const struct planned_limit *limit = data;

    emit_put(emit, "    struct prt_rate *const rate_%s = prt_rate_add(run, &(struct prt_rate_spec){\n"
                   "        .name = \"%s\", .per_second = %s, .burst = %s });\n", limit->symbol, limit->name,
             limit->param ? text_format(emit, "params->%s", limit->param) : text_rate(emit, &limit->rate),
             amount_text(emit, &limit->burst, "uint64_t"));
}

static void emit_bound(struct emit *emit, const void *data)
{
    const struct planned_limit *limit = data;

    emit_put(emit, "    struct prt_bound *const bound_%s = prt_bound_add(run, &(struct prt_bound_spec){\n"
                   "        .name = \"%s\", .permits = %s });\n", limit->symbol, limit->name,
             amount_text(emit, &limit->permits, "uint64_t"));
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

static const char *workers_text(struct emit *emit, const struct planned_stage *stage)
{
    return stage->workers_auto ? "prt_cpus()" : amount_text(emit, &stage->workers, "uint32_t");
}

static void emit_time(struct emit *emit, const char *member, const struct amount *time)
{
    if (time->kind == AMOUNT_NONE)
        return;
    emit_put(emit, "        .%s = %s,", member, amount_text(emit, time, "uint64_t"));
    if (time->written)
        emit_put(emit, " /* %s */", text_comment(emit, time->written));
    emit_put(emit, "\n");
}

static void emit_weighing(struct emit *emit, const struct planned_input *batch)
{
    if (batch->weigh)
        emit_put(emit, "        .weight = %s,\n"
                       "        .weigh = $S_weigh_,\n", amount_text(emit, &batch->weight, "uint64_t"));
}

static void emit_inputs(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->ninputs == 0)
        return;
    emit_put(emit, "        .%s = (const struct prt_in_spec[]){\n", stage->pulls ? "pulls" : "ins");
    for (size_t i = 0; i < stage->ninputs; i++) {
        const struct planned_input *input = &stage->inputs[i];

        emit_put(emit, "            { .at = offsetof(struct $S, in_%s),\n"
                       "              .chans = (struct prt_chan *const[]){ ", input->name);
        for (size_t k = 0; k < input->nsources; k++)
            emit_put(emit, "%schan_%s", k ? ", " : "", input->sources[k]->symbol);
        emit_put(emit, " }, .nchans = %zu%s },\n", input->nsources,
                 input->preferred ? ", .preferred = true" : "");
    }
    emit_put(emit, "        },\n"
                   "        .%s = %zu,\n", stage->pulls ? "npulls" : "nins", stage->ninputs);
    if (stage->inputs[0].length) {
        emit_put(emit, "        .collect = %s,\n", amount_text(emit, &stage->inputs[0].batch, "uint64_t"));
        emit_time(emit, "within", &stage->inputs[0].within);
        emit_weighing(emit, &stage->inputs[0]);
    }
}

/* What one body sends there at most; of letters, for each item that it has. */
static const char *most_text(struct emit *emit, const struct planned_stage *stage, const struct planned_sent *sent)
{
    if (sent->output->letters && sent->by == stage)
        return "1";
    return sent->most < UINT32_MAX ? text_int(emit, sent->most) : "PRT_ANY";
}

static void emit_outputs(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->nsent == 0)
        return;
    emit_put(emit, "        .outs = (const struct prt_out_spec[]){\n");
    for (size_t i = 0; i < stage->nsent; i++) {
        const struct planned_sent *sent = &stage->sent[i];

        emit_put(emit, "            { .at = offsetof(struct %s, to_%s), .chan = chan_%s, .most = %s%s",
                 stage_symbol(emit, sent->by), cast_output(emit, sent->output, sent->place), sent->channel->symbol,
                 most_text(emit, stage, sent),
                 sent->in_cycle ? ", .in_cycle = true" : "");
        if (sent->output->letters)
            emit_put(emit, ", .letters = true");
        if (sent->by->place > 0)
            emit_put(emit, ", .by = %zu", sent->by->place);
        emit_put(emit, " },\n");
    }
    emit_put(emit, "        },\n"
                   "        .nouts = %zu,\n", stage->nsent);
}

static void emit_bounds(struct emit *emit, const struct planned_stage *stage)
{
    if (stage->nbounds == 0)
        return;
    emit_put(emit, "        .bounds = (const struct prt_bound_use[]){\n");
    for (size_t i = 0; i < stage->nbounds; i++) {
        const struct planned_bound *bound = stage->taken[i];

        emit_put(emit, "            { .bound = bound_%s", bound->limit->symbol);
        if (bound->weight.body)
            emit_put(emit, ", .weight = %s", weight_symbol(emit, bound));
        emit_put(emit, " },\n");
    }
    emit_put(emit, "        },\n"
                   "        .nbounds = %zu,\n", stage->nbounds);
}

static void emit_keyed_limit(struct emit *emit, const struct planned_keyed *keyed)
{
    if (keyed->weight.body)
        emit_put(emit, ", .weight = %s", term_symbol(emit, keyed->weight_symbol));
    if (keyed->kind == KEYED_BOUND)
        emit_put(emit, ", .permits = %s", amount_text(emit, &keyed->permits, "uint64_t"));
    else
        emit_put(emit, ", .per_second = %s, .burst = %s",
                 keyed->param ? text_format(emit, "params->%s", keyed->param) : text_rate(emit, &keyed->rate),
                 amount_text(emit, &keyed->burst, "uint64_t"));
}

/* Their names are what --stats calls them. */
static void emit_keyed(struct emit *emit, const struct planned_stage *stage)
{
    static const struct { const char *kind, *name; } words[] = {
        [KEYED_BATCH] = { "PRT_BATCH_PER_KEY", "per" },
        [KEYED_BY] = { "PRT_BY_KEY", "by" },
        [KEYED_RATE] = { "PRT_RATE_PER_KEY", "rate" },
        [KEYED_BOUND] = { "PRT_BOUND_PER_KEY", "bound" },
    };

    if (stage->nkeyed == 0)
        return;
    emit_put(emit, "        .keyed = (const struct prt_keyed_spec[]){\n");
    for (size_t i = 0; i < stage->nkeyed; i++) {
        const struct planned_keyed *keyed = &stage->keyed[i];

        emit_put(emit, "            { .kind = %s, .key = %s", words[keyed->kind].kind, term_symbol(emit, keyed->key->symbol));
        if (keyed_is_limit(keyed))
            emit_keyed_limit(emit, keyed);
        emit_put(emit, ", .name = \"%s\" },\n", words[keyed->kind].name);
    }
    emit_put(emit, "        },\n"
                   "        .nkeyed = %zu,\n", stage->nkeyed);
}

static void emit_functions(struct emit *emit, const struct planned_stage *stage)
{
    emit_put(emit, "        .run = $S_run_,\n");
    if (stage->init)
        emit_put(emit, "        .init = $S_init_,\n");
    if (stage->final)
        emit_put(emit, "        .final = $S_final_,\n");
    if (stage->flush)
        emit_put(emit, "        .flush = $S_flush_,\n");
}

static void emit_stage_add(struct emit *emit, const void *data)
{
    const struct planned_stage *stage = data;

    emit_at(emit, stage);
    emit_put(emit, "\n");
    emit_inlines(emit, stage);
    emit_put(emit, "    prt_stage_add(run, &(struct prt_stage_spec){\n"
                   "        .name = \"%s\", .place = %s,\n"
                   "        .size = sizeof(struct $S),\n"
                   "        .align = _Alignof(struct $S),\n"
                   "        .workers = %s,\n", stage->name, text_string(emit, text_place(emit, stage->span)), workers_text(emit, stage));
    emit_put(emit, "%s%s", stage->fixed ? "        .fixed = true,\n" : "",
             stage->ordered ? "        .ordered = true,\n" : "");
    if (stage->ordered && stage->ahead.kind != AMOUNT_NONE)
        emit_put(emit, "        .ahead = %s,\n", amount_text(emit, &stage->ahead, "uint64_t"));
    emit_put(emit, "%s%s%s", stage->leaf ? "        .leaf = true,\n" : "", stage->sleeps ? "        .sleeps = true,\n" : "",
             stage->blocking ? "        .blocking = true,\n" : "");
    if (stage->daemon)
        emit_put(emit, "        .daemon = true,\n");
    emit_functions(emit, stage);
    emit_time(emit, "flush_every", &stage->flush_every);
    emit_time(emit, "every", &stage->every);
    if (stage->skip)
        emit_put(emit, "        .on_fail = PRT_THEN_SKIP,\n");
    if (stage->letters)
        emit_put(emit, "        .on_fail = PRT_THEN_LETTER,\n");
    if (stage->attempts)
        emit_put(emit, "        .attempts = true,\n%s", stage->holds ? "        .holds = true,\n" : "");
    if (stage->retries.kind != AMOUNT_NONE)
        emit_put(emit, "        .retries = %s,\n", amount_text(emit, &stage->retries, "uint32_t"));
    emit_time(emit, "backoff_low", &stage->backoff_low);
    emit_time(emit, "backoff_high", &stage->backoff_high);
    emit_time(emit, "timeout", &stage->timeout);
    if (stage->shown != SHOWN_NOT)
        emit_put(emit, "        .shown = %s,\n", text_shown(stage->shown));
    if (stage->shown == SHOWN_RECORD)
        emit_put(emit, "        .show = $N_show_%s_,\n", stage->shown_type);
    if (stage->rate)
        emit_put(emit, "        .rate = rate_%s,\n", stage->rate->symbol);
    if (stage->cost.body)
        emit_put(emit, "        .cost = $S_cost_,\n");
    emit_bounds(emit, stage);
    emit_keyed(emit, stage);
    emit_inputs(emit, stage);
    emit_outputs(emit, stage);
    if (stage->ninlines > 0)
        emit_put(emit, "        .inlines = inlines_%s,\n"
                       "        .ninlines = %zu,\n", stage->symbol, stage->ninlines);
    if (stage->cycle)
        emit_put(emit, "        .cycle = %d,\n", stage->cycle);
    emit_put(emit, "    });\n");
}

/* ---- long lines -------------------------------------------------------------------------------------------------- */

#define COLUMNS 120

/* Where a line that is too long is broken: behind the last comma within `room`, else at the last blank, else, where a
 * name alone is longer, behind that; within no string, which a file's name with blanks may be. `len` where it cannot be. */
static size_t break_of(const char *line, size_t len, size_t room, size_t indent)
{
    size_t comma = 0, blank = 0;
    bool quoted = false;

    for (size_t at = 0; at < len && (at <= room || (comma == 0 && blank == 0)); at++) {
        if (line[at] == '"' && (at == 0 || line[at - 1] != '\\'))
            quoted = !quoted;
        if (quoted || line[at] != ' ' || at <= indent)
            continue;
        blank = at;
        if (line[at - 1] == ',')
            comma = at;
    }
    return comma > 0 ? comma : blank > 0 ? blank : len;
}

/* Names may have 63 letters, and several of them stand on a line. */
static void emit_folded(struct emit *emit, const char *line, size_t len)
{
    const size_t indent = strspn(line, " ");
    size_t before = 0; /* blanks that stand before the rest */
    size_t at;

    while (before + len > COLUMNS && (at = break_of(line, len, COLUMNS - before, before ? 0 : indent)) < len) {
        emit_put(emit, "%*s%.*s\n", (int)before, "", (int)at, line);
        line += at + 1;
        len -= at + 1;
        before = indent + 4;
    }
    emit_put(emit, "%*s%.*s\n", (int)before, "", (int)len, line);
}

static void emit_lines(struct emit *emit, const char *text, const char *end)
{
    const char *from = text; /* what is not written yet */

    for (const char *at = text, *next; at < end; at = next) {
        next = at + strcspn(at, "\n") + 1;
        if (next - at <= COLUMNS + 1)
            continue;
        emit_bytes(emit, from, (size_t)(at - from));
        emit_folded(emit, at, (size_t)(next - at - 1));
        from = next;
    }
    emit_bytes(emit, from, (size_t)(end - from));
}

/* What `write` writes of `data`, with its long lines broken. It goes to memory first: only there its lines are whole. */
static void emit_broken(struct emit *emit, void (*write)(struct emit *emit, const void *data), const void *data)
{
    FILE *const to = emit->to;
    const size_t line = emit->line, pipe_line = emit->pipe_line;
    char *text = NULL;
    size_t len = 0;

    emit->to = open_memstream(&text, &len);
    if (!emit->to) {
        obstack_alloc_failed_handler();
        return;
    }
    write(emit, data);
    if (fclose(emit->to) != 0)
        obstack_alloc_failed_handler();
    emit->to = to;
    emit->line = line;
    emit->pipe_line = pipe_line;
    emit_lines(emit, text, text + len);
    free(text);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void emit_channel(struct emit *emit, const struct planned_channel *channel)
{
    emit_broken(emit, emit_channel_head, channel);
    if (channel->foreign)
        emit_line_of(emit, channel->type_span.start);
    emit_broken(emit, emit_channel_spec, channel);
    emit_line_here(emit);
}

static void emit_channels(struct emit *emit, const struct planned_channel *channel)
{
    if (channel->kind == KIND_BROADCAST) {
        emit_cast_channels(emit, channel);
        for (size_t i = 0; i < channel->ncopies; i++)
            emit_channel(emit, &channel->copies[i]);
    } else if (channel->kind != KIND_CALL) {
        emit_channel(emit, channel);
    }
}

void emit_wiring(struct emit *emit)
{
    const struct plan *plan = emit->plan;

    if (plan->wiring_reads_params)
        emit_put(emit, "\nstatic void $N_wire_(struct prt_run *run, const struct $N_params *params)\n"
                       "{\n");
    else
        emit_put(emit, "\nstatic void $N_wire_(struct prt_run *run)\n"
                       "{\n");
    for (size_t i = 0; i < plan->nchannels; i++)
        emit_channels(emit, &plan->channels[i]);
    for (size_t i = 0; i < plan->nlimits; i++)
        emit_broken(emit, plan->limits[i].kind == LIMIT_RATE ? emit_rate : emit_bound, &plan->limits[i]);
    for (size_t i = 0; i < plan->nstages; i++)
        if (!plan->stages[i].host)
            emit_broken(emit, emit_stage_add, &plan->stages[i]);
    emit_put(emit, "}\n");
}
