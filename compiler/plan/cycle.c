/* Which stages end together.
 */
#include "facts/cycles.h"
#include "plan/make.h"
#include "text/memory.h"

void make_cycles(struct make *make)
{
    const struct graph *graph = make->facts->graph;
    int *numbers = memory_take(make->memory, (graph->nstages + 1) * sizeof *numbers);

    cycles_number(graph, numbers);
    for (size_t s = 0; s < graph->nstages; s++)
        make->plan->stages[s].cycle = numbers[s];
}
