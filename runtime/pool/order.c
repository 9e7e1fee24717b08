/* A walk from each stage to all that it sends to. */
#include "pool/order.h"

#include <stdlib.h>

#include "pool/look.h"
#include "pool/run_state.h"

struct visit {
    struct prt_stage *stage;
    size_t out;    /* the output that is looked at */
    uint32_t to;   /* and which of its receivers */
};

/* The next receiver of the stage on top that was not seen yet; NULL when there is none left. */
static struct prt_stage *visit_next(struct visit *top, const bool *seen)
{
    for (; top->out < top->stage->spec.nouts; top->out++, top->to = 0) {
        const struct prt_chan *chan = top->stage->outs[top->out].chan;

        while (top->to < chan->nto) {
            struct prt_stage *stage = chan->to[top->to++];

            if (!seen[stage->index])
                return stage;
        }
    }
    return NULL;
}

/* A depth-first walk with its own stack: a stage follows everything that it sends to. */
static uint32_t walk(struct prt_run *run, struct prt_stage *from, struct visit *stack, bool *seen, uint32_t n)
{
    size_t depth = 0;

    if (seen[from->index])
        return n;
    seen[from->index] = true;
    stack[depth++] = (struct visit){ from, 0, 0 };
    while (depth > 0) {
        struct prt_stage *stage = visit_next(&stack[depth - 1], seen);

        if (stage) {
            seen[stage->index] = true;
            stack[depth++] = (struct visit){ stage, 0, 0 };
        } else {
            run->order[n++] = stack[--depth].stage;
        }
    }
    return n;
}

bool prt_order_(struct prt_run *run)
{
    struct visit *stack = calloc(run->nstages + 1, sizeof *stack);
    bool *seen = calloc(run->nstages + 1, sizeof *seen);
    uint32_t n = 0;

    run->order = prt_memory_new_(&run->memory, run->nstages * sizeof *run->order, PRT_LINE);
    if (stack && seen && run->order)
        for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
            n = walk(run, stage, stack, seen, n);
    free(stack);
    free(seen);
    for (uint32_t i = 0; i < n; i++)
        run->order[i]->place = i;
    return n == run->nstages && run->order && prt_pool_hints_make_(run);
}
