/* From bytes that anybody may have written to a graph and samples.
 */
#include "live/table.h"

#include <stdio.h>

#include "text/glyph.h"

#define NAME_MOST 256  /* bytes of a text, the rest is cut */
#define RECORD_MOST 4096

struct reading {
    const unsigned char *bytes;
    size_t size;
    struct obstack *memory;
    bool sound;
};

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

/* Records of at least so many bytes, all within the table. */
static bool list_is_sound(const struct reading *reading, const struct prt_live_list *list, size_t least)
{
    return list->bytes >= least && list->bytes <= RECORD_MOST && list->bytes % sizeof(uint64_t) == 0 &&
           list->at <= reading->size && list->n <= (reading->size - list->at) / list->bytes;
}

/* The head of a record, as much of it as is known here. Requires: i < list->n. */
static void read_record(const unsigned char *bytes, const struct prt_live_list *list, uint64_t i, void *record, size_t size)
{
    memcpy(record, bytes + list->at + i * list->bytes, size);
}

static const char *clean_text(struct obstack *memory, const char *text, size_t len)
{
    const char *const end = text + len;

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);

        if (glyph_is_shown(&glyph))
            obstack_grow(memory, text, (int)glyph.len);
        else
            obstack_1grow(memory, '?');
        text += glyph.len;
    }
    obstack_1grow(memory, '\0');
    return obstack_finish(memory);
}

/* NULL: there is none. */
static const char *read_text(struct reading *reading, uint64_t place)
{
    const char *text;
    size_t most, len;

    if (place == 0)
        return NULL;
    if (place >= reading->size) {
        reading->sound = false;
        return NULL;
    }
    text = (const char *)reading->bytes + place;
    most = reading->size - (size_t)place < NAME_MOST ? reading->size - (size_t)place : NAME_MOST;
    len = strnlen(text, most);
    return clean_text(reading->memory, text, len);
}

static const char *read_name(struct reading *reading, uint64_t place)
{
    const char *name = read_text(reading, place);

    return name && *name ? name : "?";
}

/* ---- the graph --------------------------------------------------------------------------------------------------- */

/* All channels that stages have at their ends, one after the other. */
static uint32_t *read_ends(struct reading *reading, const struct prt_live_list *list, size_t nchannels)
{
    uint32_t *ends = memory_take(reading->memory, (size_t)(list->n + 1) * sizeof *ends);

    for (uint64_t i = 0; i < list->n; i++) {
        uint64_t channel;

        read_record(reading->bytes, list, i, &channel, sizeof channel);
        reading->sound = reading->sound && channel < nchannels;
        ends[i] = (uint32_t)channel;
    }
    return ends;
}

/* `*left`: ends that no stage has so far. Each is one stage's: so nothing that is done with them takes longer than the table is. */
static const uint32_t *part_of(struct reading *reading, const uint32_t *ends, uint64_t n, uint64_t from, uint64_t count,
                               uint64_t *left)
{
    if (from > n || count > n - from || count > *left) {
        reading->sound = false;
        return ends;
    }
    *left -= count;
    return ends + from;
}

static void read_stages(struct reading *reading, const struct prt_live_head *head, struct live_graph *graph)
{
    const uint32_t *ends = read_ends(reading, &head->ends, graph->nchannels);
    uint64_t left = head->ends.n;

    for (size_t i = 0; i < graph->nstages && reading->sound; i++) {
        struct live_stage *stage = &graph->stages[i];
        struct prt_live_stage record;

        read_record(reading->bytes, &head->stages, i, &record, sizeof record);
        stage->name = read_name(reading, record.name);
        stage->place = read_text(reading, record.place);
        stage->workers = record.workers;
        stage->kind = i > 0 ? record.kind : record.kind & ~(uint64_t)PRT_LIVE_INLINE;
        stage->ins = part_of(reading, ends, head->ends.n, record.ins, record.nins, &left);
        stage->nins = (size_t)record.nins;
        stage->outs = part_of(reading, ends, head->ends.n, record.outs, record.nouts, &left);
        stage->nouts = (size_t)record.nouts;
    }
}

static void read_channels(struct reading *reading, const struct prt_live_head *head, struct live_graph *graph)
{
    for (size_t i = 0; i < graph->nchannels && reading->sound; i++) {
        struct live_channel *channel = &graph->channels[i];
        struct prt_live_chan record;

        read_record(reading->bytes, &head->chans, i, &record, sizeof record);
        channel->name = read_name(reading, record.name);
        channel->place = read_text(reading, record.place);
        channel->capacity = record.capacity;
        channel->item_bytes = record.item_bytes;
        channel->owns = record.owns != 0;
    }
}

static void add_end(struct obstack *memory, uint32_t **stages, size_t *n, size_t stage, bool counts)
{
    if (!counts && !*stages)
        *stages = memory_take(memory, (*n + 1) * sizeof **stages);
    if (!counts)
        (*stages)[(*stages)[*n]++] = (uint32_t)stage; /* how many there are stands behind them */
    else
        (*n)++;
}

/* The same ends as channels have them: first how many, then which. */
static void link_channels(struct obstack *memory, struct live_graph *graph)
{
    for (int counts = 1; counts >= 0; counts--)
        for (size_t s = 0; s < graph->nstages; s++) {
            const struct live_stage *stage = &graph->stages[s];

            for (size_t i = 0; i < stage->nouts; i++) {
                struct live_channel *channel = &graph->channels[stage->outs[i]];

                add_end(memory, &channel->from, &channel->nfrom, s, counts);
            }
            for (size_t i = 0; i < stage->nins; i++) {
                struct live_channel *channel = &graph->channels[stage->ins[i]];

                add_end(memory, &channel->to, &channel->nto, s, counts);
            }
        }
}

static bool head_is_sound(const struct reading *reading, const struct prt_live_head *head)
{
    return head->magic == PRT_LIVE_MAGIC && head->version == PRT_LIVE_VERSION && head->bytes <= reading->size &&
           list_is_sound(reading, &head->stages, sizeof(struct prt_live_stage)) &&
           list_is_sound(reading, &head->chans, sizeof(struct prt_live_chan)) &&
           list_is_sound(reading, &head->ends, sizeof(uint64_t)) &&
           list_is_sound(reading, &head->figures, sizeof(struct prt_live_figures)) && head->figures.n == 1 &&
           list_is_sound(reading, &head->stage_figures, sizeof(struct prt_live_stage_figures)) &&
           head->stage_figures.n == head->stages.n &&
           list_is_sound(reading, &head->chan_figures, sizeof(struct prt_live_chan_figures)) &&
           head->chan_figures.n == head->chans.n;
}

const struct live_graph *live_graph_read(struct obstack *memory, const unsigned char *bytes, size_t size)
{
    struct reading reading = { .bytes = bytes, .size = size, .memory = memory, .sound = true };
    struct prt_live_head head;
    struct live_graph *graph;

    if (size < sizeof head || size > LIVE_BYTES_MOST)
        return NULL;
    memcpy(&head, bytes, sizeof head);
    if (!head_is_sound(&reading, &head))
        return NULL;
    graph = memory_take(memory, sizeof *graph);
    graph->name = read_name(&reading, head.name);
    graph->doc = read_text(&reading, head.doc);
    graph->pid = head.pid;
    graph->started = head.started;
    graph->processors = head.processors;
    graph->nstages = (size_t)head.stages.n;
    graph->nchannels = (size_t)head.chans.n;
    graph->stages = memory_take(memory, (graph->nstages + 1) * sizeof *graph->stages);
    graph->channels = memory_take(memory, (graph->nchannels + 1) * sizeof *graph->channels);
    graph->figures = head.figures;
    graph->stage_figures = head.stage_figures;
    graph->channel_figures = head.chan_figures;
    read_stages(&reading, &head, graph);
    read_channels(&reading, &head, graph);
    if (!reading.sound)
        return NULL;
    link_channels(memory, graph);
    return graph;
}

/* ---- samples ----------------------------------------------------------------------------------------------------- */

struct live_sample *live_sample_new(struct obstack *memory, const struct live_graph *graph)
{
    struct live_sample *sample = memory_take(memory, sizeof *sample);

    sample->stages = memory_take(memory, (graph->nstages + 1) * sizeof *sample->stages);
    sample->channels = memory_take(memory, (graph->nchannels + 1) * sizeof *sample->channels);
    return sample;
}

/* In place: what a terminal would obey, or is cut off in the middle of a letter, becomes ?. */
static void clean_in_place(char *text, size_t size)
{
    char *const end = text + strnlen(text, size - 1);

    memset(end, 0, size - (size_t)(end - text));
    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);

        if (!glyph_is_shown(&glyph))
            memset(text, '?', glyph.len);
        text += glyph.len;
    }
}

/* A word that stands in JSON as it is. */
static void clean_word(char *word, size_t size)
{
    word[size - 1] = '\0';
    word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")] = '\0';
}

void live_sample_read(struct live_sample *sample, const struct live_graph *graph, const unsigned char *bytes)
{
    read_record(bytes, &graph->figures, 0, &sample->all, sizeof sample->all);
    clean_word(sample->all.verdict_kind, sizeof sample->all.verdict_kind);
    clean_in_place(sample->all.verdict, sizeof sample->all.verdict);
    for (size_t i = 0; i < graph->nstages; i++)
        read_record(bytes, &graph->stage_figures, i, &sample->stages[i], sizeof sample->stages[i]);
    for (size_t i = 0; i < graph->nchannels; i++)
        read_record(bytes, &graph->channel_figures, i, &sample->channels[i], sizeof sample->channels[i]);
}
