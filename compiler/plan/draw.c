/* Each line begins with the senders of a channel that is not drawn yet and follows the items for as long as there is
 * one stage to follow to, one channel to follow out of it, and room on the line.
 */
#include "plan/draw.h"

#include <stdlib.h>
#include <string.h>

#include "plan/put.h"
#include "text/memory.h"

#define WIDTH 100 /* columns after which a chain goes on in the next line */

struct drawing {
    const struct plan *plan;
    const struct graph *graph;
    FILE *to;
    bool *drawn; /* of each channel */
    int column;
};

static bool has_one_worker(const struct planned_stage *stage)
{
    return !stage->workers_auto && stage->workers.kind != AMOUNT_PARAM && stage->workers.n == 1;
}

static void draw_stage(struct drawing *drawing, size_t s)
{
    const struct planned_stage *stage = &drawing->plan->stages[s];

    drawing->column += fprintf(drawing->to, "%s", stage->name);
    if (has_one_worker(stage))
        return;
    drawing->column += fprintf(drawing->to, stage->workers.kind == AMOUNT_NUMBER ? " x" : " x ");
    drawing->column += put_workers(drawing->to, stage);
}

static void draw_stages(struct drawing *drawing, const struct digraph *ends, size_t node)
{
    for (size_t e = ends->first[node]; e < ends->first[node + 1]; e++) {
        if (e > ends->first[node])
            drawing->column += fprintf(drawing->to, ", ");
        draw_stage(drawing, ends->to[e]);
    }
}

static void draw_channel(struct drawing *drawing, size_t node)
{
    const struct planned_channel *channel = &drawing->plan->channels[node - drawing->graph->nstages];
    const bool called = channel->kind == KIND_CALL;

    drawing->column += fprintf(drawing->to, " --%s%s", channel->name, called ? "(" : "[");
    if (!called)
        drawing->column += put_cap(drawing->to, channel);
    drawing->column += fprintf(drawing->to, "%s--> %s", called ? ")" : "]", channel->ncopies > 1 ? "each of " : "");
    drawing->drawn[node - drawing->graph->nstages] = true;
}

#define NOWHERE ((size_t)-1)

/* The channel that the line goes on with behind `channel`: the first out of its only receiver that is not drawn yet and
 * has no other sender. */
static size_t next_channel(const struct drawing *drawing, size_t channel)
{
    const struct graph *graph = drawing->graph;
    const size_t stage = graph->forward->to[graph->forward->first[channel]];

    if (digraph_degree(graph->forward, channel) != 1 || drawing->column > WIDTH)
        return NOWHERE;
    for (size_t e = graph->forward->first[stage]; e < graph->forward->first[stage + 1]; e++) {
        const size_t node = graph->forward->to[e];

        if (!drawing->drawn[node - graph->nstages] && digraph_degree(graph->backward, node) == 1)
            return node;
    }
    return NOWHERE;
}

static void draw_chain(struct drawing *drawing, size_t channel)
{
    const struct graph *graph = drawing->graph;

    drawing->column = 0;
    draw_stages(drawing, graph->backward, channel);
    for (; channel != NOWHERE; channel = next_channel(drawing, channel)) {
        draw_channel(drawing, channel);
        draw_stages(drawing, graph->forward, channel);
    }
    putc('\n', drawing->to);
}

static void draw_from(struct drawing *drawing, size_t s)
{
    const struct graph *graph = drawing->graph;

    for (size_t e = graph->forward->first[s]; e < graph->forward->first[s + 1]; e++)
        if (!drawing->drawn[graph->forward->to[e] - graph->nstages])
            draw_chain(drawing, graph->forward->to[e]);
    if (digraph_degree(graph->forward, s) == 0 && digraph_degree(graph->backward, s) == 0) {
        draw_stage(drawing, s);
        putc('\n', drawing->to);
    }
}

static void draw_all(struct drawing *drawing)
{
    const struct graph *graph = drawing->graph;

    for (size_t s = 0; s < graph->nstages; s++)
        if (drawing->plan->stages[s].ninputs == 0)
            draw_from(drawing, s);
    for (size_t s = 0; s < graph->nstages; s++)
        if (drawing->plan->stages[s].ninputs > 0)
            draw_from(drawing, s);
}

const char *plan_draw(const struct plan *plan, const struct graph *graph)
{
    struct drawing drawing = { .plan = plan, .graph = graph };
    const char *picture = "";
    char *text = NULL;
    size_t len = 0;

    drawing.drawn = memory_take(plan->memory, graph->nchannels + 1);
    drawing.to = open_memstream(&text, &len);
    if (!drawing.to)
        return picture; /* without memory for a comment the emitter will say so */
    draw_all(&drawing);
    if (fclose(drawing.to) == 0)
        picture = memory_copy(plan->memory, text, len);
    free(text);
    return picture;
}
