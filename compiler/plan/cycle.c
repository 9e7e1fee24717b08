/* Which stages end together, and what stays within a cycle.
 */
#include "facts/cycles.h"
#include "facts/room.h"
#include "plan/make.h"
#include "text/memory.h"

static void make_stage_cycles(struct make *make, const struct stage *stage)
{
    const struct graph *graph = make->facts->graph;
    struct planned_stage *planned = &make->plan->stages[stage->decl.index];

    for (const struct output *output = stage->outputs; output; output = output->next)
        planned->outputs[output->place].in_cycle =
            graph->component[channel_node(graph, output->channel)] == graph->component[stage_node(stage)]
            && !room_is_waited_for(output->channel);
}

void make_cycles(struct make *make)
{
    const struct graph *graph = make->facts->graph;
    int *numbers = memory_take(make->memory, (graph->nstages + 1) * sizeof *numbers);

    cycles_number(graph, numbers);
    for (size_t s = 0; s < graph->nstages; s++) {
        make->plan->stages[s].cycle = numbers[s];
        make_stage_cycles(make, graph->stages[s]);
    }
}
