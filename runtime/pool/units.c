/* Weights and costs below 0. */
#include <inttypes.h>

#include "pool/run_state.h"

uint64_t prt_units_below_(struct prt_worker *worker, const char *what, int64_t units)
{
    struct prt_stage *stage = worker->stage;

    if (prt_swap(&stage->below, 1) == 0)
        prt_run_tell_(stage->run, "%s: a %s of %" PRId64 " counts as 0, as will each that is below", stage->spec.name, what,
                      units);
    return 0;
}
