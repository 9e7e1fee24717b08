/* Each channel stands there once, and with it who sends and who receives. The first line of a stage has what its workers do; where it
 * comes again, only its name does.
 */
#include "live/draw.h"

#include <inttypes.h>
#include <stdlib.h>

#include "live/column.h"
#include "live/figure.h"

#define NAME_LEAST 14
#define NAME_MOST 30
#define BAR_LEAST 8
#define BAR_MOST 60
#define FIGURES 36      /* columns behind a bar, */
#define MORE 31         /* and of what stands behind those where there is room for a bar of so many: */
#define MORE_FROM 20
#define COUNTS_SHORT 19 /* columns of counts in three digits, */
#define STATES_LEAST 20 /* before which the states have so many and, where there is room for a bar of so many, up to FIGURES: */
#define STATES_FROM 12
#define SHARE_LEAST 0.02 /* smaller ones are not told */

struct drawing {
    const struct live_program *program;
    const struct live_graph *graph;
    const struct live_view *view;
    const struct live_look *look;
    FILE *to;
    size_t name, bar;      /* columns of a name with its indentation; of a bar */
    bool more;             /* there is room for counts of stages and bytes a second */
    bool brief;            /* else: for counts of stages in three digits */
    size_t states;         /* columns of a stage's states */
    bool *channel_drawn, *stage_drawn;
};

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void put_blanks(FILE *to, size_t n)
{
    fprintf(to, "%*s", (int)n, "");
}

static void put_many(FILE *to, const char *text, size_t n)
{
    while (n-- > 0)
        fputs(text, to);
}

/* Two shares, and the rest. */
static void put_bar(const struct drawing *drawing, double first, double second)
{
    const bool utf8 = drawing->look->utf8;
    const size_t width = drawing->bar;
    size_t one = (size_t)(first * (double)width + 0.5);
    size_t two = (size_t)((first + second) * (double)width + 0.5);

    one = one < width ? one : width;
    two = two < width ? two : width;
    put_many(drawing->to, utf8 ? "█" : "#", one);
    put_many(drawing->to, utf8 ? "▒" : "z", two > one ? two - one : 0);
    putc(LOOK_DIM, drawing->to);
    put_many(drawing->to, utf8 ? "·" : ".", width - (two > one ? two : one));
    putc(LOOK_PLAIN, drawing->to);
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

/* The largest shares, the largest first, as far as there is room; how many columns. */
static size_t put_states(const struct drawing *drawing, const struct stage_view *view)
{
    bool told[STATES] = { false };
    size_t column = 0;

    for (size_t n = 0; n < STATES && view->known; n++) {
        size_t most = STATES;
        char text[32];

        for (size_t i = 0; i < STATES; i++)
            if (!told[i] && (most == STATES || view->share[i] > view->share[most]))
                most = i;
        told[most] = true;
        if (view->share[most] < SHARE_LEAST)
            break;
        snprintf(text, sizeof text, "%s%s %d%%", n > 0 ? ", " : "", state_words[most], (int)(view->share[most] * 100 + 0.5));
        if (column + strlen(text) > drawing->states)
            break;
        column += strlen(text);
        fputs(text, drawing->to);
    }
    return column;
}

/* Items in and out, as far as they are known; `column`: so many of the states' columns are written. */
static void put_flow(const struct drawing *drawing, const struct live_stage *stage, const struct stage_view *view, size_t column)
{
    char received[FIGURE_MOST], sent[FIGURE_MOST];
    const bool has_in = stage->nins > 0 && view->received != PRT_LIVE_NONE;
    const bool has_out = stage->nouts > 0 && view->sent != PRT_LIVE_NONE;
    const int wide = drawing->more ? 11 : 5;

    if (!(drawing->more || drawing->brief) || (!has_in && !has_out))
        return;
    (drawing->more ? figure_count : figure_short)(received, view->received);
    (drawing->more ? figure_count : figure_short)(sent, view->sent);
    put_blanks(drawing->to, drawing->states - column);
    if (has_in)
        fprintf(drawing->to, " %*s in", wide, received);
    else
        put_blanks(drawing->to, (size_t)wide + 4);
    if (has_out)
        fprintf(drawing->to, " %*s out", wide, sent);
}

static void put_stage(const struct drawing *drawing, size_t s)
{
    const struct live_stage *stage = &drawing->graph->stages[s];
    const struct stage_view *view = &drawing->view->stages[s];
    char name[512];

    if (stage->workers == 1)
        snprintf(name, sizeof name, "%s", stage->name);
    else
        snprintf(name, sizeof name, "%s x%" PRIu64, stage->name, stage->workers);
    putc(LOOK_BOLD, drawing->to);
    column_put(drawing->to, name, drawing->name);
    putc(LOOK_PLAIN, drawing->to);
    if (drawing->stage_drawn[s]) {
        fputs(drawing->look->utf8 ? " ↑\n" : " ^\n", drawing->to);
        return;
    }
    drawing->stage_drawn[s] = true;
    putc(' ', drawing->to);
    if (view->known)
        put_bar(drawing, view->share[STATE_BUSY], view->share[STATE_KERNEL]);
    else
        put_blanks(drawing->to, drawing->bar);
    putc(' ', drawing->to);
    put_flow(drawing, stage, view, put_states(drawing, view));
    putc('\n', drawing->to);
    for (size_t i = s + 1; i < drawing->graph->nstages && (drawing->graph->stages[i].kind & PRT_LIVE_INLINE); i++) {
        fputs("  + ", drawing->to);
        column_put(drawing->to, drawing->graph->stages[i].name, drawing->name - 4);
        fputs(" runs within it\n", drawing->to);
        drawing->stage_drawn[i] = true;
    }
}

/* ---- channels ---------------------------------------------------------------------------------------------------- */

static void put_channel(const struct drawing *drawing, size_t c)
{
    const struct live_channel *channel = &drawing->graph->channels[c];
    const struct channel_view *view = &drawing->view->channels[c];
    char queued[FIGURE_MOST], most[FIGURE_MOST], rate[FIGURE_MOST], bytes[FIGURE_MOST], fill[2 * FIGURE_MOST + 8];

    drawing->channel_drawn[c] = true;
    fputs(drawing->look->utf8 ? "  │ " : "  | ", drawing->to);
    column_put(drawing->to, channel->name, drawing->name - 4);
    putc(' ', drawing->to);
    if (view->full >= 0)
        put_bar(drawing, view->full, 0);
    else
        put_blanks(drawing->to, drawing->bar);
    figure_count(queued, view->queued);
    figure_count(most, channel->capacity);
    figure_rate(rate, view->per_second);
    figure_bytes(bytes, view->bytes);
    if (channel->capacity == PRT_LIVE_NONE)
        snprintf(fill, sizeof fill, "%s, grows", queued);
    else if (channel->capacity == 0)
        snprintf(fill, sizeof fill, "meets");
    else
        snprintf(fill, sizeof fill, "%s of %s", queued, most);
    fprintf(drawing->to, " %-14s %10s", fill, rate);
    if (view->bytes > 0)
        fprintf(drawing->to, " %9s", bytes);
    if (drawing->more && view->bytes_per_second >= 0) {
        figure_bytes(bytes, (uint64_t)view->bytes_per_second);
        fprintf(drawing->to, "%*s %12s/s", view->bytes > 0 ? 0 : 10, "", bytes);
    }
    putc('\n', drawing->to);
}

/* ---- the graph --------------------------------------------------------------------------------------------------- */

static void put_stages(const struct drawing *drawing, const uint32_t *stages, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_stage(drawing, stages[i]);
}

#define NOWHERE ((size_t)-1)

/* The channel that the picture goes on with behind `channel`: the first out of its only receiver that does not stand there yet. */
static size_t next_channel(const struct drawing *drawing, size_t channel)
{
    const struct live_channel *from = &drawing->graph->channels[channel];
    const struct live_stage *stage;

    if (from->nto != 1)
        return NOWHERE;
    stage = &drawing->graph->stages[from->to[0]];
    for (size_t i = 0; i < stage->nouts; i++)
        if (!drawing->channel_drawn[stage->outs[i]] && drawing->graph->channels[stage->outs[i]].nfrom == 1)
            return stage->outs[i];
    return NOWHERE;
}

static void put_chain(const struct drawing *drawing, size_t channel)
{
    put_stages(drawing, drawing->graph->channels[channel].from, drawing->graph->channels[channel].nfrom);
    for (; channel != NOWHERE; channel = next_channel(drawing, channel)) {
        put_channel(drawing, channel);
        put_stages(drawing, drawing->graph->channels[channel].to, drawing->graph->channels[channel].nto);
    }
}

static void put_from(const struct drawing *drawing, size_t s)
{
    const struct live_stage *stage = &drawing->graph->stages[s];

    for (size_t i = 0; i < stage->nouts; i++)
        if (!drawing->channel_drawn[stage->outs[i]])
            put_chain(drawing, stage->outs[i]);
    if (stage->nouts == 0 && stage->nins == 0 && !drawing->stage_drawn[s])
        put_stage(drawing, s);
}

static void put_graph(const struct drawing *drawing)
{
    const struct live_graph *graph = drawing->graph;

    for (size_t s = 0; s < graph->nstages; s++)
        if (graph->stages[s].nins == 0 && !(graph->stages[s].kind & PRT_LIVE_INLINE))
            put_from(drawing, s);
    for (size_t s = 0; s < graph->nstages; s++)
        if (graph->stages[s].nins > 0)
            put_from(drawing, s);
    for (size_t c = 0; c < graph->nchannels; c++) /* nobody sends there, as far as one can believe it */
        if (!drawing->channel_drawn[c])
            put_channel(drawing, c);
}

/* ---- sorted ------------------------------------------------------------------------------------------------------ */

struct ranked {
    double by;
    size_t index;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *one = a, *other = b;

    if (one->by != other->by)
        return one->by < other->by ? 1 : -1;
    return (one->index > other->index) - (one->index < other->index);
}

static void put_sorted(const struct drawing *drawing)
{
    const struct live_graph *graph = drawing->graph;
    const enum live_order order = drawing->look->order;
    const size_t most = graph->nstages > graph->nchannels ? graph->nstages : graph->nchannels;
    struct ranked *ranks = calloc(most + 1, sizeof *ranks);

    if (!ranks)
        return;
    for (size_t i = 0; i < graph->nstages; i++)
        ranks[i] = (struct ranked){ order == ORDER_BUSY ? drawing->view->stages[i].share[STATE_BUSY] +
                                                              drawing->view->stages[i].share[STATE_KERNEL] : 0, i };
    qsort(ranks, graph->nstages, sizeof *ranks, by_rank);
    for (size_t i = 0; i < graph->nstages; i++)
        if (!drawing->stage_drawn[ranks[i].index] && !(graph->stages[ranks[i].index].kind & PRT_LIVE_INLINE))
            put_stage(drawing, ranks[i].index);
    putc('\n', drawing->to);
    for (size_t i = 0; i < graph->nchannels; i++) {
        const struct channel_view *view = &drawing->view->channels[i];

        ranks[i] = (struct ranked){ order == ORDER_FULL ? view->full : order == ORDER_RATE ? view->per_second : 0, i };
    }
    qsort(ranks, graph->nchannels, sizeof *ranks, by_rank);
    for (size_t i = 0; i < graph->nchannels; i++)
        put_channel(drawing, ranks[i].index);
    free(ranks);
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

/* In several lines, broken at blanks. */
static void put_wrapped(const struct drawing *drawing, const char *text)
{
    const size_t width = drawing->look->width;
    char word[PRT_LIVE_VERDICT_BYTES];
    size_t column = 0;

    while (*text) {
        const size_t len = strcspn(text, " ");
        size_t wide;

        memcpy(word, text, len);
        word[len] = '\0';
        wide = column_width(word);
        if (column > 0 && column + 1 + wide > width) {
            putc('\n', drawing->to);
            column = 0;
        }
        if (column > 0)
            putc(' ', drawing->to);
        column += (column > 0) + column_cut(drawing->to, word, width);
        text += len;
        text += strspn(text, " ");
    }
    putc('\n', drawing->to);
}

static void put_head(const struct drawing *drawing)
{
    const struct live_view *view = drawing->view;
    char age[FIGURE_MOST], rate[FIGURE_MOST], done[FIGURE_MOST], troubles[FIGURE_MOST];
    const uint64_t used = view->processors < 1e6 ? (uint64_t)(view->processors * 100 + 0.5) : 0;

    figure_age(age, view->age);
    figure_rate(rate, view->per_second);
    figure_count(done, view->done);
    figure_count(troubles, view->troubles);
    fprintf(drawing->to, "%c%s%c, process %ld, %s for %s", LOOK_BOLD, drawing->graph->name, LOOK_PLAIN, (long)drawing->program->pid,
            view->state, age);
    if (drawing->graph->doc)
        fprintf(drawing->to, ": %s", drawing->graph->doc);
    fprintf(drawing->to, "\n%s; %s done", rate, done);
    if (view->troubles > 0)
        fprintf(drawing->to, ", %s failed", troubles);
    fprintf(drawing->to, "; %" PRIu64 ".%02" PRIu64 " of %" PRIu64 " processor%s used\n", used / 100, used % 100,
            drawing->graph->processors, drawing->graph->processors == 1 ? "" : "s");
    put_wrapped(drawing, view->verdict);
    putc('\n', drawing->to);
}

static void fit_stages(struct drawing *drawing, size_t width)
{
    const size_t least = drawing->name + COUNTS_SHORT + 2;

    drawing->more = width >= drawing->name + FIGURES + MORE + MORE_FROM + 2;
    drawing->brief = !drawing->more && width >= least + STATES_LEAST + BAR_LEAST;
    drawing->states = FIGURES;
    if (drawing->brief && width < least + STATES_FROM + FIGURES)
        drawing->states = width > least + STATES_FROM + STATES_LEAST ? width - least - STATES_FROM : STATES_LEAST;
}

static size_t room_for_bar(const struct drawing *drawing, size_t width)
{
    const size_t behind = drawing->brief ? drawing->states + COUNTS_SHORT : FIGURES + (drawing->more ? MORE : 0);
    const size_t rest = drawing->name + behind + 2;

    return width > rest + BAR_LEAST ? width - rest : BAR_LEAST;
}

static size_t name_width(const struct live_graph *graph, size_t width)
{
    const size_t most = width / 3 < NAME_MOST ? width / 3 : NAME_MOST;
    size_t widest = NAME_LEAST;

    for (size_t i = 0; i < graph->nstages; i++)
        widest = column_width(graph->stages[i].name) + 5 > widest ? column_width(graph->stages[i].name) + 5 : widest;
    for (size_t i = 0; i < graph->nchannels; i++)
        widest = column_width(graph->channels[i].name) + 4 > widest ? column_width(graph->channels[i].name) + 4 : widest;
    return widest < most ? widest : most > NAME_LEAST ? most : NAME_LEAST;
}

/* What is wider than it may be is cut, whatever it is. */
static char *cut_lines(char *text, size_t width)
{
    char *cut = NULL;
    size_t size;
    FILE *to = open_memstream(&cut, &size);

    for (char *line = text, *end; to && *line; line = end + 1) {
        end = line + strcspn(line, "\n");
        *end = '\0';
        column_cut(to, line, width);
        fprintf(to, "%c\n", LOOK_PLAIN);
    }
    if (to)
        fclose(to);
    free(text);
    return cut;
}

char *live_draw(const struct live_program *program, const struct live_view *view, const struct live_look *look)
{
    const struct live_graph *graph = program->graph;
    struct drawing drawing = { .program = program, .graph = graph, .view = view, .look = look };
    char *text = NULL;
    size_t size;

    drawing.to = open_memstream(&text, &size);
    drawing.channel_drawn = calloc(graph->nchannels + 1, 1);
    drawing.stage_drawn = calloc(graph->nstages + 1, 1);
    if (drawing.to && drawing.channel_drawn && drawing.stage_drawn) {
        drawing.name = name_width(graph, look->width);
        fit_stages(&drawing, look->width);
        drawing.bar = room_for_bar(&drawing, look->width);
        drawing.bar = drawing.bar < BAR_MOST ? drawing.bar : BAR_MOST;
        put_head(&drawing);
        if (look->order == ORDER_GRAPH)
            put_graph(&drawing);
        else
            put_sorted(&drawing);
    }
    free(drawing.channel_drawn);
    free(drawing.stage_drawn);
    if (!drawing.to || fclose(drawing.to) != 0) {
        free(text);
        return NULL;
    }
    return cut_lines(text, look->width);
}
