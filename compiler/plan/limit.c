/* Rates and bounds, and which of them each stage takes.
 */
#include <stdlib.h>

#include "parts/instance.h"
#include "plan/make.h"
#include "text/memory.h"
#include "tree/term.h"

static struct planned_limit *add(struct make *make, enum limit_kind kind, const char *name, bool shared)
{
    struct planned_limit *limit = &make->plan->limits[make->plan->nlimits++];

    *limit = (struct planned_limit){ .kind = kind, .name = name, .shared = shared,
                                     .symbol = name_symbol(make->memory, name) };
    return limit;
}

static struct planned_limit *add_rate(struct make *make, const char *name, bool shared, const struct value *rate,
                                      const struct value *burst)
{
    struct planned_limit *limit = add(make, LIMIT_RATE, name, shared);

    if (rate->param)
        limit->param = rate->param->decl.name.text;
    else
        limit->rate = make_fraction(rate);
    limit->burst = make_amount(make, burst);
    return limit;
}

static struct planned_limit *add_bound(struct make *make, const char *name, bool shared, const struct value *permits)
{
    struct planned_limit *limit = add(make, LIMIT_BOUND, name, shared);

    limit->permits = make_amount(make, permits);
    return limit;
}

static void make_shared(struct make *make)
{
    AST_EACH(make->facts->ast, DECL_RATE, const struct rate_decl, rate)
        if (rate->decl.facts->used)
            make->rates[rate->decl.index] = add_rate(make, rate->decl.name.text, true, &rate->rate, &rate->burst);
    AST_EACH(make->facts->ast, DECL_BOUND, const struct bound_decl, bound)
        if (bound->decl.facts->used)
            make->bounds[bound->decl.index] = add_bound(make, bound->decl.name.text, true, &bound->permits);
}

static int compare(const void *a, const void *b)
{
    const struct planned_limit *x = (*(const struct planned_bound *const *)a)->limit;
    const struct planned_limit *y = (*(const struct planned_bound *const *)b)->limit;

    return x < y ? -1 : x > y;
}

struct planned_term make_term(const struct make *make, const struct stage *stage, const struct term *term)
{
    const struct instance *scope = term_scope(stage, term);

    return (struct planned_term){ .body = term->code.body, .item = term_item(stage, term),
                                  .scope = scope ? &make->plan->instances[scope->decl.index] : NULL };
}

static void make_bounds(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    size_t n = 0;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        n++;
    planned->bounds = memory_take(make->memory, (n + 1) * sizeof *planned->bounds);
    planned->taken = memory_take(make->memory, (n + 1) * sizeof *planned->taken);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        struct planned_bound *to = &planned->bounds[planned->nbounds];

        if (bound->per.code.present)
            continue;
        to->limit = bound->decl ? make->bounds[bound->decl->decl.index]
                                : add_bound(make, planned->name, false, &bound->permits);
        to->weight = make_term(make, stage, &bound->weight);
        planned->taken[planned->nbounds++] = to;
    }
    qsort(planned->taken, planned->nbounds, sizeof *planned->taken, compare);
}

static void make_stage_limits(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    if (stage->rate.present && !stage->rate.per.code.present)
        planned->rate = stage->rate.decl ? make->rates[stage->rate.decl->decl.index]
                                         : add_rate(make, planned->name, false, &stage->rate.rate, &stage->rate.burst);
    if (planned->rate)
        planned->cost = make_term(make, stage, &stage->rate.cost);
    make_keyed(make, planned, stage);
    if (stage->bounds)
        make_bounds(make, planned, stage);
}

/* At most: shared ones that nothing uses are among them. */
static size_t count_limits(const struct facts *facts)
{
    size_t n = facts->ast->counts[DECL_RATE] + facts->ast->counts[DECL_BOUND];

    for (size_t s = 0; s < facts->graph->nstages; s++) {
        const struct stage *stage = facts->graph->stages[s];

        n += stage->rate.present && !stage->rate.decl;
        for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
            n += !bound->decl;
    }
    return n;
}

void make_limits(struct make *make)
{
    const struct ast *ast = make->facts->ast;
    const struct graph *graph = make->facts->graph;

    make->rates = memory_take(make->memory, (ast->counts[DECL_RATE] + 1) * sizeof *make->rates);
    make->bounds = memory_take(make->memory, (ast->counts[DECL_BOUND] + 1) * sizeof *make->bounds);
    make->plan->limits = memory_take(make->memory, (count_limits(make->facts) + 1) * sizeof *make->plan->limits);
    make_shared(make);
    for (size_t s = 0; s < graph->nstages; s++)
        make_stage_limits(make, &make->plan->stages[s], graph->stages[s]);
}
