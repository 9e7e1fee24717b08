/* Weights and costs below 0, and above all that is counted. */
#include <prt/units.h>

#include <inttypes.h>
#include <stdio.h>

#include "pool/run_state.h"

/* Each word has a line of its own for each side. */
static void tell(struct prt_worker *worker, const char *what, const char *units, uint64_t counts)
{
    struct prt_stage *stage = worker->stage;
    prt_atomic_u64 *told = &stage->odd_units[what[0] == 'c'][counts > 0];

    if (prt_swap(told, 1) == 0)
        prt_run_tell_(stage->run, "%s: a %s of %s counts as %" PRIu64 ", as will each that is %s", stage->spec.name, what, units,
                      counts, counts > 0 ? "above" : "below");
}

uint64_t prt_units_below_(struct prt_worker *worker, const char *what, int64_t units)
{
    char shown[32];

    snprintf(shown, sizeof shown, "%" PRId64, units);
    tell(worker, what, shown, 0);
    return 0;
}

uint64_t prt_units_above_(struct prt_worker *worker, const char *what, uint64_t units)
{
    char shown[32];

    snprintf(shown, sizeof shown, "%" PRIu64, units);
    tell(worker, what, shown, INT64_MAX);
    return INT64_MAX;
}

uint64_t prt_units_of_double_(struct prt_worker *worker, const char *what, double units)
{
    const uint64_t counts = units >= 0x1p63 ? INT64_MAX : 0;
    char shown[32] = "nan";

    if (units > -1 && units < 0x1p63)
        return units > 0 ? (uint64_t)units : 0;
    if (units == units)
        snprintf(shown, sizeof shown, "%g", units);
    tell(worker, what, shown, counts);
    return counts;
}
