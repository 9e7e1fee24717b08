/* What runs within a stage, and all that it sends with that.
 */
#include "facts/inline.h"
#include "plan/make.h"
#include "text/memory.h"

static struct planned_stage *planned_of(const struct make *make, const struct stage *stage)
{
    return &make->plan->stages[stage->decl.index];
}

static void make_sent(struct make *make, struct planned_stage *host, const struct stage *stage)
{
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        host->nsent++;
    host->sent = memory_take(make->memory, (host->nsent + 1) * sizeof *host->sent);
    host->nsent = 0;
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);) {
        const struct planned_stage *by = planned_of(make, walk.stage);

        host->sent[host->nsent++] = (struct planned_sent){ by, &by->outputs[walk.output->place], walk.count.most };
    }
}

static void make_inline(struct make *make, struct planned_stage *host, const struct stage *inner)
{
    struct planned_stage *planned = planned_of(make, inner);

    host->inlines[host->ninlines++] = planned;
    planned->host = host;
    planned->place = host->ninlines;
    planned->depth = stage_facts(inner)->depth;
}

static void make_host(struct make *make, struct planned_stage *host, const struct stage *stage)
{
    const struct stage *const first = stage_facts(stage)->next_inline;
    size_t n = 0;

    for (const struct stage *inner = first; inner; inner = stage_facts(inner)->next_inline)
        n++;
    host->inlines = memory_take(make->memory, (n + 1) * sizeof *host->inlines);
    for (const struct stage *inner = first; inner; inner = stage_facts(inner)->next_inline)
        make_inline(make, host, inner);
    make_sent(make, host, stage);
}

void make_inlines(struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t s = 0; s < graph->nstages; s++)
        if (!stage_facts(graph->stages[s])->host)
            make_host(make, &make->plan->stages[s], graph->stages[s]);
}
