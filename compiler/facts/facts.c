/* The steps, each of which needs those above it. */
#include "facts/facts.h"

#include "facts/calls.h"
#include "facts/ends.h"
#include "facts/files.h"
#include "facts/inline.h"
#include "facts/named.h"
#include "facts/use.h"
#include "text/memory.h"

static const bool *find_finishes(const struct graph *graph)
{
    bool *finishes = memory_take(graph->memory, graph->nstages + 1);

    ends_find(graph, finishes);
    return finishes;
}

const struct facts *facts_new(struct ast *ast)
{
    struct facts *facts = memory_take(ast->memory, sizeof *facts);

    facts->ast = ast;
    facts->memory = ast->memory;
    facts->graph = graph_new(ast);
    inline_link(facts->graph);
    calls_find(ast);
    facts->finishes = find_finishes(facts->graph);
    inline_count(facts->graph);
    named_find_used(ast);
    facts->files = files_find_used(ast);
    use_limit_params(ast);
    facts->flows = flows_new(facts->graph);
    return facts;
}
