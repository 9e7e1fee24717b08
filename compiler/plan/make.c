/* The parts of the plan, in the order in which they need each other.
 */
#include "plan/make.h"

#include "parts/instance.h"
#include "plan/draw.h"
#include "text/memory.h"

static const struct body *section_of(const struct ast *ast, enum decl_kind kind)
{
    const struct section_decl *section = (const struct section_decl *)ast->of_kind[kind];

    while (section && section->of_test)
        section = (const struct section_decl *)section->decl.alike;
    return section ? section->code.body : NULL;
}

/* Whatever refers to a channel or a stage may do so before that is decided. */
static void take_places(struct make *make)
{
    const struct graph *graph = make->facts->graph;
    struct plan *plan = make->plan;

    plan->nchannels = graph->nchannels;
    plan->nstages = graph->nstages;
    plan->channels = memory_take(make->memory, (graph->nchannels + 1) * sizeof *plan->channels);
    plan->stages = memory_take(make->memory, (graph->nstages + 1) * sizeof *plan->stages);
    for (size_t s = 0; s < graph->nstages; s++) {
        plan->stages[s].name = graph->stages[s]->decl.name.text;
        plan->stages[s].symbol = name_symbol(make->memory, plan->stages[s].name);
    }
}

struct plan *plan_make(const struct facts *facts)
{
    struct plan *plan = memory_take(facts->memory, sizeof *plan);
    struct make make = { .facts = facts, .plan = plan, .memory = facts->memory };
    const struct ast *ast = facts->ast;

    plan->source = ast->source;
    plan->sources = ast->sources;
    plan->memory = facts->memory;
    plan->name = ast->pipeline.text;
    plan->name_span = ast->pipeline.span;
    plan->doc = ast->doc;
    plan->drain = make_amount(&make, &ast->drain);
    plan->state = section_of(ast, DECL_STATE);
    plan->init = section_of(ast, DECL_INIT);
    plan->final = section_of(ast, DECL_FINAL);
    take_places(&make);
    make_params(&make);
    make_instances(&make);
    make_items(&make);
    make_limits(&make);
    make_stages(&make);
    make_inlines(&make);
    make_cycles(&make);
    make_channels(&make);
    make_records(&make);
    make_test(&make);
    make_pieces(&make);
    plan->drawing = plan_draw(plan, facts->graph);
    return plan;
}

bool plan_grows(const struct planned_channel *channel)
{
    return (channel->ncopies > 0 ? channel->copies[0].kind : channel->kind) == KIND_GROWING;
}

bool plan_has_init(const struct plan *plan)
{
    bool has = plan->init || (plan->test && plan->test->init);

    for (size_t i = 0; i < plan->ninstances; i++)
        has |= plan->instances[i].init != NULL;
    return has;
}

bool plan_has_final(const struct plan *plan)
{
    bool has = plan->final || (plan->test && plan->test->final);

    for (size_t i = 0; i < plan->ninstances; i++)
        has |= plan->instances[i].final != NULL;
    return has;
}
