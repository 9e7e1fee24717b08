/* Members are never renamed, and never change what they mean.
 */
#include "live/json.h"

#include <inttypes.h>

/* Three digits behind the point, whatever the locale is. */
static void write_number(FILE *to, double number)
{
    const uint64_t thousandths = number <= 0 ? 0 : number < 1e15 ? (uint64_t)(number * 1000 + 0.5) : (uint64_t)1e18;

    fprintf(to, "%" PRIu64 ".%03" PRIu64, thousandths / 1000, thousandths % 1000);
}

/* Texts are UTF-8 without controls (table.c). */
static void write_string(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', to);
        putc(*text, to);
    }
    putc('"', to);
}

static void put_text(FILE *to, const char *key, const char *text)
{
    fprintf(to, ",\"%s\":", key);
    if (text)
        write_string(to, text);
    else
        fputs("null", to);
}

static void put_number(FILE *to, const char *key, double number)
{
    fprintf(to, ",\"%s\":", key);
    write_number(to, number);
}

static void put_count(FILE *to, const char *key, uint64_t count)
{
    fprintf(to, ",\"%s\":%" PRIu64, key, count);
}

/* What may not be known. */
static void put_known(FILE *to, const char *key, uint64_t count)
{
    if (count == PRT_LIVE_NONE)
        fprintf(to, ",\"%s\":null", key);
    else
        put_count(to, key, count);
}

static void put_names(FILE *to, const char *key, const struct live_graph *graph, const uint32_t *channels, size_t n)
{
    fprintf(to, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? "," : "", to);
        write_string(to, graph->channels[channels[i]].name);
    }
    fputs("]", to);
}

static void put_stage(FILE *to, const struct live_graph *graph, const struct live_stage *stage, const struct stage_view *view)
{
    const bool is_inline = stage->kind & PRT_LIVE_INLINE;

    fputs("{\"name\":", to);
    write_string(to, stage->name);
    put_text(to, "place", stage->place);
    put_count(to, "workers", stage->workers);
    fprintf(to, ",\"inline\":%s", is_inline ? "true" : "false");
    put_names(to, "from", graph, stage->ins, stage->nins);
    put_names(to, "to", graph, stage->outs, stage->nouts);
    put_known(to, "received", view->received);
    put_known(to, "sent", view->sent);
    for (size_t i = 0; i < STATES && view->known && !is_inline; i++)
        put_number(to, state_words[i], view->share[i]);
    fputs("}", to);
}

static void put_channel(FILE *to, const struct live_channel *channel, const struct channel_view *view,
                        const struct prt_live_chan_figures *figures)
{
    fputs("{\"name\":", to);
    write_string(to, channel->name);
    put_text(to, "place", channel->place);
    put_known(to, "capacity", channel->capacity);
    put_count(to, "sent", figures->sent);
    put_count(to, "begun", figures->begun);
    put_count(to, "discarded", figures->discarded);
    put_count(to, "fill", view->queued);
    put_count(to, "bytes", view->bytes);
    put_number(to, "items_per_second", view->per_second);
    if (view->bytes_per_second < 0)
        fputs(",\"bytes_per_second\":null", to);
    else
        put_number(to, "bytes_per_second", view->bytes_per_second);
    put_number(to, "senders_waiting", view->senders);
    fputs("}", to);
}

static void put_verdict(FILE *to, const struct live_program *program)
{
    const struct prt_live_figures *all = &program->now->all;

    fputs(",\"verdict\":{\"kind\":", to);
    write_string(to, all->verdict_kind);
    if (all->verdict_stage < program->graph->nstages) {
        put_text(to, "stage", program->graph->stages[all->verdict_stage].name);
        put_number(to, "share", (double)all->verdict_share / 1000);
    }
    put_text(to, "text", all->verdict);
    fputs("}", to);
}

void json_program(FILE *to, const struct live_program *program, const struct live_view *view, bool whole)
{
    const struct live_graph *graph = program->graph;

    fprintf(to, "{\"pid\":%ld", (long)program->pid);
    put_text(to, "pipeline", graph->name);
    put_text(to, "doc", graph->doc);
    put_number(to, "seconds", view->age);
    fprintf(to, ",\"answers\":%s", program->answers ? "true" : "false");
    put_text(to, "state", view->state);
    put_count(to, "done", view->done);
    put_count(to, "failed", view->troubles);
    put_number(to, "items_per_second", view->per_second);
    put_count(to, "processors", graph->processors);
    put_number(to, "processors_used", view->processors);
    put_verdict(to, program);
    if (whole) {
        fputs(",\"stages\":[", to);
        for (size_t i = 0; i < graph->nstages; i++) {
            fputs(i > 0 ? "," : "", to);
            put_stage(to, graph, &graph->stages[i], &view->stages[i]);
        }
        fputs("],\"channels\":[", to);
        for (size_t i = 0; i < graph->nchannels; i++) {
            fputs(i > 0 ? "," : "", to);
            put_channel(to, &graph->channels[i], &view->channels[i], &program->now->channels[i]);
        }
        fputs("]", to);
    }
    fputs("}", to);
}
